package org.procmon.reload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Runs tasks one after the other, on a virtual thread that exists only while there are some. A task
 * may wait for the loop: the lock here is held only briefly, never while a task runs, so adding a
 * task does not block. Any thread.
 */
final class TurnQueue {
    private record Task<T>(Callable<T> work, CompletableFuture<T> outcome) {
        /** A task that was cancelled before its turn does not run. */
        void run() throws InterruptedException {
            if (outcome.isDone()) {
                return;
            }
            try {
                outcome.complete(work.call());
            } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
                throw e;
            } catch (Exception e) {
                outcome.completeExceptionally(e);
            }
        }
    }

    private final String name;
    private final int most;
    private final Thread.UncaughtExceptionHandler bugs;

    /** Guarded by this. */
    private final Deque<Task<?>> waiting = new ArrayDeque<>();

    /** Guarded by this. */
    private boolean running;

    /**
     * @param name of the thread
     * @param most how many tasks may wait for their turn
     * @param bugs is notified of an error that stops the thread
     */
    TurnQueue(String name, int most, Thread.UncaughtExceptionHandler bugs) {
        this.name = name;
        this.most = most;
        this.bugs = bugs;
    }

    /**
     * Adds a task. Its outcome is completed on the thread of the tasks; cancelling it before its
     * turn removes the task.
     *
     * @return empty if there are too many already
     */
    <T> Optional<CompletableFuture<T>> add(Callable<T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        synchronized (this) {
            waiting.removeIf(task -> task.outcome().isDone());
            if (waiting.size() >= most) {
                return Optional.empty();
            }
            waiting.add(new Task<>(work, outcome));
            if (running) {
                return Optional.of(outcome);
            }
            running = true;
        }
        Thread _ = Thread.ofVirtual().name(name).uncaughtExceptionHandler(bugs).start(this::run);
        return Optional.of(outcome);
    }

    private void run() {
        try {
            for (Optional<Task<?>> task = next(); task.isPresent(); task = next()) {
                task.get().run();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("this thread was interrupted unexpectedly", e);
        }
    }

    private synchronized Optional<Task<?>> next() {
        Optional<Task<?>> next = Optional.ofNullable(waiting.poll());
        running = next.isPresent();
        return next;
    }
}
