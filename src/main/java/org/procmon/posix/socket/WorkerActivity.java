package org.procmon.posix.socket;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.procmon.posix.ProcFile;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/**
 * What a worker is doing, so that one which does nothing can be chosen. Any thread. It reads a file
 * for each thread and a link for each descriptor of the worker, so look at one candidate rather
 * than at all. Source: proc(5).
 *
 * @param threads by their numbers
 * @param accepted the connections that it has, as inodes by descriptor
 * @param stat its status; empty if it is not known
 */
public record WorkerActivity(
        Verdict verdict,
        Map<Integer, ThreadActivity> threads,
        Map<Integer, Long> accepted,
        Optional<ProcessStat> stat) {
    private static final int LISTENER = 0;
    private static final WorkerActivity GONE =
            new WorkerActivity(Verdict.GONE, Map.of(), Map.of(), Optional.empty());

    /** The whole process in one word. */
    public enum Verdict {
        /**
         * A thread waits for a client or for events, none works, and it has no connection of its
         * listener.
         */
        IDLE,
        /**
         * It waits for more on each of its connections, and nothing has arrived: a web server keeps
         * them open for its next requests. A worker that waits for the rest of a request looks the
         * same.
         */
        KEPT,
        /** Anything else. */
        BUSY,
        /** It has exited. */
        GONE,
        /** This process may not look into it. */
        HIDDEN
    }

    /**
     * Looks at a process. A connection that it has accepted after {@code ofListener} was determined
     * is overlooked, which shows in its system call unless it waits for events. To be certain, stop
     * the process, then determine them, then look.
     *
     * @param ofListener all connections that were accepted from its listener, by any worker; see
     *     {@link AcceptedConnections}
     */
    public static WorkerActivity of(int pid, Set<Long> ofListener) {
        Optional<ProcessStat> stat;
        try {
            stat = ProcessStat.of(pid).filter(found -> !found.hasEnded());
        } catch (IllegalStateException _) {
            return new WorkerActivity(Verdict.HIDDEN, Map.of(), Map.of(), Optional.empty());
        }
        return stat.isPresent() ? of(stat.get(), ofListener) : GONE;
    }

    private static WorkerActivity of(ProcessStat stat, Set<Long> ofListener) {
        int pid = stat.pid();
        Map<Integer, ThreadActivity> threads = threads(stat);
        // If the listener has no connections, none of them has to be looked for.
        Optional<Map<Integer, Long>> sockets =
                ofListener.isEmpty() ? Optional.of(Map.of()) : ProcessSockets.of(pid);
        Map<Integer, Long> accepted =
                sockets.orElse(Map.of()).entrySet().stream()
                        .filter(socket -> ofListener.contains(socket.getValue()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new WorkerActivity(
                verdict(pid, threads, sockets.isPresent(), accepted),
                Map.copyOf(threads),
                Map.copyOf(accepted),
                Optional.of(stat));
    }

    private static Map<Integer, ThreadActivity> threads(ProcessStat stat) {
        Map<Integer, ThreadActivity> threads = new TreeMap<>();
        try {
            // The number of the first thread, often the only one, is that of the process.
            int[] numbers =
                    stat.threads() == 1
                            ? new int[] {stat.pid()}
                            : Processes.numbers("/proc/" + stat.pid() + "/task");
            for (int thread : numbers) {
                ThreadActivity.of(stat.pid(), thread).ifPresent(a -> threads.put(thread, a));
            }
        } catch (IllegalStateException _) {
            // It has exited.
        }
        return threads;
    }

    private static Verdict verdict(
            int pid,
            Map<Integer, ThreadActivity> threads,
            boolean socketsAreKnown,
            Map<Integer, Long> accepted) {
        Set<ThreadActivity.Kind> kinds =
                threads.values().stream().map(ThreadActivity::kind).collect(Collectors.toSet());
        if (kinds.isEmpty() || !socketsAreKnown || kinds.contains(ThreadActivity.Kind.HIDDEN)) {
            return hasExited(pid) ? Verdict.GONE : Verdict.HIDDEN;
        }
        if (kinds.contains(ThreadActivity.Kind.RUNNING)
                || kinds.contains(ThreadActivity.Kind.IN_CALL)) {
            // A thread that is about to exit looks the same.
            return hasExited(pid) ? Verdict.GONE : Verdict.BUSY;
        }
        if (accepted.isEmpty()) {
            return threads.values().stream().anyMatch(thread -> waits(pid, thread))
                    ? Verdict.IDLE
                    : Verdict.BUSY;
        }
        return KeptConnections.areAll(pid, threads.values(), accepted)
                ? Verdict.KEPT
                : Verdict.BUSY;
    }

    private static boolean waits(int pid, ThreadActivity thread) {
        return switch (thread.kind()) {
            case ACCEPTS -> thread.descriptor() == LISTENER || isCopy(pid, thread.descriptor());
            case POLLS, AWAITS_EVENTS -> true;
            case READS, PARKED, IN_CALL, RUNNING, HIDDEN -> false;
        };
    }

    /** Whether a descriptor is the listener too. */
    private static boolean isCopy(int pid, int descriptor) {
        String folder = "/proc/" + pid + "/fd/";
        Optional<String> listener = ProcFile.link(folder + LISTENER);
        return listener.isPresent() && listener.equals(ProcFile.link(folder + descriptor));
    }

    private static boolean hasExited(int pid) {
        try {
            return ProcessStat.of(pid).filter(stat -> !stat.hasEnded()).isEmpty();
        } catch (IllegalStateException _) {
            return false;
        }
    }
}
