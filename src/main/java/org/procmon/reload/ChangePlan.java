package org.procmon.reload;

import java.util.List;

/**
 * What becomes of the processes under another configuration.
 *
 * @param changes in the order of that configuration, then those that are not in it; all that are
 *     not unchanged
 * @param unchanged how many processes nothing becomes of
 */
public record ChangePlan(List<Change> changes, int unchanged) {
    public ChangePlan {
        changes = List.copyOf(changes);
    }

    /** What is done with a process. */
    public enum Action {
        /** What is new about it counts from now on, and whatever runs goes on. */
        LIVE,
        RESTART,
        START,
        /** Stopped and forgotten. */
        STOP
    }

    /**
     * What becomes of one process.
     *
     * @param keys what is new about it: keys of the configuration; of what is restarted, only those
     *     for which it is
     * @param besides keys that are new too, of what is restarted
     */
    public record Change(String name, Action action, List<String> keys, List<String> besides) {
        public Change {
            keys = List.copyOf(keys);
            besides = List.copyOf(besides);
        }

        /** One with nothing besides. */
        public Change(String name, Action action, List<String> keys) {
            this(name, action, keys, List.of());
        }
    }
}
