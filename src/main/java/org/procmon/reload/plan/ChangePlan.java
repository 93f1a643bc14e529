package org.procmon.reload.plan;

import java.util.List;

/**
 * What a reload does to the processes.
 *
 * @param changes in the order of the new configuration, then processes that are not in it; without
 *     the unchanged ones
 * @param unchanged the number of processes that stay the same
 */
public record ChangePlan(List<Change> changes, int unchanged) {
    public ChangePlan {
        changes = List.copyOf(changes);
    }

    /** What the reload does to a process. */
    public enum Action {
        /** The changes apply now, and a run continues. */
        LIVE,
        RESTART,
        START,
        /** Stopped and removed. */
        STOP
    }

    /**
     * The change of one process.
     *
     * @param keys the changed keys of the configuration; for a restart, only those that require it
     * @param besides the other changed keys, for a restart
     */
    public record Change(String name, Action action, List<String> keys, List<String> besides) {
        public Change {
            keys = List.copyOf(keys);
            besides = List.copyOf(besides);
        }

        /** Without further keys. */
        public Change(String name, Action action, List<String> keys) {
            this(name, action, keys, List.of());
        }
    }
}
