package org.procmon.pool.plan;

import java.time.Duration;
import java.util.Optional;

/** Something about a pool that users see as an event. */
public sealed interface PoolReport {
    /**
     * A listener cannot be opened; it is tried again and again. Once for each reason.
     *
     * @param reason in words, naming the address
     */
    record NotListening(String reason) implements PoolReport {}

    /**
     * All listeners that could not be opened are open.
     *
     * @param addresses where the pool listens
     */
    record Listening(String addresses) implements PoolReport {}

    /**
     * Somebody has removed a socket file; there will be a new one.
     *
     * @param path its path
     */
    record SocketRemoved(String path) implements PoolReport {}

    /**
     * Another program has put its own file in the place of a socket file, which stays there. Once;
     * when it is gone, there will be a new socket file.
     *
     * @param what in words, naming the path
     */
    record SocketTaken(String what) implements PoolReport {}

    /**
     * Clients wait, and the pool has as many workers as it may have. Once until none waits.
     *
     * @param waiting how many wait
     */
    record MaxReached(int waiting) implements PoolReport {}

    /**
     * Clients wait, and the share of the pool has as many workers as it may have. Once until none
     * waits.
     *
     * @param waiting how many wait
     */
    record ShareFull(int waiting) implements PoolReport {}

    /**
     * Clients are refused by a limit of the queue. Once until none waits.
     *
     * @param waiting how many wait
     * @param reason which limit
     */
    record QueueOverflow(int waiting, RefuseReason reason) implements PoolReport {}

    /** Clients are refused, since all workers have failed. Once until a worker is ready. */
    record AllFailed() implements PoolReport {}

    /**
     * A worker is stopped, and others take its place.
     *
     * @param number the worker's
     * @param reason age, memory or an older configuration
     */
    record Recycled(int number, RetireReason reason) implements PoolReport {}

    /**
     * A replacement did not become ready, so the old worker stays, unless each worker has its own
     * socket. For an older configuration, no other worker is replaced until the pool is configured
     * or started again, or an operator asks for it.
     *
     * @param number the number of the replacement
     * @param replaced the number of the worker that stays; the same where each worker has its own
     *     socket, since the old run ended before the new one began
     * @param reason why that was to be replaced
     * @param cause what the replacement did
     */
    record ReplacementFailed(int number, int replaced, RetireReason reason, Cause cause)
            implements PoolReport {}

    /**
     * A worker has been busy with one connection for {@code request.slow}. Once for each request.
     *
     * @param number the worker's
     */
    record SlowRequest(int number, BusyWorker worker) implements PoolReport {}

    /**
     * A worker is killed, since it has been busy with one connection for {@code request.timeout}.
     * Another takes its place.
     *
     * @param number the worker's
     */
    record RequestTimedOut(int number, BusyWorker worker) implements PoolReport {}

    /**
     * What a worker does that is busy for long.
     *
     * @param pid its process
     * @param held for how long at least it has had the connection
     * @param call the system call that it is in; empty if in none
     * @param channel the function of the kernel that it is blocked in; empty if in none or hidden
     * @param processor how much processor time it has used in the last {@code processorOver}; empty
     *     if not known
     */
    record BusyWorker(
            int pid,
            Duration held,
            Optional<String> call,
            Optional<String> channel,
            Optional<Duration> processor,
            Duration processorOver) {}

    /** Why a replacement is not ready. */
    enum Cause {
        /** It ended, or could not be started. */
        EXITED,
        /** It did not wait for clients in time. */
        TOO_SLOW,
        /** An operator stopped it. */
        STOPPED,
        /** It is ready, but clients cannot be led to its listener. */
        NOT_PROMOTED
    }
}
