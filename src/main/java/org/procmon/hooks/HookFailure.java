package org.procmon.hooks;

import java.time.Duration;
import java.util.Optional;
import org.procmon.config.Hook;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.StartError;
import org.procmon.supervise.port.HelperCommand.Outcome;

/** Why a hook failed. */
final class HookFailure {
    private static final ExitStatus GOOD = new ExitStatus.Exited(0);

    private HookFailure() {}

    /**
     * In words; empty if it succeeded.
     *
     * @param limit its timeout
     */
    static Optional<StartError> of(Outcome outcome, Duration limit) {
        return switch (outcome) {
            case Outcome.Ended(ExitStatus status) ->
                    status.equals(GOOD) ? Optional.empty() : Optional.of(error(status.inWords()));
            case Outcome.TimedOut _ -> Optional.of(error(Hook.overdue(limit)));
            case Outcome.NotStarted(StartError error) -> Optional.of(error);
        };
    }

    private static StartError error(String reason) {
        return new StartError(0, reason);
    }
}
