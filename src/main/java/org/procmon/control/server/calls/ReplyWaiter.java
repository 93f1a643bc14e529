package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the outcome of commands, on the threads of the connections.
 *
 * @param unwatched how long to wait before checking whether the client is still there
 */
record ReplyWaiter(Duration unwatched) {
    /**
     * Waits for the reply, the timeout, or the client's disconnect.
     *
     * @param limit the timeout in milliseconds
     */
    <T> T await(CompletableFuture<T> reply, long limit, ClientLiveness client)
            throws InterruptedException, ExecutionException, TimeoutException {
        long first = Math.min(limit, unwatched.toMillis());
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
        try {
            return reply.get(first, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (first == limit) {
                throw e;
            }
        }
        CompletableFuture.anyOf(reply, client.silence()).get(limit - first, TimeUnit.MILLISECONDS);
        while (!reply.isDone() && client.listens()) {
            long left = Math.max(0, end - System.nanoTime());
            try {
                return reply.get(Math.min(left, unwatched.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (end - System.nanoTime() <= 0) {
                    throw e;
                }
            }
        }
        return reply.get(0, TimeUnit.MILLISECONDS);
    }
}
