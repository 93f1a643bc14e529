package org.procmon.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers many equal queries by few calls: at most one call is in progress, and queries that arrive
 * meanwhile share the next one. A call never starts before the queries that it answers, so no
 * answer is older than its query.
 *
 * <p>The first query of a round makes its call, on its own thread; the others wait. Thread-safe.
 * Waiting cannot be interrupted, but the call can: a limit on the call's time limits all waiting.
 *
 * @param <T> the answer
 */
final class RequestCoalescer<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<T> call;

    /** The round that can still be joined. */
    private @Nullable CompletableFuture<T> open;

    /** The round that was opened last. */
    private CompletableFuture<?> latest = CompletableFuture.completedFuture(null);

    /**
     * @param call makes the call; never runs on two threads at a time
     */
    RequestCoalescer(Supplier<T> call) {
        this.call = call;
    }

    /**
     * Returns the shared answer.
     *
     * @throws java.util.concurrent.CompletionException with what the call threw
     */
    T ask() {
        CompletableFuture<T> round;
        CompletableFuture<?> before = null;
        lock.lock();
        try {
            round = open;
            if (round == null) {
                round = new CompletableFuture<>();
                open = round;
                before = latest;
                latest = round;
            }
        } finally {
            lock.unlock();
        }
        if (before != null) {
            try {
                lead(round, before);
            } catch (RuntimeException | Error e) {
                // For any error: the others must not wait for ever.
                round.completeExceptionally(e);
            }
        }
        return round.join();
    }

    /** Makes the call of a round, after that of the previous round. */
    private void lead(CompletableFuture<T> round, CompletableFuture<?> before) {
        before.exceptionally(_ -> null).join();
        lock.lock();
        try {
            // Later queries would get the answer of a call that started before them.
            open = null;
        } finally {
            lock.unlock();
        }
        round.complete(call.get());
    }
}
