package org.procmon.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.procmon.config.Exec;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.RecentRuns;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.JournalEntry;

/** Things to keep: one of every kind, and any number of random ones. */
final class Samples {
    static final Exec EXEC = new Exec("sleep 1000", List.of("sleep", "1000"));
    static final Run RUN = new Run(4711, 123_456, 7, new Ticks(5_000_000_000L));
    static final RunExit EXIT =
            new RunExit(
                    new Run(4000, 123_000, 6, new Ticks(3_000_000_000L)),
                    new ExitStatus.Exited(3),
                    new ResourceUsage(
                            Duration.ofNanos(1_234_567_891), Duration.ofMillis(5), 987_654_321),
                    new Ticks(4_999_999_999L));

    private Samples() {}

    static JournalEntry kept(String name, Goal goal, ProcessState state) {
        return new JournalEntry(
                name,
                EXEC,
                StopPlan.DEFAULT,
                new ProcessStatus(
                        goal,
                        state,
                        new RunCounters(7, 4711, Optional.of(EXIT), Optional.empty(), 2)),
                OptionalLong.empty());
    }

    static JournalEntry running(String name) {
        return kept(name, Goal.UP, new ProcessState.Running(RUN));
    }

    static JournalEntry stopped(String name) {
        return kept(
                name,
                Goal.DOWN,
                new ProcessState.Stopped(StopReason.OPERATOR, new Ticks(6_000_000_000L)));
    }

    /** Every state, with and without whatever is optional in it. */
    static Map<String, ProcessState> states() {
        Ticks at = new Ticks(6_000_000_000L);
        Ticks later = new Ticks(Long.MAX_VALUE);
        StartError error = new StartError(2, "cannot execute '/no/such': No such file");
        Map<String, ProcessState> states = new LinkedHashMap<>();
        for (StopReason why : StopReason.values()) {
            states.put("stopped " + why, new ProcessState.Stopped(why, at));
            states.put(
                    "stopping " + why,
                    new ProcessState.Stopping(RUN, why, 0, at, Optional.empty(), at, at));
        }
        for (ExitStatus status :
                List.of(
                        new ExitStatus.Exited(0),
                        new ExitStatus.Exited(255),
                        new ExitStatus.Signaled(9),
                        new ExitStatus.Signaled(64),
                        new ExitStatus.Unknown())) {
            states.put(
                    "stopping, " + status,
                    new ProcessState.Stopping(
                            RUN,
                            StopReason.ENDED,
                            2,
                            later,
                            Optional.of(new RunExit(RUN, status, ResourceUsage.NONE, at)),
                            new Ticks(Long.MIN_VALUE),
                            at));
        }
        Run unseen = new Run(Run.NO_PID, 0, RUN.number(), RUN.started());
        states.put(
                "stopping after a run that nobody saw",
                new ProcessState.Stopping(
                        unseen,
                        StopReason.ENDED,
                        0,
                        at,
                        Optional.of(
                                new RunExit(
                                        unseen, new ExitStatus.Unknown(), ResourceUsage.NONE, at)),
                        at,
                        at));
        states.put("waiting", new ProcessState.Waiting(at));
        states.put("starting", new ProcessState.Starting(RUN, later));
        states.put("running", new ProcessState.Running(RUN));
        states.put("backoff", new ProcessState.Backoff(12, later, at));
        states.put("completed", new ProcessState.Completed(at));
        states.put("failed", new ProcessState.Failed(Optional.empty(), at));
        states.put("failed to start", new ProcessState.Failed(Optional.of(error), at));
        states.put(
                "failed for a while",
                new ProcessState.Failed(Optional.empty(), Optional.of(later), at));
        return states;
    }

    /** One of {@link #states()}. */
    static ProcessState state(String name) {
        return Objects.requireNonNull(states().get(name), name);
    }

    private static List<Ticks> restarts(Random random) {
        return random.longs(random.nextInt(4)).mapToObj(Ticks::new).toList();
    }

    private static RecentRuns diary(Random random) {
        if (random.nextBoolean()) {
            return RecentRuns.EMPTY;
        }
        List<RunExit> runs = new ArrayList<>();
        for (int i = random.nextInt(RecentRuns.LONGEST + 1); i > 0; i--) {
            runs.add(exit(random));
        }
        return new RecentRuns(runs, random.nextInt(100), random.nextBoolean());
    }

