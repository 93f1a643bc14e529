package org.procmon.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.procmon.bytes.BytePath;
import org.procmon.config.PoolSpec;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.listen.Sealing;
import org.procmon.posix.FileNames;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.socket.WorkerActivity;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;

/**
 * Stops workers without losing a request. A program that finishes its request after a signal gets
 * that signal. Any other is suspended while it is idle, looked at once more, and killed only if it
 * has no connection; otherwise it continues, and is tried again later.
 *
 * <p>The last worker of an old listener is suspended in any case: it is stopped only when no client
 * waits there, and none can come any more. Thread of the pools.
 */
final class Retirements {
    /** How long a client that has found the old listener usually takes to be in its queue. */
    private static final Duration CONNECTING = Duration.ofMillis(500);

    /** How long that may take, where late clients cannot be kept out. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private static final String PHP = "php";

    private static final String PHP_CGI = "-cgi";
    private static final char SUSPENDED = 'T';

    private final Supervisor supervisor;
    private final StartingWorkers.Connections connections;
    private final Predicate<ProcessView> mustDrain;
    private final Predicate<ProcessView> isShared;
    private final LongFunction<Sealing> seal;
    private final Executor thread;
    private final Map<String, Retirement> open = new HashMap<>();

    /**
     * @param mustDrain whether clients wait in the listener of a worker, which only the workers of
     *     its generation accept from
     * @param isShared whether another process still has the listener of a worker, also one that is
     *     about to exit
     * @param seal lets no further client into an old listener, by its inode
     * @param thread runs what follows a reply on the thread of the pools
     */
    Retirements(
            Supervisor supervisor,
            StartingWorkers.Connections connections,
            Predicate<ProcessView> mustDrain,
            Predicate<ProcessView> isShared,
            LongFunction<Sealing> seal,
            Executor thread) {
        this.supervisor = supervisor;
        this.isShared = isShared;
        this.seal = seal;
        this.mustDrain = mustDrain;
        this.connections = connections;
        this.thread = thread;
    }

    /** Stops a worker by its stop plan, or at once if it has never waited for a client. */
    void stop(ProcessView worker) {
        boolean mayServe =
                switch (worker.process().state()) {
                    case ProcessState.Running _ -> true;
                    case ProcessState.Starting starting ->
                            !WorkerActivity.of(starting.alive().pid(), connections.of(worker))
                                    .accepted()
                                    .isEmpty();
                    case ProcessState.Waiting _,
                            ProcessState.Backoff _,
                            ProcessState.Completed _,
                            ProcessState.Failed _,
                            ProcessState.Stopping _,
                            ProcessState.Stopped _ ->
                            false;
                };
        var _ = end(worker.name(), !mayServe);
    }

    /**
     * Stops a worker that may be serving a client.
     *
     * @param isOfOldGeneration whether its listener gets no further clients
     */
    void retire(PoolSpec pool, ProcessView worker, boolean isOfOldGeneration) {
        Optional<Run> run = toRetire(worker);
        if (run.isEmpty()) {
            stop(worker);
            return;
        }
        boolean isReady = worker.process().state() instanceof ProcessState.Running;
        boolean freezes = isByFreezing(pool, run.get().pid());
        if (isReady && !freezes && !isOfOldGeneration) {
            var _ = end(worker.name(), false);
            return;
        }
        Ticks now = supervisor.now();
        Retirement.Terms terms =
                new Retirement.Terms(
                        freezes,
                        isReady,
                        isOfOldGeneration ? WorkerListener.of(worker) : OptionalLong.empty(),
                        now.plus(SETTLING),
                        now.plus(pool.retire().patience()));
        Retirement one = Retirement.of(worker, run.get(), terms, now);
        boolean drains = isOfOldGeneration && (isReady || mustDrain.test(worker));
        put(drains ? one.to(Retirement.Stage.DRAINING, now.plus(CONNECTING)) : one);
    }

    /** A run that may have clients. One that starts may accept them before it is seen ready. */
    private static Optional<Run> toRetire(ProcessView worker) {
        return switch (worker.process().state()) {
            case ProcessState.Running running -> Optional.of(running.alive());
            case ProcessState.Starting starting -> Optional.of(starting.alive());
            case ProcessState.Waiting _,
                    ProcessState.Backoff _,
                    ProcessState.Completed _,
                    ProcessState.Failed _,
                    ProcessState.Stopping _,
                    ProcessState.Stopped _ ->
                    Optional.empty();
        };
    }

    private void draining(Retirement one, Ticks now) {
        if (mustDrain.test(one.worker()) && !one.isOverdue(now)) {
            put(one.drainingLater(now));
        } else if (one.terms().freezes() || !one.terms().isReady() || isLast(one)) {
            put(one.to(Retirement.Stage.SERVING, now));
        } else {
            var _ = end(one.worker().name(), false);
        }
    }

    /** Whether no other worker is left that accepts from its old listener. */
    private boolean isLast(Retirement one) {
        return one.terms().old().isPresent()
                && open.values().stream()
                        .filter(one::sharesListener)
                        .allMatch(other -> other.worker().name().equals(one.worker().name()));
    }

    private static boolean isByFreezing(PoolSpec pool, int pid) {
        return switch (pool.retire().method()) {
            case SIGNAL -> false;
            case FREEZE -> true;
            case AUTO -> !isPhp(pid);
        };
    }

