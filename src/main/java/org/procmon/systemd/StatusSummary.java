package org.procmon.systemd;

import java.util.ArrayList;
import java.util.List;
import org.procmon.lifecycle.Phase;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;

/** The state of all processes, in one short line for {@code systemctl status}. */
final class StatusSummary {
    /** The most failed processes that are named. */
    private static final int NAMED = 5;

    private StatusSummary() {}

    /** A process that has completed successfully counts as neither up nor down. */
    static String of(Snapshot snapshot) {
        int up = 0;
        int all = 0;
        int alive = 0;
        List<String> failed = new ArrayList<>();
        for (ProcessView view : snapshot.processes()) {
            Phase phase = view.process().state().phase();
            all += phase == Phase.COMPLETED ? 0 : 1;
            up += phase == Phase.RUNNING ? 1 : 0;
            alive += phase.isAlive() ? 1 : 0;
            if (phase == Phase.FAILED) {
                failed.add(view.name());
            }
        }
        if (snapshot.shuttingDown()) {
            return "shutting down, " + alive + " left";
        }
        String text = up + " of " + all + " up";
        return failed.isEmpty() ? text : text + "; failed: " + names(failed);
    }

    private static String names(List<String> failed) {
        String first = String.join(", ", failed.subList(0, Math.min(NAMED, failed.size())));
        int more = failed.size() - NAMED;
        return more > 0 ? first + " and " + more + " more" : first;
    }
}
