package org.procmon.control.protocol;

import java.util.List;

/**
 * What a reload does, or would do.
 *
 * @param changes the processes that something becomes of
 * @param unchanged how many others there are
 * @param atOnce keys of the monitor itself, which count from now on
 * @param later keys of the monitor itself, which count once it is upgraded or started anew
 */
public record ReloadPlan(
        List<Change> changes, int unchanged, List<String> atOnce, List<String> later) {
    public ReloadPlan {
        changes = List.copyOf(changes);
        atOnce = List.copyOf(atOnce);
        later = List.copyOf(later);
    }

    /**
     * What becomes of one process.
     *
     * @param action {@code live}, {@code restart}, {@code start} or {@code stop}
     * @param keys the keys of the configuration that are new about it; of a restart, only those for
     *     which it is done
     * @param besides the others that are new about what is restarted
     */
    public record Change(String name, String action, List<String> keys, List<String> besides) {
        public Change {
            keys = List.copyOf(keys);
            besides = List.copyOf(besides);
        }
    }
}
