package org.procmon.supervise.port;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.Snapshot;

/** What the rest of the monitor may ask of the loop. Safe from any thread. */
public interface Supervisor {
    /** The latest state of everything, which is not known before {@link #isReady}. Never waits. */
    Snapshot snapshot();

    /**
     * Waits until it is known what another monitor has left, which it nearly always is.
     *
     * @param limit how long at most
     * @return whether it is known
     */
    default boolean isReady(Duration limit) throws InterruptedException {
        return true;
    }

    /** For how long the loop has stood still while notes wait; empty if it moves. */
    default Optional<Duration> stall() {
        return Optional.empty();
    }

    /** The monotonic clock that the snapshots' times are read from. */
    Ticks now();

    /**
     * Hands a command to the loop. The reply may come at once, late or, for a start whose
     * dependency never comes up, never: the caller sets the limit, and cancels the future to give
     * up waiting. Giving up does not take the command back.
     */
    CompletableFuture<Reply> submit(Command command);

    /**
     * The same for a command whose outcome nobody waits for.
     *
     * @param taken completed when the decision is kept, so that it holds also if the monitor dies
     *     right then; before or together with the reply
     */
    CompletableFuture<Reply> submit(Command command, CompletableFuture<Void> taken);
}
