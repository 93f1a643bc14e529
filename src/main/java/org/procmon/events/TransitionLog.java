package org.procmon.events;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.RunHealth;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.log.LogOutput;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.StateText;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs the changes of the processes' states. Loop thread only. */
public final class TransitionLog implements Feature {
    private static final Logger LOG = LoggerFactory.getLogger("process");

    private final Predicate<String> isKeeper;

    /** The monitor's own programs that it stops in order to start them again. */
    private final Set<String> replaced = new HashSet<>();

    /**
     * @param isKeeper whether a name is that of a keeper of fifos, which the monitor replaces
     */
    public TransitionLog(Predicate<String> isKeeper) {
        this.isKeeper = isKeeper;
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition(ProcessStatus before, ProcessView after)) {
            changed(before, after);
        } else if (change instanceof Change.EssentialExited exited) {
            essentialExited(exited.process());
        } else if (change instanceof Change.ShutdownStarted) {
            LogOutput.endRepeats();
        }
    }

    private void changed(ProcessStatus before, ProcessView after) {
        Level level = isReplacement(before, after) ? Level.DEBUG : level(before, after);
        if (level == Level.INFO && isKeeper.test(after.name())) {
            // Nobody has heard of it, and all is well.
            level = Level.DEBUG;
        }
        if (LOG.isEnabledForLevel(level)) {
            log(LOG.atLevel(level).addKeyValue("process", after.name()), before, after);
        }
    }

    private static void essentialExited(ProcessView view) {
        LOG.atWarn()
                .addKeyValue("process", view.name())
                .addKeyValue("state", view.process().state().phase().wireName())
                .addKeyValue("cause", StateText.cause(view))
                .log("{process} is essential and down, shutting down");
    }

    private static void log(LoggingEventBuilder line, ProcessStatus before, ProcessView after) {
        ProcessStatus process = after.process();
        RunHealth.Health health = process.vitals().health();
        if (isInDoubt(process) && !isInDoubt(before)) {
            line.addKeyValue("reason", health.complaint())
                    .addKeyValue("failures", health.failures())
                    .log(
                            health.isDoubtful()
                                    ? "{process} cannot be probed"
                                    : "{process} unhealthy");
        } else if (hasNewSurvivors(before, process)) {
            line.addKeyValue("left", process.vitals().survivors().orElse(""))
                    .log("{process} left processes outside of its group, killing them");
        } else if (isToRestart(before, process)) {
            Optional<StartError> error = process.tally().lastError();
            LoggingEventBuilder cause =
                    error.isPresent()
                            ? line.addKeyValue("reason", error.get().reason())
                            : withExit(line, process);
            cause.addKeyValue("restart_ms", delay(process.state()).toMillis())
                    .log(error.isPresent() ? "{process} waits to restart" : "{process} exited");
        } else {
            withRun(line, process)
                    .addKeyValue("cause", StateText.cause(after))
                    .log("{process} " + process.state().phase().wireName());
        }
    }

    /** Whether a run is over by itself or has failed, and another is to follow. */
    private static boolean isToRestart(ProcessStatus before, ProcessStatus after) {
        boolean isEnded =
                before.state().phase().isAlive()
                        && !(before.state() instanceof Stopping stopping
                                && stopping.why() != StopReason.ENDED
                                && !stopping.why().isFailure());
        return after.state() instanceof Backoff || (after.state() instanceof Waiting && isEnded);
    }

    private static Duration delay(ProcessState state) {
        return state instanceof Backoff backoff
                ? backoff.until().since(backoff.since())
                : Duration.ZERO;
    }

    /** How the latest run exited, unless an attempt to start failed after it. */
    private static Optional<RunExit> exit(ProcessStatus process) {
        return process.tally().lastError().isEmpty()
                ? process.tally().lastExit()
                : Optional.empty();
    }

    /** With the run that is alive, or how the last one of a process that is done exited. */
    private static LoggingEventBuilder withRun(LoggingEventBuilder line, ProcessStatus process) {
        Optional<Run> run = process.state().run();
        if (run.isPresent()) {
            return line.addKeyValue("pid", run.get().pid()).addKeyValue("run", run.get().number());
        }
        return process.state() instanceof Failed || process.state() instanceof Completed
                ? withExit(line, process)
                : line;
    }

    private static LoggingEventBuilder withExit(LoggingEventBuilder line, ProcessStatus process) {
        Optional<RunExit> exit = exit(process);
        if (exit.isEmpty()) {
            return line;
        }
        LoggingEventBuilder withStatus =
                switch (exit.get().status()) {
                    case ExitStatus.Exited exited -> line.addKeyValue("code", exited.code());
                    case ExitStatus.Signaled signaled ->
                            line.addKeyValue(
                                    "signal",
                                    Signal.ofNumber(signaled.signal())
                                            .map(s -> "SIG" + s.word())
                                            .orElse(Integer.toString(signaled.signal())));
                    case ExitStatus.Unknown _ -> line.addKeyValue("code", "unknown");
                };
        return withStatus.addKeyValue("ran_ms", exit.get().ran().toMillis());
    }

    /** How the previous run ended is no news then: the monitor itself has killed it. */
    private boolean isReplacement(ProcessStatus before, ProcessView after) {
        if (!after.name().equals(Snapshot.BACKUP) && !isKeeper.test(after.name())) {
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

    /**
     * By severity: a process that failed for good is an error, a run that failed a warning, other
     * automatic changes are information, and expected ones are shown only in verbose mode.
     */
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
        if (phase == Phase.FAILED) {
            return Level.ERROR;
        }
        if (isEnded) {
            return Level.WARN;
        }
        if (isToRestart(before, after.process())) {
            return hasSucceeded(after) ? Level.INFO : Level.WARN;
        }
        boolean again = phase == Phase.RUNNING && after.process().tally().runs() > 1;
        boolean atInfo = again || after.spec().verbose();
        return atInfo ? Level.INFO : Level.DEBUG;
    }

    private static boolean hasSucceeded(ProcessView view) {
        return exit(view.process())
                .filter(exit -> exit.status().isSuccess(view.spec().successExit()))
                .isPresent();
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
