package org.procmon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.procmon.spec.Cron;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.Schedule;
import org.procmon.supervise.Appointment;

/**
 * What is to be done next, and when. The wall clock may jump: of times that it has passed in one
 * go, the last one counts, and when it is set back by more than a minute, it is reckoned anew. One
 * thread at a time.
 */
final class Timetable {
    /** What this is set back by, as by a time server, repeats nothing. */
    private static final Duration SMALL_STEP = Duration.ofMinutes(1);

    /** A time that has come. */
    record Due(String name, Schedule.Action action) {}

    /** An action of a process, with the next time after {@code since}. */
    private record Line(
            String name,
            Schedule schedule,
            Schedule.Action action,
            ZoneId zone,
            Times times,
            Instant since,
            Optional<Instant> at) {
        Line from(Instant now) {
            return new Line(name, schedule, action, zone, times, now, times.after(now));
        }

        boolean isDue(Instant now) {
            return at.isPresent() && !now.isBefore(at.get());
        }

        /** The last of the times that have come by now, the first of which is {@code at}. */
        Instant last(Instant now) {
            return times.last(since, now).orElse(since);
        }

        Appointment plan(Instant next) {
            return new Appointment(action, next.atZone(zone));
        }
    }

    private final ZoneId zoneOfMonitor;
    private List<Line> lines = List.of();

    Timetable(ZoneId zoneOfMonitor) {
        this.zoneOfMonitor = zoneOfMonitor;
    }

    /**
     * Has the schedules of these processes, and no others, from now on.
     *
     * @return what is to be done at once: between its start and its stop, a process that is kept up
     *     is up
     */
    List<Due> follow(List<ProcessSpec> processes, Instant now) {
        List<Line> next = new ArrayList<>();
        List<Due> due = new ArrayList<>();
        for (ProcessSpec process : processes) {
            if (process.triggers().schedule().isEmpty()) {
                continue;
            }
            Schedule schedule = process.triggers().schedule().get();
            List<Line> same =
                    lines.stream()
                            .filter(l -> l.name().equals(process.id()))
                            .filter(l -> l.schedule().equals(schedule))
                            .toList();
            List<Line> own = same.isEmpty() ? lines(process.id(), schedule, now) : same;
            next.addAll(own);
            if (same.isEmpty() && process.restart() != RestartPolicy.NEVER && isBetween(own)) {
                due.add(new Due(process.id(), Schedule.Action.START));
            }
        }
        lines = next;
        return due;
    }

    private List<Line> lines(String name, Schedule schedule, Instant now) {
        ZoneId zone = schedule.zone().orElse(zoneOfMonitor);
        List<Line> own = new ArrayList<>();
        for (Schedule.Action action : Schedule.Action.values()) {
            Optional<Cron> cron = schedule.of(action);
            if (cron.isPresent()) {
                Times times = new Times(cron.get(), zone);
                own.add(new Line(name, schedule, action, zone, times, now, times.after(now)));
            }
        }
        return own;
    }

    /** Whether the next stop comes before the next start. */
    private static boolean isBetween(List<Line> own) {
        Optional<Instant> start = next(own, Schedule.Action.START);
        Optional<Instant> stop = next(own, Schedule.Action.STOP);
        return start.isPresent() && stop.isPresent() && stop.get().isBefore(start.get());
    }

    private static Optional<Instant> next(List<Line> own, Schedule.Action action) {
        return own.stream().filter(line -> line.action() == action).findFirst().flatMap(Line::at);
    }

    /** What has come due; of a process, what it comes to. */
    List<Due> due(Instant now) {
        List<Line> next = new ArrayList<>(lines.size());
        Map<String, Map<Schedule.Action, Line>> passed = new LinkedHashMap<>();
        for (Line line : lines) {
            boolean isDue = line.isDue(now);
            boolean setBack = now.isBefore(line.since().minus(SMALL_STEP));
            if (isDue) {
                passed.computeIfAbsent(line.name(), _ -> new EnumMap<>(Schedule.Action.class))
                        .put(line.action(), line);
            }
            next.add(isDue || setBack ? line.from(now) : line);
        }
        lines = next;
        List<Due> due = new ArrayList<>();
        passed.forEach(
                (name, own) -> outcome(own, now).forEach(action -> due.add(new Due(name, action))));
        return due;
    }

    /**
     * Of a start and a stop that have both passed, the later one says how things stand. A restart
     * comes before the start: it concerns what is up already.
     */
    private static List<Schedule.Action> outcome(Map<Schedule.Action, Line> passed, Instant now) {
        Optional<Line> start = Optional.ofNullable(passed.get(Schedule.Action.START));
        Optional<Line> stop = Optional.ofNullable(passed.get(Schedule.Action.STOP));
        boolean isDown =
                stop.isPresent()
                        && start.filter(s -> s.last(now).isAfter(stop.get().last(now))).isEmpty();
        return isDown
                ? List.of(Schedule.Action.STOP)
                : Stream.of(Schedule.Action.RESTART, Schedule.Action.START)
                        .filter(passed::containsKey)
                        .toList();
    }

    /** When something comes next; empty if nothing does. */
    Optional<Instant> next() {
        return lines.stream().flatMap(line -> line.at().stream()).min(Instant::compareTo);
    }

    /** What comes next to each process, each action once, the earliest first. */
    Map<String, List<Appointment>> plans() {
        Map<String, List<Appointment>> plans = new HashMap<>();
        for (Line line : lines) {
            line.at()
                    .map(line::plan)
                    .ifPresent(plan ->
                            plans.computeIfAbsent(line.name(), _ -> new ArrayList<>()).add(plan));
        }
        plans.values().forEach(own -> own.sort(Comparator.comparing(Appointment::at)));
        return plans;
    }
}
