package org.procmon.supervise.feature;

import java.util.concurrent.CompletableFuture;
import org.procmon.config.Signal;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Reply;

/**
 * What the loop reports to features. They ask by {@code instanceof} for the kinds that they need: a
 * switch over types makes a class when it is first reached, and that would be in a takeover.
 */
public sealed interface Change {
    /** The state of a process has changed. */
    record Transition(ProcessStatus before, ProcessView after) implements Change {}

    /** A reload has changed the specification of a process, with immediate effect. */
    record Reconfigured(ProcessView process) implements Change {}

    /** A run was sent its signal to reload. */
    record SignalSent(ProcessView process, Signal signal) implements Change {}

    /** An essential process has exited, so a shutdown starts. */
    record EssentialExited(ProcessView process) implements Change {}

    /** An operator has stopped a pool, or started it again. */
    record PoolCommanded(String pool, boolean isUp) implements Change {}

    /**
     * An operator wants the workers of a pool replaced without losing a request.
     *
     * @param reply completed by the pool when it is over
     */
    record PoolRollAsked(String pool, CompletableFuture<Reply> reply) implements Change {}

    /** A shutdown starts. */
    record ShutdownStarted() implements Change {}

    /** The loop has time now: all that had to be started has started, or nothing is left to do. */
    record Idle() implements Change {}
}
