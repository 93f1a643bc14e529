package org.procmon.status.fields;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pool with all fields, as {@code Pools} and {@code Status} report it. What each value means is
 * in {@link PoolFields}.
 *
 * @param workers those that are processes, by their numbers
 */
public record PoolRow(
        String name,
        Condition condition,
        Setup setup,
        Listening listening,
        Queue queue,
        Load load,
        Counters counters,
        Optional<Roll> lastRoll,
        List<PoolWorkerRow> workers) {
    public PoolRow {
        workers = List.copyOf(workers);
    }

    /**
     * The state that it is in.
     *
     * @param state {@code serving}, {@code stopped} or {@code failed}
     * @param since since when this monitor runs it, by the wall clock
     * @param ageMs how long that is, by the monotonic clock
     */
    public record Condition(String state, String cause, String since, long ageMs) {}

    /**
     * What is configured.
     *
     * @param mode {@code static}, {@code dynamic} or {@code ondemand}
     * @param exec the command line of its workers
     */
    public record Setup(String mode, int minWorkers, int maxWorkers, String exec) {}

    /**
     * Where it listens.
     *
     * @param trouble why not on all its addresses, in words
     */
    public record Listening(List<String> addresses, Optional<String> trouble) {
        public Listening {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The clients that wait for a worker.
     *
     * @param oldestMs how long the first of them has waited; empty if that is not known
     * @param limit how many the kernel lets wait
     * @param max beyond how many the first gets 503
     * @param timeoutMs after how long a client gets 503
     */
    public record Queue(
            int waiting,
            OptionalLong oldestMs,
            int limit,
            OptionalInt max,
            OptionalLong timeoutMs) {}

    /** The workers that run. */
    public record Load(int busy, int idle) {}

    /** What it has done since this monitor runs it. */
    public record Counters(
            long started,
            long idleStopped,
            long recycled,
            long maxReached,
            long overflows,
            long refused,
            int mostBusy,
            int longestQueue) {}

    /**
     * The last replacement of all workers.
     *
     * @param state {@code under_way}, {@code done}, {@code failed} or {@code dropped}
     * @param since since when, by the wall clock
     * @param ageMs how long that is, by the monotonic clock
     * @param reason why it failed, in words
     */
    public record Roll(String state, String since, long ageMs, Optional<String> reason) {}

    public String state() {
        return condition.state();
    }

    /** How many workers run; each is busy or idle. */
    public int total() {
        return load.busy() + load.idle();
    }

    /** Whether clients are served. */
    public boolean isServing() {
        return state().equals("serving");
    }
}
