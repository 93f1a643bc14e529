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
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.ScheduleStore;
import org.procmon.supervise.port.SeenTimes;
import org.procmon.supervise.port.TriggerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the times of schedules, on a thread of its own. The thread checks the wall clock at each
 * time and once a minute, since the clock may be set, and a wait does not include the time that the
 * machine has slept. While there is no schedule, it does not wake. Safe from any thread.
 */
public final class Schedules implements Feature, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("schedule");
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** The accuracy of a run's start time. */
    private static final Duration START_ACCURACY = Duration.ofSeconds(1);

    private final InstantSource wallClock;
    private final TriggerListener listener;
    private final Function<String, Optional<LatestRun>> runs;
    private final ScheduleStoreThread store;
    private final Thread.UncaughtExceptionHandler bugs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Timetable timetable;
    private Map<String, List<ScheduledAction>> announced = Map.of();
    private Map<String, SeenTimes> stored = Map.of();

    /** When another monitor may have stopped, if this one continues after it. */
    private Optional<Instant> stoppedAt = Optional.empty();

    /** The configuration to follow when the thread starts. */
    private Optional<MonitorSpec> first = Optional.empty();

    private boolean started;
    private boolean closed;

    /** Whether the stored times were requested. */
    private boolean requested;

    /** Whether the stored times were read, so that they may be replaced. */
    private boolean storeRead;

    /**
     * @param zone for schedules without a time zone
     * @param machine identifies this machine, so that each has its own jitter
     * @param runs the latest run of a process
     * @param bugs handles an exception that ends a thread, which is a bug
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

    @Override
    public void on(Change change) {}

    @Override
    public void start(FeatureStart start) {
        if (start.continues()) {
            resume(start.spec());
        } else {
            follow(start.spec());
        }
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        follow(spec);
    }

    @Override
    public void stop(End end) {
        close();
    }

    /**
     * Continues where another monitor, which followed the same schedules, has just stopped: times
     * within the last minute are reported now, unless a run shows that their action was done.
     * Before {@link #follow}.
     */
    void resume(MonitorSpec spec) {
        lock.lock();
        try {
            stoppedAt = Optional.of(justBefore(wallClock.instant()));
        } finally {
            lock.unlock();
        }
        follow(spec);
    }

    /**
     * Follows the schedules of this configuration, and no others, from now on. The first ones a
     * moment later: loading the classes takes time.
     */
    void follow(MonitorSpec spec) {
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

    /** A process that is kept up starts if it is between its start and its stop. */
    private void apply(MonitorSpec spec) {
        List<Timetable.Due> stand = timetable.follow(spec.processes(), wallClock);
        apply(stand.stream().filter(one -> one.action() == Action.START).toList());
    }

    private void apply(List<Timetable.Due> due) {
        report(due);
        if (!requested && !timetable.seen().isEmpty()) {
            requested = true;
            store.read(this::storeRead);
        }
    }

    /** Also stops a process left up by another monitor that should be down by now. */
    private void applyFirst(MonitorSpec spec) {
        List<Timetable.Due> stand = timetable.follow(spec.processes(), wallClock);
        apply(stand.stream().filter(one -> one.action() == Action.START || !isDone(one)).toList());
        if (stoppedAt.isPresent()) {
            Map<String, Instant> since = new HashMap<>();
            spec.processes().forEach(process -> since.put(process.id(), stoppedAt.get()));
            // Their last actions are known, or will be when the stored times are read.
            since.keySet().removeAll(timetable.seen().keySet());
            reportResumed(since, wallClock.instant());
        }
    }

    /**
     * Makes up for times missed since an earlier monitor ran, where the configuration asks for it.
     */
    private void storeRead(Map<String, SeenTimes> before) {
        lock.lock();
        try {
            storeRead = true;
            Instant now = wallClock.instant();
            Map<String, Instant> since = new HashMap<>();
            timetable
                    .seen()
                    .forEach((name, own) ->
                            since(own, Optional.ofNullable(before.get(name)))
                                    .filter(now::isAfter)
                                    .ifPresent(at -> since.put(name, at)));
            reportResumed(since, now);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Up to when all actions of a schedule were done; empty if nothing is to be made up for. */
    private Optional<Instant> since(SeenTimes own, Optional<SeenTimes> before) {
        Optional<Instant> seen =
                before.filter(last -> last.schedule().equals(own.schedule())).map(SeenTimes::until);
        // The other monitor may have recorded a time but died before its action.
        return seen.isEmpty() || stoppedAt.isEmpty() || seen.get().isBefore(stoppedAt.get())
                ? seen.or(() -> stoppedAt)
                : stoppedAt;
    }

    private void run() {
        lock.lock();
        try {
            first.ifPresent(this::applyFirst);
            first = Optional.empty();
            while (!closed) {
                report(timetable.due(wallClock.instant()));
                Optional<Instant> next = timetable.next();
                if (next.isEmpty()) {
                    changed.await();
                } else {
                    // After waking early or late, it checks the clock again.
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
        return left.compareTo(CHECK_INTERVAL) < 0 ? left : CHECK_INTERVAL;
    }

    private void reportResumed(Map<String, Instant> since, Instant now) {
        List<Timetable.Due> due =
                timetable.resume(since, now).stream().filter(one -> !isDone(one)).toList();
        for (Timetable.Due one : due) {
            LOG.atInfo()
                    .addKeyValue("process", one.name())
                    .addKeyValue("action", inWords(one))
                    .log("{process} makes up for a missed time");
        }
        report(due);
    }

    /**
     * Whether a run shows that the action was done; a restart of a process that is down counts as
     * done.
     */
    private boolean isDone(Timetable.Due due) {
        Optional<LatestRun> run = runs.apply(due.name());
        boolean isSince =
                run.filter(latest -> !latest.started().isBefore(due.at().minus(START_ACCURACY)))
                        .isPresent();
        boolean isAlive = run.filter(LatestRun::alive).isPresent();
        return isSince || (due.action() == Action.RESTART && !isAlive);
    }

    private void report(List<Timetable.Due> due) {
        for (Timetable.Due one : due) {
            if (one.isLost()) {
                LOG.atInfo()
                        .addKeyValue("process", one.name())
                        .addKeyValue("action", inWords(one))
                        .log("{process} skips a missed time");
            } else {
                listener.timeCame(one.name(), one.action());
            }
        }
        Map<String, List<ScheduledAction>> plans = timetable.plans();
        if (!plans.equals(announced)) {
            announced = plans;
            listener.planned(plans);
        }
        Map<String, SeenTimes> seen = timetable.seen();
        if (storeRead && !seen.equals(stored)) {
            stored = seen;
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
