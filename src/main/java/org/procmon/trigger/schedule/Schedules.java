package org.procmon.trigger.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Schedule.Action;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.LatestRun;
import org.procmon.supervise.port.ScheduleStore;
import org.procmon.supervise.port.SeenTimes;
import org.procmon.supervise.port.TriggerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when times of schedules come, on a thread of its own. That looks at the wall clock at each
 * of them, and once in a minute, since the clock may be set, and does not show how long the machine
 * has slept. While there is no schedule, it does not wake. Safe from any thread.
 */
public final class Schedules implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** When a run was started is known only so well. */
    private static final Duration ABOUT = Duration.ofSeconds(1);

    private final InstantSource wallClock;
    private final TriggerListener listener;
    private final Function<String, Optional<LatestRun>> runs;
    private final ScheduleStoreThread store;
    private final Thread.UncaughtExceptionHandler bugs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Timetable timetable;
    private Map<String, List<ScheduledAction>> told = Map.of();
    private Map<String, SeenTimes> kept = Map.of();

    /** When another monitor may have broken off, if this one goes on where it did. */
    private Optional<Instant> brokenOff = Optional.empty();

    /** What the thread is to follow when it starts. */
    private Optional<MonitorSpec> first = Optional.empty();

    private boolean started;
    private boolean closed;

    /** Whether it was asked what an earlier monitor has seen. */
    private boolean asked;

    /** Whether that is known, so that it may be replaced. */
    private boolean recalled;

    /**
     * @param zone where times are meant that do not say it
     * @param machine tells this machine from others, so that each has a jitter of its own
     * @param runs the latest run of a process
     * @param bugs hears of the end of a thread if it fails, which is a bug
     */
    public Schedules(
            InstantSource wallClock,
            ZoneId zone,
            String machine,
            TriggerListener listener,
            Function<String, Optional<LatestRun>> runs,
            ScheduleStore store,
            Thread.UncaughtExceptionHandler bugs) {
        this.wallClock = wallClock;
        this.listener = listener;
        this.runs = runs;
        this.store = new ScheduleStoreThread(store, bugs);
        this.bugs = bugs;
        this.timetable = new Timetable(zone, new Jitter(machine));
    }

    /**
     * Goes on where another monitor, which followed the same schedules, has just broken off: what
     * has come within a minute before is told now, unless a run shows that it was done. Before
     * {@link #follow}.
     */
    public void resume(MonitorSpec spec) {
        lock.lock();
        try {
            brokenOff = Optional.of(justBefore(wallClock.instant()));
        } finally {
            lock.unlock();
        }
        follow(spec);
    }

    /**
     * Has the schedules of this configuration, and no others, from now on. The first ones a moment
     * later: it takes its time to load what reckons with them.
     */
    public void follow(MonitorSpec spec) {
        lock.lock();
        try {
            if (started && first.isEmpty()) {
                apply(spec);
                changed.signal();
                return;
            }
            first = Optional.of(spec);
            if (!started && hasSchedule(spec)) {
                started = true;
                Thread.ofPlatform()
                        .daemon()
                        .name("schedule")
                        .uncaughtExceptionHandler(bugs)
                        .start(this::run);
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean hasSchedule(MonitorSpec spec) {
        return spec.processes().stream()
                .anyMatch(process -> process.triggers().schedule().isPresent());
    }

    private static Instant justBefore(Instant now) {
        return now.minus(Timetable.TOLERANCE);
    }

    /** What is kept up is started between its start and its stop. */
    private void apply(MonitorSpec spec) {
        List<Timetable.Due> stand = timetable.follow(spec.processes(), wallClock);
        apply(stand.stream().filter(one -> one.action() == Action.START).toList());
    }

    private void apply(List<Timetable.Due> due) {
        tell(due);
        if (!asked && !timetable.seen().isEmpty()) {
            asked = true;
            store.read(this::recall);
        }
    }

    /** What another monitor has left up is stopped too, if it was to be down by now. */
    private void applyFirst(MonitorSpec spec) {
        List<Timetable.Due> stand = timetable.follow(spec.processes(), wallClock);
        apply(stand.stream().filter(one -> one.action() == Action.START || !isDone(one)).toList());
        if (brokenOff.isPresent()) {
            Map<String, Instant> since = new HashMap<>();
            spec.processes().forEach(process -> since.put(process.id(), brokenOff.get()));
            // Of these it is known what was done, or will be when that is read.
            since.keySet().removeAll(timetable.seen().keySet());
            tellResumed(since, wallClock.instant());
        }
    }

    /** Makes up for what has passed since an earlier monitor looked, where that is asked for. */
    private void recall(Map<String, SeenTimes> before) {
        lock.lock();
        try {
            recalled = true;
            Instant now = wallClock.instant();
            Map<String, Instant> since = new HashMap<>();
            timetable
                    .seen()
                    .forEach((name, own) ->
                            since(own, Optional.ofNullable(before.get(name)))
                                    .filter(now::isAfter)
                                    .ifPresent(at -> since.put(name, at)));
            tellResumed(since, now);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Up to when all was done of a schedule; empty if nothing is to be made up for. */
    private Optional<Instant> since(SeenTimes own, Optional<SeenTimes> before) {
        Optional<Instant> seen =
                before.filter(last -> last.schedule().equals(own.schedule())).map(SeenTimes::until);
        // The other monitor may have seen a time of which nothing has come.
        return seen.isEmpty() || brokenOff.isEmpty() || seen.get().isBefore(brokenOff.get())
                ? seen.or(() -> brokenOff)
                : brokenOff;
    }

    private void run() {
        lock.lock();
        try {
            first.ifPresent(this::applyFirst);
            first = Optional.empty();
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

    private void tellResumed(Map<String, Instant> since, Instant now) {
        List<Timetable.Due> due =
                timetable.resume(since, now).stream().filter(one -> !isDone(one)).toList();
        for (Timetable.Due one : due) {
            LOG.info("{}: makes up for its {}, when no monitor ran", one.name(), inWords(one));
        }
        tell(due);
    }

    /** Whether a run shows that it was done; there is nothing else to be restarted, either. */
    private boolean isDone(Timetable.Due due) {
        Optional<LatestRun> run = runs.apply(due.name());
        boolean isSince =
                run.filter(latest -> !latest.started().isBefore(due.at().minus(ABOUT))).isPresent();
        boolean isAlive = run.filter(LatestRun::alive).isPresent();
        return isSince || (due.action() == Action.RESTART && !isAlive);
    }

    private void tell(List<Timetable.Due> due) {
        for (Timetable.Due one : due) {
            if (one.isLost()) {
                LOG.info("{}: skips its {}, which was missed", one.name(), inWords(one));
            } else {
                listener.timeCame(one.name(), one.action());
            }
        }
        Map<String, List<ScheduledAction>> plans = timetable.plans();
        if (!plans.equals(told)) {
            told = plans;
            listener.planned(plans);
        }
        Map<String, SeenTimes> seen = timetable.seen();
        if (recalled && !seen.equals(kept)) {
            kept = seen;
            store.write(seen);
        }
    }

    private static String inWords(Timetable.Due due) {
        return due.action().word() + " of " + due.at();
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
