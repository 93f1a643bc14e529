package org.procmon.app;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.StopReason;
import org.procmon.pair.Companions;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Observer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs the changes of the processes' states. */
final class TransitionLog implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");

    /** The monitor's own programs that it stops in order to start them again. */
    private final Set<String> replaced = new HashSet<>();

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        Level level = isReplacement(before, after) ? Level.DEBUG : level(before, after);
        if (LOG.isEnabledForLevel(level)) {
            LOG.atLevel(level)
                    .log(
                            "{}: {}, {}",
                            after.name(),
                            after.process().state().phase().wireName(),
                            StateText.cause(after));
        }
    }

    @Override
    public void essentialIsOver(ProcessView view) {
        LOG.warn(
                "{} is essential and is {}, {}: shutting down",
                view.name(),
                view.process().state().phase().wireName(),
                StateText.cause(view));
    }

    /** How the previous run ended is no news then: the monitor itself has killed it. */
    private boolean isReplacement(ProcessStatus before, ProcessView after) {
        if (!after.name().equals(Snapshot.BACKUP) && !Companions.isKeeper(after.name())) {
            return false;
        }
        if (after.process().state() instanceof Stopping stopping) {
            if (stopping.why() == StopReason.ENDED) {
                replaced.remove(after.name());
            } else {
                replaced.add(after.name());
            }
        }
        return after.process().state().phase() == Phase.RUNNING
                && before.state().phase() != Phase.RUNNING
                && replaced.remove(after.name());
    }

    /** Unexpected changes are logged at info; expected ones only in verbose mode. */
    private static Level level(ProcessStatus before, ProcessView after) {
        Phase phase = after.process().state().phase();
        boolean passing =
                after.process().state() instanceof Stopping stopping
                        && stopping.why() == StopReason.ENDED
                        && stopping.sent() == 0;
        if (isInDoubt(after.process()) && !isInDoubt(before)) {
            return Level.WARN;
        }
        if (hasNewSurvivors(before, after.process())) {
            return Level.WARN;
        }
        if (before.state().phase() == phase || passing) {
            return Level.TRACE;
        }
        boolean isEnded =
                after.process().state() instanceof Stopping stopping && stopping.why().isFailure();
        if (phase == Phase.FAILED || isEnded) {
            return Level.WARN;
        }
        boolean again = phase == Phase.RUNNING && after.process().tally().runs() > 1;
        boolean atInfo = again || phase == Phase.BACKOFF || after.spec().verbose();
        return atInfo ? Level.INFO : Level.DEBUG;
    }

    private static boolean hasNewSurvivors(ProcessStatus before, ProcessStatus after) {
        Optional<String> survivors = after.vitals().survivors();
        return survivors.isPresent() && !survivors.equals(before.vitals().survivors());
    }

    /** Unhealthy, or the check failed to find out. */
    private static boolean isInDoubt(ProcessStatus process) {
        RunHealth.Health health = process.vitals().health();
        return process.state().phase() == Phase.RUNNING
                && (health.failures() > 0 || health.isDoubtful());
    }
}
