package org.procmon.lifecycle;

import java.util.Optional;

/** What was observed of a process. Only states with a run have a pid. */
public sealed interface ProcessState {
    /** When this state started. */
    Ticks since();

    /** When the deadline of this state is due, if it has one. */
    default Optional<Ticks> deadline() {
        return Optional.empty();
    }

    Phase phase();

    /** The run that is alive, or has a process left in its group. */
    default Optional<Run> run() {
        return Optional.empty();
    }

    /** The hook that is waited for. */
    default Optional<HookRun> hook() {
        return Optional.empty();
    }

    /** Down until a command, schedule or reload starts it. */
    record Stopped(StopReason why, Ticks since) implements ProcessState {
        @Override
        public Phase phase() {
            return Phase.STOPPED;
        }
    }

    /**
     * To be spawned as soon as its dependencies are up and its hook has succeeded.
     *
     * @param preparation the progress of its hook; empty before it starts, or without a hook
     */
    record Waiting(Ticks since, Optional<HookProgress> preparation) implements ProcessState {
        /** Its hook has not started. */
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
     * Spawned; its dependents wait until it has settled or is ready.
     *
     * @param ready when it must have settled or be ready
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
     * Being stopped, until its group is empty and its hook is done. The goal decides what follows.
     *
     * @param why the reason for the stop
     * @param sent how many steps of the stop plan were sent; 0 while its dependents stop first
     * @param patience when the next step is due; meaningful once a step was sent
     * @param exit the leader's exit, once seen
     * @param recheck when a group without its leader is checked again
     * @param hook the hook that runs after the run
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
        /** Stopping, with the run not over or to be checked again. */
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

        /** When the next step of its plan is due, if any. */
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

        /** Whether it stops this run and waits for what the leader left. */
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
     * @param until when the restart is due
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

    /** Ran to completion and succeeded. */
    record Completed(Ticks since) implements ProcessState {
        @Override
        public Phase phase() {
            return Phase.COMPLETED;
        }
    }

    /**
     * Down after a failure, with no retry soon.
     *
     * @param error why it could not be started; empty after a run that failed
     * @param retry when it is retried all the same; empty for never
     */
    record Failed(Optional<StartError> error, Optional<Ticks> retry, Ticks since)
            implements ProcessState {
        /** Without a retry. */
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
