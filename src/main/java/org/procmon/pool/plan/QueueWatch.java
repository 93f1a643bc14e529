package org.procmon.pool.plan;

import java.time.Duration;
import java.util.Optional;
import org.procmon.lifecycle.Ticks;

/**
 * How a pool notices clients that wait, and what it saw last.
 *
 * @param stage what comes next
 * @param since when the stage began
 * @param due when the next look or the arming is due; empty if none is
 * @param gap how long to wait before the next look or arming; it doubles while nothing changes
 * @param waiting how many clients waited at the last look, without those refused then
 * @param waitingSince when a client was first seen waiting since the queue was last seen empty
 * @param refused when the client came that was refused last since it had waited too long
 */
public record QueueWatch(
        Stage stage,
        Ticks since,
        Optional<Ticks> due,
        Duration gap,
        int waiting,
        Optional<Ticks> waitingSince,
        Optional<Ticks> refused) {
    /** What comes next. */
    public enum Stage {
        /** Nothing: the pool does not serve yet, or its clients wait until it is started. */
        OFF,
        /** The one-shot watch of the listener fires. */
        ARMED,
        /** A look at the queue, or its answer. */
        LOOKING,
        /** The watch is armed again. */
        PAUSING
    }

    static final Duration SHORTEST_GAP = Duration.ofMillis(4);
    static final Duration LONGEST_GAP = Duration.ofMillis(100);

    /** While no worker can be started for a client that waits, there is less to do for it. */
    static final Duration LONGEST_GAP_AT_MAX = Duration.ofMillis(250);

    /** No client has waited for so long that the next one begins an episode of its own. */
    private static final Duration CALM = Duration.ofSeconds(1);

    static QueueWatch off(Ticks now) {
        return new QueueWatch(
                Stage.OFF,
                now,
                Optional.empty(),
                SHORTEST_GAP,
                0,
                Optional.empty(),
                Optional.empty());
    }

    QueueWatch turnedOff(Ticks now) {
        return new QueueWatch(
                Stage.OFF, now, Optional.empty(), gap, waiting, waitingSince, refused);
    }

    QueueWatch armed(Ticks now) {
        return new QueueWatch(
                Stage.ARMED, now, Optional.empty(), gap, waiting, waitingSince, refused);
    }

    /** The answer is expected at once; without one, the look is repeated. */
    QueueWatch asked(Ticks now) {
        return lookingAt(now, now.plus(LONGEST_GAP), gap);
    }

    private QueueWatch lookingAt(Ticks now, Ticks at, Duration next) {
        return new QueueWatch(
                Stage.LOOKING, now, Optional.of(at), next, waiting, waitingSince, refused);
    }

    /**
     * Looks again after the gap, or after a shorter time.
     *
     * @param limit the shorter time
     * @param longest the gap does not become longer than this
     */
    QueueWatch lookingLater(Ticks now, Optional<Duration> limit, Duration longest) {
        Duration wait = limit.filter(l -> l.compareTo(gap) < 0).orElse(gap);
        return lookingAt(now, now.plus(wait), doubled(longest));
    }

    /** Looks again as soon as another look may show something else; the gap remains. */
    QueueWatch lookingSoon(Ticks now) {
        return lookingAt(now, now.plus(SHORTEST_GAP), gap);
    }

    QueueWatch refusing(Ticks arrival) {
        return new QueueWatch(stage, since, due, gap, waiting, waitingSince, Optional.of(arrival));
    }

    QueueWatch pausing(Ticks now, Duration longest) {
        return new QueueWatch(
                Stage.PAUSING,
                now,
                Optional.of(now.plus(gap)),
                doubled(longest),
                waiting,
                waitingSince,
                refused);
    }

    private Duration doubled(Duration longest) {
        Duration twice = gap.multipliedBy(2);
        return twice.compareTo(longest) < 0 ? twice : longest;
    }

    QueueWatch withShortestGap() {
        return new QueueWatch(stage, since, due, SHORTEST_GAP, waiting, waitingSince, refused);
    }

    QueueWatch seeing(int count, Ticks now) {
        Optional<Ticks> first =
                count == 0 ? Optional.empty() : waitingSince.or(() -> Optional.of(now));
        return new QueueWatch(stage, since, due, gap, count, first, refused);
    }

    /** What comes next is due after this time, if not before. */
    QueueWatch dueWithin(Ticks now, Duration most) {
        Ticks latest = now.plus(most);
        return due.filter(at -> at.compareTo(latest) > 0).isEmpty()
                ? this
                : new QueueWatch(
                        stage, since, Optional.of(latest), gap, waiting, waitingSince, refused);
    }

    boolean isCalm(Ticks now) {
        return stage == Stage.ARMED && now.since(since).compareTo(CALM) >= 0;
    }

    boolean isDue(Ticks now) {
        return due.filter(now::hasReached).isPresent();
    }
}
