package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Clients that send one request after another until they are closed; each must be served. */
final class SteadyClients implements AutoCloseable {
    private final List<Thread> threads;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private final long begun = System.nanoTime();
    private volatile boolean isOver;

    SteadyClients(SocketAddress address, int count, String query) {
        threads =
                IntStream.range(0, count)
                        .mapToObj(
                                _ -> Thread.ofPlatform().daemon().start(() -> ask(address, query)))
                        .toList();
    }

    private void ask(SocketAddress address, String query) {
        while (!isOver) {
            try {
                OverloadRequest.Answer answer = OverloadRequest.ask(address, query);
                if (answer.isServed()) {
                    served.incrementAndGet();
                } else {
                    failed(answer.toString());
                }
            } catch (Exception | AssertionError e) {
                failed(e + ", caused by " + e.getCause());
            }
        }
    }

    private void failed(String what) {
        Duration after = Duration.ofNanos(System.nanoTime() - begun);
        failures.add("after %d ms: %s".formatted(after.toMillis(), what));
    }

    int served() {
        return served.get();
    }

    /** Ends them; fails if a request was not served. */
    @Override
    public void close() {
        isOver = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(served).hasPositiveValue();
    }
}
