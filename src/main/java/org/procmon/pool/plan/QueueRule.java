package org.procmon.pool.plan;

import java.time.Duration;
import java.util.Optional;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.WhenStopped;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolAction.AnswerBell;
import org.procmon.pool.plan.PoolAction.Arm;
import org.procmon.pool.plan.PoolAction.LookAtQueue;
import org.procmon.pool.plan.PoolEvent.QueueSeen;
import org.procmon.pool.plan.PoolState.Episodes;
import org.procmon.pool.plan.QueueWatch.Stage;

/** How clients that wait are noticed, and when they are refused. */
final class QueueRule {
    private static final Duration LEAST_WAIT = Duration.ofMillis(2);

    private QueueRule() {}

    /** The watch fired: a client waits, or did a moment ago. */
    static void readable(PoolDraft draft) {
        QueueWatch queue = draft.state.queue();
        if (queue.stage() != Stage.ARMED) {
            return;
        }
        if (queue.isCalm(draft.now)) {
            Episodes told = draft.state.episodes();
            draft.state =
                    draft.state
                            .with(queue.withShortestGap())
                            .with(new Episodes(false, false, told.allFailed()));
        }
        look(draft);
    }

    private static void look(PoolDraft draft) {
        draft.act(new LookAtQueue());
        draft.state = draft.state.with(draft.state.queue().asked(draft.now));
    }

    static void seen(PoolDraft draft, QueueSeen event) {
        int before = draft.state.queue().waiting();
        see(draft, Math.max(0, event.waiting()));
        if (event.waiting() <= 0) {
            pause(draft);
        } else if (isAnswered(draft)) {
            draft.act(new AnswerBell());
            see(draft, 0);
            pause(draft);
        } else if (draft.state.goal() == PoolGoal.STOPPED) {
            seenWhileStopped(draft, event, before);
        } else {
            seenWhileUp(draft, event, before);
        }
    }

    /** A worker is ready, but does not take the clients itself. */
    private static boolean isAnswered(PoolDraft draft) {
        return draft.spec.bell().isPresent()
                && draft.state.goal() == PoolGoal.UP
                && draft.state.count(WorkerPhase.READY) > 0;
    }

    /** A worker has become ready, and clients may wait for that. */
    static void workerReady(PoolDraft draft) {
        if (isAnswered(draft) && draft.state.queue().waiting() > 0) {
            look(draft);
        }
    }

    private static void see(PoolDraft draft, int waiting) {
        draft.state = draft.state.with(draft.state.queue().seeing(waiting, draft.now));
    }

    private static void pause(PoolDraft draft) {
        draft.state = draft.state.with(draft.state.queue().pausing(draft.now, longestGap(draft)));
    }

    /** A worker that could be started, a queue that fills or a short limit is looked for often. */
    private static Duration longestGap(PoolDraft draft) {
        QueueLimits limits = draft.spec.queue();
        boolean isUrgent =
                GrowthRule.couldGrow(draft)
                        || limits.max().isPresent()
                        || limits.timeout().filter(QueueRule::isShort).isPresent();
        return isUrgent ? QueueWatch.LONGEST_GAP : QueueWatch.LONGEST_GAP_AT_MAX;
    }

    private static boolean isShort(Duration timeout) {
        return timeout.compareTo(QueueWatch.LONGEST_GAP_AT_MAX) < 0;
    }

    private static void seenWhileStopped(PoolDraft draft, QueueSeen event, int before) {
        if (draft.spec.whenStopped() == WhenStopped.REFUSE) {
            refuseAll(draft, RefuseReason.STOPPED);
        } else if (hasLimit(draft.spec.queue())) {
            limit(draft, event, before);
        } else {
            draft.state = draft.state.with(draft.state.queue().turnedOff(draft.now));
        }
    }

    private static boolean hasLimit(QueueLimits limits) {
        return limits.max().isPresent() || limits.timeout().isPresent();
    }

    private static void refuseAll(PoolDraft draft, RefuseReason reason) {
        draft.refuse(draft.state.queue().waiting(), reason);
        see(draft, 0);
        pause(draft);
    }

    private static void seenWhileUp(PoolDraft draft, QueueSeen event, int before) {
        if (!GrowthRule.isConfirmed(draft, event)) {
            seenUnconfirmed(draft, event, before);
            return;
        }
        int growth = GrowthRule.growth(draft);
        if (GrowthRule.haveAllFailed(draft, growth)) {
            if (!draft.state.episodes().allFailed()) {
                draft.report(new PoolReport.AllFailed());
            }
            Episodes told = draft.state.episodes();
            draft.state = draft.state.with(new Episodes(told.maxReached(), told.overflow(), true));
            refuseAll(draft, RefuseReason.ALL_FAILED);
            return;
        }
        GrowthRule.noteMax(draft, growth);
        if (growth > 0) {
            GrowthRule.grow(draft, growth);
            draft.state = draft.state.with(draft.state.queue().withShortestGap());
            lookLater(draft, event);
        } else {
            limit(draft, event, before);
        }
    }

