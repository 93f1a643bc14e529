package org.procmon.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers many equal questions by few calls: at most one call is under way, and whoever asks
 * meanwhile shares the next one. A call never begins before the question that it answers, so no
 * answer is older than its question.
 *
 * <p>The first to ask in a round makes its call, on its own thread; the others wait. Thread-safe.
 * Waiting cannot be interrupted, the call can be: what bounds the call's time bounds all waiting.
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
     * @param call asks somebody else; never called by two threads at a time
     */
    RequestCoalescer(Supplier<T> call) {
        this.call = call;
    }

    /**
     * Asks.
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
                // Whatever it is: the others must not wait for ever.
                round.completeExceptionally(e);
            }
        }
        return round.join();
    }

    /** Makes the call of a round, after that of the one before. */
    private void lead(CompletableFuture<T> round, CompletableFuture<?> before) {
        before.exceptionally(_ -> null).join();
        lock.lock();
        try {
            // Whoever asks from here on would get the answer of a call that began before.
            open = null;
        } finally {
            lock.unlock();
        }
        round.complete(call.get());
    }
}