    /**
     * Whether it is php-cgi, which finishes its request when it gets TERM. libfcgi does so too, but
     * loses a connection that has come and sent nothing yet.
     */
    private static boolean isPhp(int pid) {
        String program =
                FileNames.target("/proc/" + pid + "/exe")
                        .map(BytePath::of)
                        .flatMap(path -> Optional.ofNullable(path.getFileName()))
                        .map(Path::toString)
                        .orElse("");
        return program.startsWith(PHP) && program.contains(PHP_CGI);
    }

    private CompletableFuture<Reply> end(String name, boolean atOnce) {
        open.remove(name);
        return supervisor.submit(new Command.RetireWorker(name, atOnce));
    }

    /** Nothing is left to do for a worker that has exited. */
    void changed(ProcessView view) {
        Retirement known = open.get(view.name());
        boolean isOver =
                known != null
                        && view.process()
                                .state()
                                .run()
                                .filter(run -> run.number() == known.run().number())
                                .isEmpty();
        if (isOver) {
            // The next run is not wanted either.
            var _ = end(view.name(), true);
        }
    }

    /** When {@link #timePassed} is due. */
    Optional<Ticks> deadline() {
        return open.values().stream().map(Retirement::next).min(Ticks::compareTo);
    }

    void timePassed(Ticks now) {
        for (Retirement one : List.copyOf(open.values())) {
            if (now.hasReached(one.next())) {
                switch (one.stage()) {
                    case DRAINING -> draining(one, now);
                    case SERVING -> serving(one, now);
                    // The loop has not answered; it will.
                    case ASKED -> put(one.askedLater(now));
                    case SUSPENDING -> suspending(one, now);
                }
            }
        }
    }

    private void put(Retirement one) {
        open.put(one.worker().name(), one);
    }

    private void serving(Retirement one, Ticks now) {
        if (isLast(one) && !one.isOverdue(now) && isShared.test(one.worker())) {
            // Others may still accept what is to keep clients out.
            put(one.later(now));
            return;
        }
        switch (activity(one).verdict()) {
            case GONE -> {
                var _ = end(one.worker().name(), true);
            }
            case IDLE -> suspend(one, now);
            case KEPT, BUSY, HIDDEN -> {
                if (one.isOverdue(now)) {
                    var _ = end(one.worker().name(), false);
                } else if (one.terms().awaitsIdle()) {
                    put(one.later(now));
                } else {
                    suspend(one, now);
                }
            }
        }
    }

    private WorkerActivity activity(Retirement one) {
        return WorkerActivity.of(one.run().pid(), connections.of(one.worker()));
    }

    private void suspend(Retirement one, Ticks now) {
        put(one.asked(now));
        var _ =
                signal(one, Signal.STOP)
                        .thenAcceptAsync(
                                reply -> {
                                    Retirement present = open.get(one.worker().name());
                                    if (present == null || !present.run().equals(one.run())) {
                                        var _ = signal(one, Signal.CONT);
                                    } else if (reply instanceof Reply.Done) {
                                        Ticks asked = supervisor.now();
                                        put(present.to(Retirement.Stage.SUSPENDING, asked));
                                    } else {
                                        var _ = end(one.worker().name(), true);
                                    }
                                },
                                thread);
    }

    private CompletableFuture<Reply> signal(Retirement one, Signal signal) {
        return supervisor.submit(
                new Command.SignalWorker(one.worker().name(), one.run().number(), signal));
    }

    private void suspending(Retirement one, Ticks now) {
        if (!isSuspended(one.run().pid())) {
            if (now.hasReached(one.suspendedBy())) {
                // It may still accept a client, so it must not be killed.
                proceed(one, now);
            } else {
                put(one.suspendingLater(now));
            }
            return;
        }
        WorkerActivity seen = activity(one);
        boolean isUnused = !one.terms().isReady() && seen.accepted().isEmpty();
        boolean mayEnd =
                switch (seen.verdict()) {
                    case IDLE, GONE -> true;
                    // With a signal, it finishes its requests and accepts no more.
                    case KEPT, BUSY, HIDDEN -> isUnused || !one.terms().freezes();
                };
        if (mayEnd && !mustDrain.test(one.worker()) && noneIsLost(one, now)) {
            endSuspended(one, isUnused || one.terms().freezes());
        } else {
            proceed(one, now);
        }
    }

    /** Whether a client that comes to its old listener later is served. */
    private boolean noneIsLost(Retirement one, Ticks now) {
        return !isLast(one)
                || switch (seal.apply(one.terms().old().orElseThrow())) {
                    case SEALED -> true;
                    case HAS_CLIENTS -> false;
                    case IMPOSSIBLE -> now.hasReached(one.terms().settled());
                };
    }

    private void endSuspended(Retirement one, boolean atOnce) {
        CompletableFuture<Reply> ended = end(one.worker().name(), atOnce);
        if (!atOnce) {
            // It gets its signal before it runs again: else it might accept a client first.
            var _ =
                    ended.whenCompleteAsync(
                            (_, _) -> {
                                var _ = signal(one, Signal.CONT);
                            },
                            thread);
        }
    }

    private void proceed(Retirement one, Ticks now) {
        var _ = signal(one, Signal.CONT);
        put(one.later(now));
    }

    private static boolean isSuspended(int pid) {
        return ProcessStat.of(pid).filter(stat -> stat.state() != SUSPENDED).isEmpty();
    }
}
