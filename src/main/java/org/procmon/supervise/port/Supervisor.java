package org.procmon.supervise.port;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.Snapshot;

/** The loop's interface to the rest of the monitor. Safe from any thread. */
public interface Supervisor {
    /** The latest state of everything, not valid before {@link #isReady}. Never waits. */
    Snapshot snapshot();

    /**
     * Waits until the state left by another monitor is known, which it nearly always is.
     *
     * @param limit how long at most
     * @return whether it is known
     */
    default boolean isReady(Duration limit) throws InterruptedException {
        return true;
    }

    /** For how long the loop has been stuck while messages wait; empty if it moves. */
    default Optional<Duration> stall() {
        return Optional.empty();
    }

    /** The monotonic clock that the snapshots' times are read from. */
    Ticks now();

    /**
     * Passes a command to the loop. The reply may come at once, late or, for a start that waits for
     * a dependency in vain, never: the caller sets the timeout, and cancels the future to stop
     * waiting. That does not cancel the command.
     */
    CompletableFuture<Reply> submit(Command command);

    /**
     * The same for a command without a wait for its outcome.
     *
     * @param taken completed when the decision is durable, so that it holds even if the monitor
     *     dies right then; before or together with the reply
     */
    CompletableFuture<Reply> submit(Command command, CompletableFuture<Void> taken);
}
