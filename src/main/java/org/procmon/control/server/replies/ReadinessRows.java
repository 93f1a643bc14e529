package org.procmon.control.server.replies;

import java.util.Optional;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.RunHealth.Condition;
import org.procmon.lifecycle.RunHealth.Health;
import org.procmon.status.ProcessView;
import org.procmon.status.fields.ProcessRow.Signs;

/** The readiness and health of processes, for rows. */
final class ReadinessRows {
    private ReadinessRows() {}

    static Signs of(ProcessView view) {
        RunHealth runHealth = view.process().vitals();
        boolean isUp = view.process().state() instanceof Running;
        Optional<Boolean> ready =
                view.spec()
                        .checks()
                        .ready()
                        .map(_ -> isUp && runHealth.condition() == Condition.NORMAL);
        Optional<String> health = view.spec().checks().health().map(_ -> word(runHealth.health()));
        String complaint = runHealth.health().complaint();
        return new Signs(
                ready,
                health,
                complaint.isEmpty() ? Optional.empty() : Optional.of(complaint),
                runHealth.status(),
                runHealth.mainPid(),
                runHealth.ignored());
    }

    private static String word(Health health) {
        if (!health.known()) {
            return "unknown";
        }
        return health.isGood() ? "healthy" : "unhealthy";
    }
}