    /**
     * The first client after an empty queue is looked for again at once, since nobody may take it.
     * Under a steady load some client has always just come, so the gap doubles for later ones.
     */
    private static void seenUnconfirmed(PoolDraft draft, QueueSeen event, int before) {
        QueueWatch queue = draft.state.queue();
        if (before == 0 && GrowthRule.couldGrow(draft)) {
            draft.state = draft.state.with(queue.lookingSoon(draft.now));
        } else {
            limit(draft, event, before);
        }
    }

    /** Nothing can be started for those that wait, or enough workers are starting. */
    private static void limit(PoolDraft draft, QueueSeen event, int before) {
        QueueLimits limits = draft.spec.queue();
        int over = event.waiting() - limits.max().orElse(Integer.MAX_VALUE);
        if (over > 0 && !GrowthRule.couldGrow(draft)) {
            overflow(draft, over, RefuseReason.QUEUE_FULL);
            lookLater(draft, event);
        } else if (hasWaitedTooLong(limits, event)) {
            boolean isProgress = event.waiting() <= before || isAnother(draft, event);
            overflow(draft, 1, RefuseReason.WAITED_TOO_LONG);
            QueueWatch queue = draft.state.queue().refusing(arrival(draft, event));
            if (isProgress) {
                draft.state = draft.state.with(queue);
                look(draft);
            } else {
                // A client that cannot be refused is not tried again without a pause.
                draft.state = draft.state.with(queue.lookingSoon(draft.now));
            }
        } else {
            lookLater(draft, event);
        }
    }

    /** Whether the oldest client came after the one that was refused last. */
    private static boolean isAnother(PoolDraft draft, QueueSeen event) {
        return draft.state
                .queue()
                .refused()
                .filter(last -> last.hasReached(arrival(draft, event)))
                .isEmpty();
    }

    private static Ticks arrival(PoolDraft draft, QueueSeen event) {
        return draft.now.plus(event.oldestWait().orElse(Duration.ZERO).negated());
    }

    private static boolean hasWaitedTooLong(QueueLimits limits, QueueSeen event) {
        return limits.timeout().isPresent()
                && event.oldestWait()
                        .filter(wait -> wait.compareTo(limits.timeout().get()) >= 0)
                        .isPresent();
    }

    private static void overflow(PoolDraft draft, int count, RefuseReason reason) {
        int waiting = draft.state.queue().waiting();
        Episodes told = draft.state.episodes();
        if (!told.overflow()) {
            draft.report(new PoolReport.QueueOverflow(waiting, reason));
            draft.state =
                    draft.state
                            .with(draft.state.counters().oneOverflow())
                            .with(new Episodes(told.maxReached(), true, told.allFailed()));
        }
        draft.refuse(count, reason);
        see(draft, waiting - count);
    }

    /** In time for the client that had waited longest; the next one came after it. */
    private static void lookLater(PoolDraft draft, QueueSeen event) {
        Optional<Duration> limit =
                draft.spec
                        .queue()
                        .timeout()
                        .flatMap(most -> event.oldestWait().map(most::minus))
                        .map(left -> left.compareTo(LEAST_WAIT) > 0 ? left : LEAST_WAIT);
        draft.state =
                draft.state.with(
                        draft.state.queue().lookingLater(draft.now, limit, longestGap(draft)));
    }

    /** Looks and arms when the time has come. */
    static void keepWatching(PoolDraft draft) {
        // A worker that has gone may have made room for another one.
        QueueWatch queue = draft.state.queue().dueWithin(draft.now, longestGap(draft));
        draft.state = draft.state.with(queue);
        switch (queue.stage()) {
            case ARMED -> {}
            case OFF -> {
                if (!waitsForOperator(draft)) {
                    arm(draft);
                }
            }
            case PAUSING -> {
                if (queue.isDue(draft.now)) {
                    arm(draft);
                }
            }
            case LOOKING -> {
                if (queue.isDue(draft.now)) {
                    look(draft);
                }
            }
        }
    }

    private static boolean waitsForOperator(PoolDraft draft) {
        return draft.state.goal() == PoolGoal.STOPPED
                && draft.spec.whenStopped() == WhenStopped.WAIT
                && !hasLimit(draft.spec.queue())
                && draft.state.queue().waiting() > 0;
    }

    private static void arm(PoolDraft draft) {
        draft.act(new Arm());
        draft.state = draft.state.with(draft.state.queue().armed(draft.now));
    }
}
