package org.procmon.status;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.PoolSpec;
import org.procmon.lifecycle.Ticks;

/**
 * A pool as readers see it at one moment.
 *
 * @param spec its configuration
 * @param isStopped whether an operator has stopped it
 * @param since since when this monitor runs the pool
 * @param listening the addresses on which it listens
 * @param trouble why it does not listen on all of them, in words; empty if it does
 * @param queue the clients that wait for a worker
 * @param busy how many workers serve a client
 * @param idle how many more workers run
 * @param counters what the pool has done since then
 * @param share the cap that it has together with other pools, if there is one
 * @param lastRoll the last replacement of all its workers; empty if there was none since then
 * @param lastUnready the last worker that ended before it was ready; empty if one was ready since
 * @param workers those that are processes, by their numbers
 */
public record PoolView(
        PoolSpec spec,
        boolean isStopped,
        Ticks since,
        List<String> listening,
        Optional<String> trouble,
        Queue queue,
        int busy,
        int idle,
        Counters counters,
        Optional<Share> share,
        Optional<Roll> lastRoll,
        Optional<Unready> lastUnready,
        List<Worker> workers) {
    public PoolView {
        listening = List.copyOf(listening);
        workers = List.copyOf(workers);
    }

    public String name() {
        return spec.id();
    }

    /** How many workers run; each is busy or idle. */
    public int total() {
        return busy + idle;
    }

    /**
     * Clients that wait.
     *
     * @param waiting how many
     * @param oldest how long the first of them has waited, as far as that was seen; empty if none
     *     waits or it is not known
     * @param limit how many the kernel lets wait
     */
    public record Queue(int waiting, Optional<Duration> oldest, int limit) {}

    /**
     * What a pool has done since this monitor runs it.
     *
     * @param started workers that it has started
     * @param idle workers that it has stopped since they had nothing to do
     * @param recycled workers that it has replaced, or that ended by themselves with success
     * @param maxReached how often clients began to wait although all workers ran
     * @param overflows how often a limit of the queue began to refuse clients
     * @param refused clients that got 503
     * @param mostBusy the most workers that were seen busy at once
     * @param longestQueue the most clients that were seen waiting at once
     */
    public record Counters(
            long started,
            long idle,
            long recycled,
            long maxReached,
            long overflows,
            long refused,
            int mostBusy,
            int longestQueue) {}

    /**
     * A cap that several pools have together.
     *
     * @param most how many workers they may have
     * @param used how many they have, by their names, without those that have none
     */
    public record Share(String name, int most, Map<String, Integer> used) {
        public Share {
            used = Collections.unmodifiableMap(new LinkedHashMap<>(used));
        }

        /** Whether none of these pools may start a worker. */
        public boolean isFull() {
            return used.values().stream().mapToInt(Integer::intValue).sum() >= most;
        }
    }

    /**
     * A replacement of all workers that have an older configuration or program, or that an operator
     * wants replaced.
     *
     * @param state how far it has come
     * @param since when that began
     * @param reason why it failed, in words; empty if it did not
     */
    public record Roll(RollState state, Ticks since, Optional<String> reason) {}

    /**
     * A worker that ended before it was ready for clients. Its process may be gone since.
     *
     * @param cause how it ended, as a clause that follows its name
     */
    public record Unready(String worker, Ticks ended, String cause) {}

    /** How far a replacement of all workers has come. */
    public enum RollState {
        /** Workers are being replaced. */
        UNDER_WAY,
        /** All were replaced. */
        DONE,
        /** A new worker did not become ready, so the old ones stay. */
        FAILED,
        /** It was given up: the pool was stopped, started or configured again. */
        DROPPED
    }

    /**
     * A worker.
     *
     * @param process its process
     * @param address where clients reach it, as the configuration would write it
     * @param activity what it does
     */
    public record Worker(ProcessView process, String address, Optional<Activity> activity) {}

    /**
     * What a worker that runs does.
     *
     * @param work in one word
     * @param connections how many connections it has
     * @param busyFor how long it has had the oldest of them, as far as that was seen
     * @param systemCall the name of the system call that it is in; empty if in none
     * @param waitChannel the function of the kernel that it waits in; empty if in none
     * @param processorTime what it has used, with all its threads and the children that it has
     *     waited for; in steps of 10 ms
     * @param residentBytes its memory
     */
    public record Activity(
            Work work,
            int connections,
            Optional<Duration> busyFor,
            Optional<String> systemCall,
            Optional<String> waitChannel,
            Optional<Duration> processorTime,
            long residentBytes) {}

    /** What a worker does, in one word. */
    public enum Work {
        /** It is not ready for clients yet. */
        STARTING,
        /** It waits for a client. */
        IDLE,
        /** A web server keeps a connection to it open, and sends nothing. */
        KEPT,
        /** It serves a client. */
        BUSY,
        /** It is being stopped. */
        STOPPING,
        /** It cannot be looked into. */
        UNKNOWN
    }
}
