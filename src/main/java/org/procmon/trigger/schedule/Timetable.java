package org.procmon.trigger.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.procmon.config.Cron;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Schedule.Action;
import org.procmon.config.Schedule.Missed;
import org.procmon.status.ScheduledAction;
import org.procmon.supervise.port.SeenTimes;

/**
 * The next scheduled actions and their times. The wall clock may jump: of the times passed in one
 * jump, the last one counts; when the clock is set back by more than a minute, the times are
 * computed again. One thread at a time.
 */
final class Timetable {
    /**
     * A time not longer ago than this is late, not missed; and a smaller step back of the clock, as
     * by a time server, repeats nothing.
     */
    static final Duration TOLERANCE = Duration.ofMinutes(1);

    /** How long ago the last action may be; 29 February may be eight years away. */
    private static final Duration LONGEST_WINDOW = Duration.ofDays(9 * 366);

    /**
     * A time that has come.
     *
     * @param at when it was due
     * @param isLost whether it was missed and is skipped
     */
    record Due(String name, Action action, Instant at, boolean isLost) {}

    /** The schedule of a process. */
    private record Job(ProcessSpec process, Schedule schedule, ScheduleTimes times) {
        String name() {
            return process.id();
        }

        /** Whether it is to be up between its start and its stop, whatever times were missed. */
        boolean isKeptUp() {
            return schedule.isWindow() && process.restart() != RestartPolicy.NEVER;
        }
    }

    /** An action of a process, with the next time after {@code since}. */
    private record Line(Job job, Action action, Instant since, ScheduleTimes.Next next) {
        Line(Job job, Action action, Instant since) {
            this(job, action, since, job.times().after(action, since));
        }

        Line of(Job other) {
            return new Line(other, action, since, next);
        }

        Line from(Instant moment) {
            return new Line(job, action, moment);
        }

        boolean isDue(Instant now) {
            return next.due().filter(at -> !now.isBefore(at)).isPresent();
        }

        /** The last of the times that have come by now. */
        Optional<Instant> last(Instant now) {
            return job.times().last(action, since, now);
        }
    }

    /**
     * A configured schedule.
     *
     * @param lines its present lines; empty if it is new
     */
    private record Followed(Job job, List<Line> lines) {}

    private final ZoneId zoneOfMonitor;
    private final Jitter jitter;
    private List<Line> lines = List.of();

    Timetable(ZoneId zoneOfMonitor, Jitter jitter) {
        this.zoneOfMonitor = zoneOfMonitor;
        this.jitter = jitter;
    }

    /**
     * Follows the schedules of these processes, and no others, from now on.
     *
     * @return for new schedules of processes that are kept up between a start and a stop: the
     *     latest of these two
     */
    List<Due> follow(List<ProcessSpec> processes, InstantSource clock) {
        List<Followed> followed = new ArrayList<>();
        for (ProcessSpec process : processes) {
            if (process.triggers().schedule().isPresent()) {
                Schedule schedule = process.triggers().schedule().get();
                List<Line> same =
                        lines.stream()
                                .filter(line -> line.job().name().equals(process.id()))
                                .filter(line -> line.job().schedule().equals(schedule))
                                .toList();
                ScheduleTimes times =
                        same.isEmpty()
                                ? new ScheduleTimes(
                                        schedule, zoneOfMonitor, jitter.of(process.id()))
                                : same.getFirst().job().times();
                followed.add(new Followed(new Job(process, schedule, times), same));
            }
        }
        // Only now: no schedule was followed while the classes above were loaded.
        Instant now = clock.instant();
        List<Line> next = new ArrayList<>();
        List<Due> due = new ArrayList<>();
        for (Followed one : followed) {
            Job job = one.job();
            one.lines().forEach(line -> next.add(line.of(job)));
            if (one.lines().isEmpty()) {
                job.times().actions().forEach(action -> next.add(new Line(job, action, now)));
                if (job.isKeptUp()) {
                    stand(job, now).ifPresent(due::add);
                }
            }
        }
        lines = next;
        return due;
    }

    /** Its last start or stop, whichever is later. */
    private static Optional<Due> stand(Job job, Instant now) {
        Instant from = now.minus(LONGEST_WINDOW);
        Optional<Instant> start = job.times().last(Action.START, from, now);
        Optional<Instant> stop = job.times().last(Action.STOP, from, now);
        boolean isUp = start.isPresent() && (stop.isEmpty() || start.get().isAfter(stop.get()));
        return isUp
                ? start.map(at -> new Due(job.name(), Action.START, at, false))
                : stop.map(at -> new Due(job.name(), Action.STOP, at, false));
    }

