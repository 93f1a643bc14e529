package org.procmon.supervise.port;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Stores the state that must outlive the monitor. Called on the loop's thread. Once a method
 * returns, the next monitor finds the record, however this one exits. If a record cannot be
 * written, the log and {@link #unkept} report it, and supervision continues.
 */
public interface Journal {
    /** Stores nothing. */
    Journal NONE =
            new Journal() {
                @Override
                public void keep(JournalEntry process) {}

                @Override
                public void drop(String name) {}

                @Override
                public void shuttingDown() {}
            };

    /** Replaces the record of a process. */
    void keep(JournalEntry process);

    /** Deletes the record of a process. */
    void drop(String name);

    /** Records that a shutdown has started. */
    void shuttingDown();

    /**
     * Replaces the configuration that the next monitor follows. Until the journal knows that it is
     * {@link #reloaded}, the next monitor completes the reload.
     *
     * @return why it cannot be kept, in words; nothing has changed then
     */
    default Optional<String> accept(AcceptedConfig config) {
        return Optional.empty();
    }

    /** Records that all records belong to the configuration that was accepted last. */
    default void reloaded() {}

    /**
     * Completes when the operators' decisions recorded up to now are durable; against a loss of
     * power too, where the configuration says so. Completed on any thread.
     */
    default CompletableFuture<Void> durable() {
        return CompletableFuture.completedFuture(null);
    }

    /** Whether the present state of some process is not recorded. */
    default boolean isBehind() {
        return false;
    }

    /** Why the present state of this process is not recorded, in words; empty if it is. */
    default Optional<String> unkept(String name) {
        return Optional.empty();
    }
}
