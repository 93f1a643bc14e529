package org.procmon.lifecycle;

import java.util.Optional;

/** What was observed of a process. A pid exists only in the states that have one. */
public sealed interface ProcessState {
    /** When this state began. */
    Ticks since();

    /** When this state wants to be looked at again, if ever. */
    default Optional<Ticks> deadline() {
        return Optional.empty();
    }

    Phase phase();

    /** The run that is alive, or whose group is. */
    default Optional<Run> run() {
        return Optional.empty();
    }

    /** The hook that is waited for. */
    default Optional<HookRun> hook() {
        return Optional.empty();
    }

    /** Down, and staying so until something asks for it. */
    record Stopped(StopReason why, Ticks since) implements ProcessState {
        @Override
        public Phase phase() {
            return Phase.STOPPED;
        }
    }

    /**
     * To be spawned as soon as what it depends on is up, and its hook has allowed it.
     *
     * @param preparation what its hook has come to; empty before it is begun, or without one
     */
    record Waiting(Ticks since, Optional<HookProgress> preparation) implements ProcessState {
        /** With nothing done yet. */
        public Waiting(Ticks since) {
            this(since, Optional.empty());
        }

        @Override
        public Optional<Ticks> deadline() {
            return preparation.isEmpty() ? Optional.empty() : preparation.get().deadline();
        }

        @Override
        public Phase phase() {
            return Phase.WAITING;
        }

        @Override
        public Optional<HookRun> hook() {
            return preparation.isPresent() && preparation.get() instanceof HookRun run
                    ? Optional.of(run)
                    : Optional.empty();
        }

        Waiting in(HookProgress next) {
            return new Waiting(since, Optional.of(next));
        }
    }

    /**
     * Spawned, but given time to settle, or to become ready, before its dependents may start.
     *
     * @param ready when that time is over
     */
    record Starting(Run alive, Ticks ready) implements ProcessState {
        @Override
        public Ticks since() {
            return alive.started();
        }

        @Override
        public Optional<Ticks> deadline() {
            return ready.unlessNever(since());
        }

        @Override
        public Phase phase() {
            return Phase.STARTING;
        }

        @Override
        public Optional<Run> run() {
            return Optional.of(alive);
        }
    }

    /** Up. */
    record Running(Run alive) implements ProcessState {
        @Override
        public Ticks since() {
            return alive.started();
        }

        @Override
        public Phase phase() {
            return Phase.RUNNING;
        }

        @Override
        public Optional<Run> run() {
            return Optional.of(alive);
        }
    }

    /**
     * Being ended: until its group is empty, and its hook has ended. What follows is the goal's
     * business.
     *
     * @param why what ends it
     * @param sent how many steps of the stop plan were sent; 0 while its dependents go first
     * @param patience when the next step is due; meaningful once a step was sent
     * @param exit the leader's end, once seen
     * @param recheck when a group without its leader is counted again
     * @param hook what is run now that the run is over, before anything follows
     */
    record Stopping(
            Run alive,
            StopReason why,
            int sent,
            Ticks patience,
            Optional<RunExit> exit,
            Ticks recheck,
            Ticks since,
            Optional<HookRun> hook)
            implements ProcessState {
        /** Whose run is not over yet, or is to be counted again. */
        public Stopping(
                Run alive,
                StopReason why,
                int sent,
                Ticks patience,
                Optional<RunExit> exit,
                Ticks recheck,
                Ticks since) {
            this(alive, why, sent, patience, exit, recheck, since, Optional.empty());
        }

        @Override
        public Optional<Ticks> deadline() {
            if (hook.isPresent()) {
                return hook.get().deadline();
            }
            if (sent == 0) {
                return Optional.empty();
            }
            return exit.isPresent() ? Optional.of(Ticks.earlier(patience, recheck)) : nextStep();
        }

        /** When the next step of its plan is due, if ever. */
        public Optional<Ticks> nextStep() {
            return sent == 0 ? Optional.empty() : patience.unlessNever(since);
        }

        @Override
        public Phase phase() {
            return Phase.STOPPING;
        }

        @Override
        public Optional<Run> run() {
            return hook.isPresent() ? Optional.empty() : Optional.of(alive);
        }

        /** Whether it is this run that is being ended, and waits for what its leader has left. */
        boolean isWithoutLeader(long run) {
            return exit.isPresent() && hook.isEmpty() && alive.number() == run;
        }

        Stopping because(StopReason reason) {
            return new Stopping(alive, reason, sent, patience, exit, recheck, since, hook);
        }

        Stopping sent(int steps, Ticks until) {
            return new Stopping(alive, why, steps, until, exit, recheck, since, hook);
        }

        Stopping leaderEnded(RunExit end) {
            return new Stopping(alive, why, sent, patience, Optional.of(end), recheck, since, hook);
        }

        Stopping recheckAt(Ticks at) {
            return new Stopping(alive, why, sent, patience, exit, at, since, hook);
        }

        Stopping withoutHook() {
            return new Stopping(alive, why, sent, patience, exit, recheck, since);
        }

        Stopping followedBy(HookRun run) {
            return new Stopping(alive, why, sent, patience, exit, recheck, since, Optional.of(run));
        }
    }

    /**
     * Down until its restart is due.
     *
     * @param attempt how many restarts in a row came before this one
     * @param until when it is due
     */
    record Backoff(int attempt, Ticks until, Ticks since) implements ProcessState {
        @Override
        public Optional<Ticks> deadline() {
            return Optional.of(until);
        }

        @Override
        public Phase phase() {
            return Phase.BACKOFF;
        }
    }

    /** Ran to completion and did well. */
    record Completed(Ticks since) implements ProcessState {
        @Override
        public Phase phase() {
            return Phase.COMPLETED;
        }
    }

    /**
     * Down after a failure that nothing will retry soon.
     *
     * @param error why it could not be started; empty when a run of it ended badly
     * @param retry when it is tried again nevertheless; empty for never
     */
    record Failed(Optional<StartError> error, Optional<Ticks> retry, Ticks since)
            implements ProcessState {
        /** For good. */
        public Failed(Optional<StartError> error, Ticks since) {
            this(error, Optional.empty(), since);
        }

        @Override
        public Optional<Ticks> deadline() {
            return retry;
        }

        @Override
        public Phase phase() {
            return Phase.FAILED;
        }
    }
}
