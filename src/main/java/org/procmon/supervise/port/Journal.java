package org.procmon.supervise.port;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps what must outlive the monitor. Called on the loop's thread. On return the next monitor
 * would find it, however this one ends; where that cannot be done, the log says so, {@link #unkept}
 * too, and the processes go on.
 */
public interface Journal {
    /** Keeps nothing. */
    Journal NONE =
            new Journal() {
                @Override
                public void keep(JournalEntry process) {}

                @Override
                public void drop(String name) {}

                @Override
                public void shuttingDown() {}
            };

    /** Replaces what is kept of a process. */
    void keep(JournalEntry process);

    /** Keeps nothing of a process any more. */
    void drop(String name);

    /** Keeps that a shutdown has begun. */
    void shuttingDown();

    /** Keeps that all records are of the configuration that was accepted last. */
    default void reloaded() {}

    /**
     * Done when the operators' decisions that were kept up to now would survive what they are meant
     * to survive; a loss of power, where the configuration says so. Completed on any thread.
     */
    default CompletableFuture<Void> durable() {
        return CompletableFuture.completedFuture(null);
    }

    /** Whether the next monitor would not know how some process is now. */
    default boolean isBehind() {
        return false;
    }

    /** Why it would not know how this one is, in words; empty if it would. */
    default Optional<String> unkept(String name) {
        return Optional.empty();
    }
}
