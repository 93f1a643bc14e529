package org.procmon.control.server;

import java.util.Optional;
import org.procmon.control.protocol.ProcessRow.Signs;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.Vitals;
import org.procmon.lifecycle.Vitals.Health;
import org.procmon.lifecycle.Vitals.Mood;
import org.procmon.supervise.ProcessView;

/** What is told of processes that are looked after. */
final class SignRows {
    private SignRows() {}

    static Signs of(ProcessView view) {
        Vitals vitals = view.process().vitals();
        boolean isUp = view.process().state() instanceof Running;
        Optional<Boolean> ready =
                view.spec().checks().ready().map(_ -> isUp && vitals.mood() == Mood.AT_WORK);
        Optional<String> health = view.spec().checks().health().map(_ -> word(vitals.health()));
        String complaint = vitals.health().complaint();
        return new Signs(
                ready,
                health,
                complaint.isEmpty() ? Optional.empty() : Optional.of(complaint),
                vitals.status(),
                vitals.mainPid(),
                vitals.ignored());
    }

    private static String word(Health health) {
        if (!health.known()) {
            return "unknown";
        }
        return health.isGood() ? "healthy" : "unhealthy";
    }
}
