package org.procmon.supervise;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.procmon.config.OrphanPolicy;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Notification;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StopReason;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Launcher;

/**
 * The start of a monitor: adopts what an earlier monitor has left, then starts what is to run. Used
 * once, in the order of the methods. Loop thread only.
 */
final class StartSequence {
    /** The least time that an adopted run has to show that it is ready. */
    private static final Duration ADOPTED_READY_TIME = Duration.ofSeconds(2);

    /** Carries out the steps of the sequence. */
    interface Steps {
        /** Queues an event for a process. */
        void post(SupervisedProcess supervisedProcess, Event event);

        /** Handles an event at once. */
        void apply(SupervisedProcess supervisedProcess, Event event);

        /** What is left of a run whose first process has exited. */
        Event count(SupervisedProcess supervisedProcess, Run run);

        /** A process is known as it is now: its deadlines count, and others may wait for it. */
        void known(SupervisedProcess supervisedProcess);
    }

    private final InitialState initialState;

    /**
     * Processes that are neither configured nor alive, and that no operator has stopped or deleted.
     */
    private final List<JournalEntry> abandoned;

    private final ProcessRegistry processRegistry;
    private final Launcher launcher;
    private final JournalWriter journalWriter;
    private final Steps steps;

    StartSequence(
            InitialState initialState,
            List<JournalEntry> abandoned,
            ProcessRegistry processRegistry,
            Launcher launcher,
            JournalWriter journalWriter,
            Steps steps) {
        this.initialState = initialState;
        this.abandoned = abandoned;
        this.processRegistry = processRegistry;
        this.launcher = launcher;
        this.journalWriter = journalWriter;
        this.steps = steps;
    }

    /** Adopts the runs of an earlier monitor; true if that monitor was shutting down. */
    boolean adopt() {
        // Cancels their removal first: any other event could complete it.
        Stream.concat(processRegistry.all().stream(), processRegistry.companions().stream())
                .filter(SupervisedProcess::isWantedAgain)
                .forEach(supervisedProcess ->
                        post(supervisedProcess, new Event.Stop(StopReason.RECONFIGURED)));
        // Runs with a known pid first, so that the search for a run without one does not find them.
        initialState.past().stream().filter(k -> k.intended().isEmpty()).forEach(this::resume);
        initialState.past().stream().filter(k -> k.intended().isPresent()).forEach(this::resume);
        return initialState.shuttingDown();
    }

    private void resume(JournalEntry journalEntry) {
        processRegistry
                .find(journalEntry.name())
                .ifPresent(supervisedProcess -> resume(supervisedProcess, journalEntry.intended()));
    }

    /** Finds out what has happened to a process since the journal was written. */
    private void resume(SupervisedProcess supervisedProcess, OptionalLong intended) {
        if (intended.isPresent()) {
            switch (launcher.find(supervisedProcess.spec, intended.getAsLong())) {
                case Launcher.Found.There there -> {
                    Launcher.Launched.Started s = there.started();
                    steps.apply(supervisedProcess, new Event.Spawned(s.pid(), s.born()));
                }
                case Launcher.Found.Ended _ ->
                        steps.apply(supervisedProcess, new Event.ExitedUnobserved());
                case Launcher.Found.NeverStarted _ -> {}
            }
        }
        ProcessState state = supervisedProcess.process.state();
        if (state instanceof Stopping stopping && stopping.exit().isPresent()) {
            post(supervisedProcess, steps.count(supervisedProcess, stopping.alive()));
        } else if (state.run().isPresent()) {
            Run run = state.run().get();
            if (!launcher.adopt(supervisedProcess.spec, run)) {
                ExitStatus status = new ExitStatus.Unknown();
                post(
                        supervisedProcess,
                        new Event.LeaderExited(run.number(), status, ResourceUsage.NONE));
            }
        }
        if (supervisedProcess.process.state() instanceof Starting starting
                && supervisedProcess.spec.checks().ready().isPresent()) {
            // Its readiness could not be observed without a monitor, so it gets more time.
            Notification time = new Notification.MoreTime(ADOPTED_READY_TIME);
            post(supervisedProcess, new Event.Notified(starting.alive().number(), time));
        }
        steps.known(supervisedProcess);
    }

    /** Starts the monitor's own programs of a kind. */
    void startCompanions(SupervisedProcess.Kind kind) {
        for (SupervisedProcess supervisedProcess : processRegistry.companions()) {
            if (supervisedProcess.kind == kind) {
                startAgain(supervisedProcess);
            }
        }
    }

    /** Starts all processes except those that are skipped or that an operator has stopped. */
    void startProcesses() {
        for (SupervisedProcess supervisedProcess : processRegistry.all()) {
            switch (supervisedProcess.kind) {
                case CONFIGURED -> {
                    if (Restorer.startsAgain(supervisedProcess.spec, supervisedProcess.process)) {
                        startAgain(supervisedProcess);
                    }
                    if (initialState.reloading()) {
                        completeReload(supervisedProcess);
                    }
                }
                case ORPHAN -> {
                    if (initialState.orphans() == OrphanPolicy.STOP) {
                        post(supervisedProcess, new Event.Delete(StopReason.REMOVED));
                    }
                }
                // Its pool decides.
                case WORKER -> {}
                case COMPANION, LAST_COMPANION -> {}
            }
        }
    }

    /**
     * The monitor before died after it had accepted a configuration, and before all processes
     * followed it.
     */
    private void completeReload(SupervisedProcess supervisedProcess) {
        if (Restorer.startsAtFirst(supervisedProcess.spec)
                && supervisedProcess.process.goal() == Goal.UP
                && !supervisedProcess.keysToRestartFor(supervisedProcess.spec).isEmpty()) {
            post(supervisedProcess, new Event.Restart(StopReason.RECONFIGURED));
        }
    }

    /** Starts it unless its goal is up already: a completed or waiting process keeps its state. */
    private void startAgain(SupervisedProcess supervisedProcess) {
        if (supervisedProcess.process.goal() != Goal.UP) {
            post(supervisedProcess, new Event.Start());
        }
    }

    /** Completes the journal: it lists every process, and nothing else. */
    void settleJournal() {
        for (JournalEntry journalEntry : abandoned) {
            launcher.forget(Restorer.spec(journalEntry), journalEntry.process().tally().runs());
            journalWriter.drop(journalEntry.name());
        }
        // From now on a process without a record has lost it.
        processRegistry.all().forEach(journalWriter::later);
        if (initialState.reloading()) {
            journalWriter.reloaded();
        }
    }

    private void post(SupervisedProcess supervisedProcess, Event event) {
        steps.post(supervisedProcess, event);
    }
}
