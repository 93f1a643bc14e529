package org.procmon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.procmon.spec.MonitorSpec;
import org.procmon.supervise.Appointment;
import org.procmon.supervise.TriggerListener;

/**
 * Tells when times of schedules come, on a thread of its own. That looks at the wall clock at each
 * of them, and once in a minute, since the clock may be set, and does not show how long the machine
 * has slept. While there is no schedule, it does not wake. Safe from any thread.
 */
public final class Schedules implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final InstantSource wallClock;
    private final TriggerListener listener;
    private final Thread.UncaughtExceptionHandler bugs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Timetable timetable;
    private Map<String, List<Appointment>> told = Map.of();
    private boolean started;
    private boolean closed;

    /**
     * @param zone where times are meant that do not say it
     * @param bugs hears of the thread's end if it fails, which is a bug
     */
    public Schedules(
            InstantSource wallClock,
            ZoneId zone,
            TriggerListener listener,
            Thread.UncaughtExceptionHandler bugs) {
        this.wallClock = wallClock;
        this.listener = listener;
        this.bugs = bugs;
        this.timetable = new Timetable(zone);
    }

    /** Has the schedules of this configuration, and no others, from now on. */
    public void follow(MonitorSpec spec) {
        lock.lock();
        try {
            tell(timetable.follow(spec.processes(), wallClock.instant()));
            if (!started && timetable.next().isPresent()) {
                started = true;
                Thread.ofPlatform()
                        .daemon()
                        .name("schedule")
                        .uncaughtExceptionHandler(bugs)
                        .start(this::run);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!closed) {
                tell(timetable.due(wallClock.instant()));
                Optional<Instant> next = timetable.next();
                if (next.isEmpty()) {
                    changed.await();
                } else {
                    // Woken early or late, it looks at the clock again.
                    boolean _ = changed.await(pause(next.get()).toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private Duration pause(Instant next) {
        Duration left = Duration.between(wallClock.instant(), next);
        if (left.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return left.compareTo(LOOK) < 0 ? left : LOOK;
    }

    private void tell(List<Timetable.Due> due) {
        due.forEach(d -> listener.timeCame(d.name(), d.action()));
        Map<String, List<Appointment>> plans = timetable.plans();
        if (!plans.equals(told)) {
            told = plans;
            listener.planned(plans);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
