package org.procmon.pool.plan;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.SocketSharing;
import org.procmon.lifecycle.RestartDelay;
import org.procmon.lifecycle.Ticks;

/** How many workers a pool needs, may have and may start now. */
final class WorkerNeed {
    /** The least time between a failure and the next start by the pool. */
    static final Duration LEAST_DELAY = Duration.ofMillis(100);

    private WorkerNeed() {}

    /** The least workers of a pool that serves no client. */
    static int least(PoolSpec spec) {
        return switch (mode(spec)) {
            case STATIC -> max(spec);
            case DYNAMIC ->
                    Math.min(max(spec), Math.max(spec.workers().min(), spec.workers().spareMin()));
            case ON_DEMAND -> spec.workers().min();
        };
    }

    /** Where each worker has its own socket, there is one for each. */
    static PoolMode mode(PoolSpec spec) {
        return spec.sharing() == SocketSharing.PER_WORKER ? PoolMode.STATIC : spec.mode();
    }

    static int max(PoolSpec spec) {
        return spec.workers().max();
    }

    /** How many idle workers it wants beside busy ones. */
    static int spare(PoolSpec spec) {
        return mode(spec) == PoolMode.DYNAMIC ? spec.workers().spareMin() : 0;
    }

    /** Workers that run, or will run without the pool. */
    static int live(PoolState state) {
        return (int) state.workers().stream().filter(w -> w.phase().isLive()).count();
    }

    /**
     * Workers that count against {@code max}. Those that ended are about to be started again, and
     * those that somebody else stops may be restarted.
     */
    static int places(PoolState state) {
        long stopping =
                state.workers().stream()
                        .filter(w -> w.is(WorkerPhase.RETIRING) && !w.isRetiredByPool())
                        .count();
        return lasting(state) + (int) stopping;
    }

    /** Workers that nobody stops. */
    static int lasting(PoolState state) {
        return live(state) + state.count(WorkerPhase.FAILED) + state.count(WorkerPhase.ENDED);
    }

    /** Processes that there may be, with those that are being stopped. */
    private static int processes(PoolState state) {
        return live(state) + state.count(WorkerPhase.ENDED) + state.count(WorkerPhase.RETIRING);
    }

    /** Whether one that ended can run again beside those that are being stopped. */
    static boolean mayRunAnother(PoolSpec spec, PoolState state) {
        return live(state) + state.count(WorkerPhase.RETIRING) < mostProcesses(spec, state);
    }

    /** One more than workers, for the time of a replacement; twice as many for a generation. */
    private static int mostProcesses(PoolSpec spec, PoolState state) {
        return state.generation().isDouble() ? 2 * max(spec) : max(spec) + 1;
    }

    /** How many more workers a generation may have. */
    static int roomForGeneration(PoolSpec spec, PoolState state) {
        int numbers = (int) freeNumbers(spec, state).count();
        return Math.min(2 * max(spec) - processes(state), numbers);
    }

    /** Whether one more may run for the time of a replacement. */
    static boolean hasRoomForReplacement(PoolSpec spec, PoolState state) {
        return processes(state) <= max(spec)
                && places(state) <= max(spec)
                && freeNumber(spec, state).isPresent();
    }

    /**
     * Workers of a static pool that an operator holds, and that nothing takes the place of: their
     * number is configured, and the operator wants one less.
     */
    static int vacant(PoolSpec spec, PoolState state) {
        boolean isPerWorker = spec.sharing() == SocketSharing.PER_WORKER;
        return mode(spec) != PoolMode.STATIC
                ? 0
                : (int)
                        state.workers().stream()
                                .filter(w -> w.is(WorkerPhase.HELD))
                                .filter(w -> !isPerWorker || w.number() <= max(spec))
                                .count();
    }

    /** The most workers, without those that an operator holds; no fewer than there are. */
    static int most(PoolSpec spec, PoolState state) {
        return Math.max(max(spec) - vacant(spec, state), Math.min(max(spec), places(state)));
    }

    /** The least workers, without those that an operator holds. */
    static int least(PoolSpec spec, PoolState state) {
        return Math.min(least(spec), most(spec, state));
    }

    /** How many more workers there may be. One more for the time of a replacement. */
    static int room(PoolSpec spec, PoolState state) {
        if (state.generation().isPending()) {
            return 0;
        }
        int extra = state.replacement().isPresent() ? 1 : 0;
        int places = Math.min(most(spec, state), state.shareLimit()) + extra - places(state);
        int processes = mostProcesses(spec, state) - processes(state);
        int numbers = (int) freeNumbers(spec, state).count();
        return Math.max(0, Math.min(places, Math.min(processes, numbers)));
    }

    static Optional<Integer> freeNumber(PoolSpec spec, PoolState state) {
        return freeNumbers(spec, state).boxed().findFirst();
    }

    /**
     * Workers that an operator holds keep their numbers; so others may need higher ones, unless the
     * number is the address.
     */
    private static IntStream freeNumbers(PoolSpec spec, PoolState state) {
        int highest = spec.sharing() == SocketSharing.PER_WORKER ? max(spec) : 2 * max(spec) + 1;
        return IntStream.rangeClosed(1, highest).filter(n -> state.worker(n).isEmpty());
    }

    /** How many numbers are free when those that are being stopped are gone. */
    static int lastingNumbers(PoolSpec spec, PoolState state) {
        int taken = live(state) + state.count(WorkerPhase.HELD);
        return 2 * max(spec) + 1 - taken;
    }

    /**
     * How many workers are needed for what is known: as many as were busy lately, the spare ones,
     * one for each client that waits. While too little is known, all that there are.
     */
    static int needed(PoolSpec spec, PoolState state, Ticks now) {
        int used =
                state.history()
                        .filter(h -> h.isComplete(now, spec.idleTimeout()))
                        .map(h -> h.peak() + spare(spec))
                        .orElseGet(() -> live(state) + endedReady(state));
        int wanted = Math.max(least(spec, state), used + state.queue().waiting());
        return Math.min(most(spec, state), wanted);
    }

    private static int endedReady(PoolState state) {
        return (int)
                state.workers().stream()
                        .filter(w -> w.is(WorkerPhase.ENDED) && w.wasReady())
                        .count();
    }

    /** When the pool starts a worker by itself although the last ones failed. */
    static Ticks retryAt(PoolSpec spec, PoolState state) {
        return state.lastFailure().plus(delay(spec, state.failures(), 0));
    }

    static boolean mayStart(PoolSpec spec, PoolState state, Ticks now) {
        return state.failures() == 0 || now.hasReached(retryAt(spec, state));
    }

    /** When a worker that ended is started again: at once if it worked, else after a delay. */
    static Ticks restartAt(PoolSpec spec, PoolWorker ended) {
        return ended.wasReady()
                ? ended.started().plus(LEAST_DELAY)
                : ended.since().plus(delay(spec, ended.failures(), ended.number()));
    }

    private static Duration delay(PoolSpec spec, int failures, long seed) {
        Duration delay =
                RestartDelay.of(spec.template().backoff(), failures, seed * 1_000_003 + failures);
        return delay.compareTo(LEAST_DELAY) > 0 ? delay : LEAST_DELAY;
    }
}
