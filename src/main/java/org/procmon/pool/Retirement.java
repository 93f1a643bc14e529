package org.procmon.pool;

import java.time.Duration;
import java.util.OptionalLong;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;

/**
 * A worker that is to be stopped without losing a request.
 *
 * @param next when it is looked at again
 * @param suspendedBy when the kernel has had time to suspend it
 * @param gap between the looks at a worker that is not idle
 */
record Retirement(
        ProcessView worker,
        Run run,
        Terms terms,
        Stage stage,
        Ticks next,
        Ticks suspendedBy,
        Duration gap) {
    private static final Duration DRAINING_GAP = Duration.ofMillis(20);
    private static final Duration FIRST_GAP = Duration.ofMillis(5);
    private static final Duration LAST_GAP = Duration.ofMillis(200);

    /** How long the kernel may take to suspend a program. */
    private static final Duration SUSPENSION = Duration.ofMillis(200);

    private static final Duration SUSPENDING_GAP = Duration.ofMillis(1);

    enum Stage {
        /** Clients still wait in its listener, which no longer gets any. */
        DRAINING,
        /** It is to be suspended when it is idle. */
        SERVING,
        /** The signal that suspends it is on its way. */
        ASKED,
        /** It is being suspended. */
        SUSPENDING
    }

    /**
     * What must be so before it is stopped.
     *
     * @param freezes whether it is killed while it is suspended; else it gets its signal, and
     *     finishes its request
     * @param isReady whether it was seen waiting for clients; else it may not know its signal yet,
     *     and is killed as soon as it has no client
     * @param old its listener, if that gets no further clients
     * @param settled when no client can be on its way to that listener any more, as far as a time
     *     can tell
     * @param until when it is stopped in any case
     */
    record Terms(boolean freezes, boolean isReady, OptionalLong old, Ticks settled, Ticks until) {
        /** Whether it must be idle before it is suspended. */
        boolean awaitsIdle() {
            return freezes && isReady;
        }
    }

    /** One that begins now. */
    static Retirement of(ProcessView worker, Run run, Terms terms, Ticks now) {
        return new Retirement(worker, run, terms, Stage.SERVING, now, now, FIRST_GAP);
    }

    Retirement to(Stage other, Ticks at) {
        return new Retirement(worker, run, terms, other, at, suspendedBy, gap);
    }

    Retirement drainingLater(Ticks now) {
        return to(Stage.DRAINING, now.plus(DRAINING_GAP));
    }

    Retirement asked(Ticks now) {
        Ticks latest = now.plus(SUSPENSION);
        return new Retirement(worker, run, terms, Stage.ASKED, latest, latest, gap);
    }

    Retirement askedLater(Ticks now) {
        return to(Stage.ASKED, now.plus(SUSPENSION));
    }

    Retirement suspendingLater(Ticks now) {
        return to(Stage.SUSPENDING, now.plus(SUSPENDING_GAP));
    }

    Retirement later(Ticks now) {
        Duration doubled = gap.multipliedBy(2);
        Duration following = doubled.compareTo(LAST_GAP) < 0 ? doubled : LAST_GAP;
        return new Retirement(
                worker, run, terms, Stage.SERVING, now.plus(gap), suspendedBy, following);
    }

    boolean isOverdue(Ticks now) {
        return now.hasReached(terms.until());
    }

    /** Whether both accept from the same old listener. */
    boolean sharesListener(Retirement other) {
        return terms.old().isPresent() && terms.old().equals(other.terms.old());
    }
}