    /**
     * Handles times that passed before these schedules were followed here.
     *
     * @param since by the name of a process, up to when all actions were done
     * @return the actions due since then
     */
    List<Due> resume(Map<String, Instant> since, Instant now) {
        lines =
                lines.stream()
                        .map(line -> {
                            Instant before = since.get(line.job().name());
                            return before == null ? line : line.from(before);
                        })
                        .toList();
        return due(now);
    }

    /** The due actions, combined for each process. */
    List<Due> due(Instant now) {
        List<Line> next = new ArrayList<>(lines.size());
        Map<String, Map<Action, Due>> passed = new LinkedHashMap<>();
        List<Due> due = new ArrayList<>();
        for (Line line : lines) {
            boolean isDue = line.isDue(now);
            boolean setBack = now.isBefore(line.since().minus(TOLERANCE));
            if (isDue) {
                Optional<Instant> at = line.last(now);
                boolean isLost = at.isPresent() && isLost(line, at.get(), now);
                if (isLost) {
                    due.add(new Due(line.job().name(), line.action(), at.get(), true));
                } else if (at.isPresent()) {
                    String name = line.job().name();
                    passed.computeIfAbsent(name, _ -> new EnumMap<>(Action.class))
                            .put(line.action(), new Due(name, line.action(), at.get(), false));
                }
            }
            next.add(isDue || setBack ? line.from(now) : line);
        }
        lines = next;
        passed.values().forEach(own -> due.addAll(outcome(own)));
        return due;
    }

    private static boolean isLost(Line line, Instant at, Instant now) {
        return line.job().schedule().missed() == Missed.SKIP
                && !line.job().isKeptUp()
                && at.isBefore(now.minus(TOLERANCE));
    }

    /**
     * If both a start and a stop have passed, the later one counts. A restart comes before the
     * start: it concerns a process that is up already.
     */
    private static List<Due> outcome(Map<Action, Due> passed) {
        Optional<Due> start = Optional.ofNullable(passed.get(Action.START));
        Optional<Due> stop = Optional.ofNullable(passed.get(Action.STOP));
        boolean isDown =
                stop.isPresent() && start.filter(s -> s.at().isAfter(stop.get().at())).isEmpty();
        return isDown
                ? List.of(stop.get())
                : Stream.of(Action.RESTART, Action.START)
                        .flatMap(action -> Stream.ofNullable(passed.get(action)))
                        .toList();
    }

    /** The next time of any action; empty if there is none. */
    Optional<Instant> next() {
        return lines.stream()
                .flatMap(line -> line.next().due().stream())
                .min(Comparator.naturalOrder());
    }

    /** The next actions of each process, each action once, the earliest first. */
    Map<String, List<ScheduledAction>> plans() {
        Map<String, List<ScheduledAction>> plans = new HashMap<>();
        for (Line line : lines) {
            line.job()
                    .times()
                    .appointment(line.action(), line.next())
                    .ifPresent(plan ->
                            plans.computeIfAbsent(line.job().name(), _ -> new ArrayList<>())
                                    .add(plan));
        }
        plans.values().forEach(own -> own.sort(Comparator.comparing(ScheduledAction::at)));
        return plans;
    }

    /** Up to when all actions were done, for the processes that make up for missed times. */
    Map<String, SeenTimes> seen() {
        Map<String, SeenTimes> seen = new TreeMap<>();
        for (Line line : lines) {
            if (line.job().schedule().missed() == Missed.ONCE) {
                seen.merge(
                        line.job().name(),
                        new SeenTimes(inWords(line.job().schedule()), line.since()),
                        (a, b) -> a.until().isAfter(b.until()) ? a : b);
            }
        }
        return seen;
    }

    /** The times of a schedule in words; identifies the schedule. */
    private static String inWords(Schedule schedule) {
        StringBuilder text = new StringBuilder();
        for (Action action : Action.values()) {
            Optional<Cron> cron = schedule.of(action);
            cron.ifPresent(times ->
                    text.append(action.word()).append(' ').append(times.text()).append("; "));
        }
        return text.append(schedule.zone().map(ZoneId::getId).orElse("")).toString();
    }
}
