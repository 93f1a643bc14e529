package org.procmon.pool;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The clients that waited while a run of a worker started. A worker that serves some short requests
 * and exits may never be seen waiting; it has served if one of these clients is gone, and was
 * neither refused nor has hung up.
 *
 * @param run the number of the run
 * @param waiting some of them
 * @param refused how many clients of the pool had been refused at its start
 */
record EarlyClients(long run, Set<Long> waiting, long refused) {
    /** Of more clients, it is not needed to know what became of them. */
    private static final int MOST = 32;

    static EarlyClients of(long run, ListenerWatch.Clients now, long refused) {
        return new EarlyClients(run, Set.of(), refused).and(now);
    }

    /** With those that wait later, while the worker is still starting. */
    EarlyClients and(ListenerWatch.Clients now) {
        return new EarlyClients(
                run,
                Stream.concat(waiting.stream(), now.waiting().stream())
                        .distinct()
                        .limit(MOST)
                        .collect(Collectors.toUnmodifiableSet()),
                refused);
    }

    /** Whether a worker must have accepted one of them. */
    boolean wereServed(ListenerWatch.Clients now, long refusedNow) {
        long gone = waiting.stream().filter(one -> !now.waiting().contains(one)).count();
        return gone > now.hungUp() + (refusedNow - refused);
    }
}
