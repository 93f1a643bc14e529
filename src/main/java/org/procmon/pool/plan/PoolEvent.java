package org.procmon.pool.plan;

import java.time.Duration;
import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;

/** Something that happened to a pool, or that was seen of it. */
public sealed interface PoolEvent {
    /** The one-shot watch of the listener fired, and is no longer armed. */
    record ListenerReadable() implements PoolEvent {}

    /**
     * The answer to {@code LookAtQueue}.
     *
     * @param waiting how many clients wait
     * @param oldestWait how long the first of them has waited; empty if that is not known, and then
     *     {@code queue.timeout} refuses none
     */
    record QueueSeen(int waiting, Optional<Duration> oldestWait) implements PoolEvent {}

    /**
     * The answer to {@code LookAtBusy}.
     *
     * @param busy how many workers serve a client
     */
    record BusySeen(int busy) implements PoolEvent {}

    /**
     * A worker is in another phase, or has another run, or was found when the monitor took over.
     * Each change is reported once, in order. Before the first event that starts or stops the pool,
     * all workers that exist are reported.
     *
     * @param number the worker's
     * @param phase {@code RETIRING} for one that is being stopped by a command or a check, and may
     *     be restarted after it; one that has exited by itself keeps its phase until it is known
     *     what follows
     * @param run the number of its present or last run, or of the next one if that is about to
     *     start
     * @param started when that run started
     */
    record WorkerSeen(int number, WorkerPhase phase, long run, Ticks started)
            implements PoolEvent {}

    /** A worker was stopped by the pool or removed; its number is free. */
    record WorkerGone(int number) implements PoolEvent {}

    /** An operator stops the pool, or had stopped it before the monitor took over. */
    record OperatorStopped() implements PoolEvent {}

    /** The pool is to serve clients: at the start of the monitor, or by an operator. */
    record OperatorStarted() implements PoolEvent {}

    /**
     * The pool has another configuration. What it says of the process of a worker concerns the
     * workers that {@code WorkerOutdated} names.
     *
     * @param spec the new one, which all later steps use
     */
    record Reconfigured(PoolSpec spec) implements PoolEvent {}

    /** The present run of a worker has an older configuration or program. A new run has not. */
    record WorkerOutdated(int number) implements PoolEvent {}

    /** An operator wants all workers replaced: the present runs count as outdated. */
    record RollRequested() implements PoolEvent {}

    /** The answer to {@code OpenGeneration}: there is a second listener. */
    record GenerationOpened() implements PoolEvent {}

    /**
     * The other answer to {@code OpenGeneration}: such an address has no second listener, or it
     * cannot be opened. This roll replaces one worker at a time.
     */
    record GenerationImpossible() implements PoolEvent {}

    /** The answer to {@code PromoteGeneration}: the old listener gets no further clients. */
    record GenerationPromoted() implements PoolEvent {}

    /** The other answer to {@code PromoteGeneration}: clients still reach the old listener. */
    record GenerationNotPromoted() implements PoolEvent {}

    /**
     * A worker was measured.
     *
     * @param bytes its resident memory
     */
    record MemorySeen(int number, long bytes) implements PoolEvent {}

    /**
     * Another pool of its share wants a worker, and the share is full.
     *
     * @param busy how many workers of this pool serve a client
     */
    record ShareWanted(int busy) implements PoolEvent {}

    /** {@link PoolPlan#deadline} is reached. */
    record TimePassed() implements PoolEvent {}
}
