package org.procmon.pool.plan;

/** An action to perform for a pool. Actions of one step are performed in order. */
public sealed interface PoolAction {
    /**
     * Starts a worker with the newest configuration; makes its process if there is none. One that
     * waits for a restart is started at once. {@code WorkerSeen} follows, or {@code WorkerGone} if
     * there can be no such process.
     */
    record StartWorker(int number) implements PoolAction {}

    /**
     * Stops a worker as the pool's {@code retire} says, or at once if it never waited for clients,
     * and removes its process. {@code WorkerGone} follows.
     */
    record RetireWorker(int number, RetireReason reason) implements PoolAction {}

    /**
     * Accepts the clients that have waited longest and answers 503.
     *
     * @param count how many; fewer if no more wait
     */
    record RefuseOldest(int count, RefuseReason reason) implements PoolAction {}

    /** Tells all that have asked for a worker that one is ready. */
    record AnswerBell() implements PoolAction {}

    /** Counts the clients that wait; {@code QueueSeen} follows. */
    record LookAtQueue() implements PoolAction {}

    /** Counts the workers that serve a client; {@code BusySeen} follows. */
    record LookAtBusy() implements PoolAction {}

    /**
     * Arms the one-shot watch of the listener. It fires at once if a client waits; {@code
     * ListenerReadable} follows when it fires.
     */
    record Arm() implements PoolAction {}

    /**
     * Opens a second listener, which no client reaches yet. Runs that start after it is open get
     * it. {@code GenerationOpened} or {@code GenerationImpossible} follows, unless it is abandoned
     * before. An abandoned one that is still closing is no reason for the latter.
     */
    record OpenGeneration() implements PoolAction {}

    /**
     * From now on, clients reach the second listener only, and it is the pool's: the queue that is
     * counted, watched and refused. Clients that wait at the old one are served by the old workers
     * before these end; the caller sees to those that none is left for. {@code GenerationPromoted}
     * or {@code GenerationNotPromoted} follows; until then, the generation is not abandoned.
     */
    record PromoteGeneration() implements PoolAction {}

    /**
     * Closes the second listener, if there is one. Nothing follows, not even for an {@code
     * OpenGeneration} that is under way. Workers that have it are stopped after this.
     */
    record AbandonGeneration() implements PoolAction {}

    /** Tells users. */
    record Report(PoolReport what) implements PoolAction {}
}
