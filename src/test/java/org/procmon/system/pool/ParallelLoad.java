package org.procmon.system.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many requests, of clients that begin at the same moment.
 *
 * @param served how many were answered as expected
 * @param workers the pids that have answered
 * @param failures what was wrong with the others
 */
record ParallelLoad(int served, Set<Integer> workers, List<String> failures) {
    /** Sends a request with this query, and returns the body of the answer. */
    interface Requests {
        String answer(String query) throws Exception;
    }

    /** Each client sends its requests one after the other; each is asked for with a number. */
    static ParallelLoad of(int clients, int each, Requests requests) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(clients);
        AtomicInteger served = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        Set<Integer> workers = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            int first = client * each;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                await(start);
                                for (int i = 0; i < each; i++) {
                                    String query = "n=" + (first + i);
                                    failure(query, requests, workers)
                                            .ifPresentOrElse(
                                                    failures::add, served::incrementAndGet);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new ParallelLoad(served.get(), Set.copyOf(workers), List.copyOf(failures));
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException("cannot wait for the other clients", e);
        }
    }

    private static Optional<String> failure(String query, Requests requests, Set<Integer> pids) {
        try {
            String answer = requests.answer(query);
            if (answer.matches(query + " \\d+")) {
                pids.add(Integer.valueOf(answer.substring(query.length() + 1)));
                return Optional.empty();
            }
            return Optional.of(query + ": " + answer);
        } catch (Exception e) {
            return Optional.of(query + ": " + e);
        }
    }
}
