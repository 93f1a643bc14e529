package org.procmon.control.protocol;

import java.util.List;

/**
 * What a reload does, or would do.
 *
 * @param changes the processes that change
 * @param unchanged how many others there are
 * @param atOnce keys of the monitor itself that take effect now
 * @param later keys of the monitor itself that take effect after an upgrade or a restart
 */
public record ReloadPlan(
        List<Change> changes, int unchanged, List<String> atOnce, List<String> later) {
    public ReloadPlan {
        changes = List.copyOf(changes);
        atOnce = List.copyOf(atOnce);
        later = List.copyOf(later);
    }

    /**
     * The change of one process.
     *
     * @param action {@code live}, {@code restart}, {@code start} or {@code stop}
     * @param keys its changed keys in the configuration; for a restart, only those that require it
     * @param besides the other changed keys of a process that is restarted
     */
    public record Change(String name, String action, List<String> keys, List<String> besides) {
        public Change {
            keys = List.copyOf(keys);
            besides = List.copyOf(besides);
        }
    }
}