    /** Anything that a monitor could keep, plausible or not. */
    static JournalEntry random(String name, Random random) {
        ProcessState state = state(random);
        long runs = state.run().map(Run::number).orElse(0L) + random.nextInt(3);
        return new JournalEntry(
                name,
                new Exec(text(random), words(random)),
                stop(random),
                new ProcessStatus(
                        pick(random, Goal.values()),
                        state,
                        new RunCounters(
                                runs,
                                random.nextInt(Integer.MAX_VALUE),
                                random.nextBoolean() ? Optional.of(exit(random)) : Optional.empty(),
                                random.nextBoolean()
                                        ? Optional.of(error(random))
                                        : Optional.empty(),
                                random.nextInt(Integer.MAX_VALUE),
                                restarts(random),
                                diary(random))),
                random.nextBoolean()
                        ? OptionalLong.of(1 + random.nextInt(1000))
                        : OptionalLong.empty(),
                text(random));
    }

    private static ProcessState state(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new ProcessState.Stopped(pick(random, StopReason.values()), ticks(random));
            case 1 -> new ProcessState.Waiting(ticks(random));
            case 2 -> new ProcessState.Starting(run(random), ticks(random));
            case 3 -> new ProcessState.Running(run(random));
            case 4 ->
                    new ProcessState.Stopping(
                            run(random),
                            pick(random, StopReason.values()),
                            random.nextInt(10),
                            ticks(random),
                            random.nextBoolean() ? Optional.of(exit(random)) : Optional.empty(),
                            ticks(random),
                            ticks(random));
            case 5 -> new ProcessState.Backoff(random.nextInt(100), ticks(random), ticks(random));
            case 6 -> new ProcessState.Completed(ticks(random));
            default ->
                    new ProcessState.Failed(
                            random.nextBoolean() ? Optional.of(error(random)) : Optional.empty(),
                            ticks(random));
        };
    }

    private static StopPlan stop(Random random) {
        List<StopPlan.Step> steps = new ArrayList<>();
        do {
            steps.add(
                    new StopPlan.Step(
                            pick(random, Signal.values()),
                            Duration.ofNanos(random.nextLong() >>> 1)));
        } while (random.nextInt(3) == 0);
        return new StopPlan(steps, pick(random, StopPlan.Target.values()), random.nextBoolean());
    }

    private static Run run(Random random) {
        return new Run(
                2 + random.nextInt(4_000_000),
                random.nextLong() >>> 1,
                1 + random.nextInt(1_000_000),
                ticks(random));
    }

    private static RunExit exit(Random random) {
        ExitStatus status =
                switch (random.nextInt(3)) {
                    case 0 -> new ExitStatus.Exited(random.nextInt(256));
                    case 1 -> new ExitStatus.Signaled(1 + random.nextInt(64));
                    default -> new ExitStatus.Unknown();
                };
        ResourceUsage resourceUsage =
                new ResourceUsage(
                        Duration.ofNanos(random.nextLong() >>> 1),
                        Duration.ofMillis(random.nextInt(10_000)),
                        random.nextLong() >>> 1);
        return new RunExit(run(random), status, resourceUsage, ticks(random));
    }

    private static StartError error(Random random) {
        return new StartError(random.nextInt(134), text(random), random.nextBoolean());
    }

    private static Ticks ticks(Random random) {
        return new Ticks(random.nextLong());
    }

    private static List<String> words(Random random) {
        List<String> words = new ArrayList<>();
        do {
            words.add(text(random));
        } while (random.nextInt(3) != 0);
        return words;
    }

    /** Any characters at all, halves of surrogate pairs among them. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append((char) random.nextInt(0x10000));
                case 1 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                case 2 -> text.append("\"\\\n\0\u007f".charAt(random.nextInt(5)));
                default -> text.append((char) (' ' + random.nextInt(95)));
            }
        }
        return text.toString();
    }

    static <E> E pick(Random random, E[] values) {
        return values[random.nextInt(values.length)];
    }
}
