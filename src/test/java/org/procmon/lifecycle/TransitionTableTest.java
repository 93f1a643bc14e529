package org.procmon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.config.Health.Remedy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;

/** Every state with every event: where it leads, and to which effects. */
class TransitionTableTest {
    private static final Ticks BEFORE = new Ticks(0);
    private static final Ticks NOW = new Ticks(Duration.ofSeconds(3).toNanos());
    private static final Run RUN = new Run(77, 770, 2, BEFORE);
    private static final RunExit EXIT =
            new RunExit(RUN, new ExitStatus.Exited(1), ResourceUsage.NONE, BEFORE);

    /**
     * Rows are events, columns are states; a cell is the next state and the effects, {@code .}
     * where nothing changes, {@code goal} where only the goal does, {@code why} where only the
     * reason or the knowledge does. held: no signal sent yet; told: the leader got its first;
     * remains: the leader is gone. The process restarts always.
     */
    private static final String TABLE =
            """
            event          | stopped | waiting    | starting       | running        | held            | told                | remains        | backoff | completed | failed
            Start          | waiting | .          | .              | .              | why             | why                 | why            | waiting | waiting   | waiting
            Restart        | waiting | .          | stopping       | stopping       | why             | why                 | why            | waiting | waiting   | waiting
            ParentRestarted| .       | .          | stopping       | stopping       | why             | why                 | why            | waiting | waiting   | waiting
            Stop           | .       | stopped    | stopping       | stopping       | goal            | goal                | goal           | stopped | stopped   | stopped
            Delete         | goal ~  | stopped ~  | stopping       | stopping       | goal            | goal                | goal           | stopped ~| stopped ~| stopped ~
            DependenciesMet| .       | . spawn    | .              | .              | .               | .                   | .              | .       | .         | .
            DependentsGone | .       | .          | .              | .              | why TERM CONT   | .                   | .              | .       | .         | .
            Spawned        | .       | running    | .              | .              | .               | .                   | .              | .       | .         | .
            RanUnseen      | .       | backoff    | .              | .              | .               | .                   | .              | .       | .         | .
            SpawnFailed    | .       | backoff    | .              | .              | .               | .                   | .              | .       | .         | .
            LeaderExited   | .       | .          | stopping probe | stopping probe | why probe       | why probe           | why probe      | .       | .         | .
            GroupGone      | .       | .          | .              | .              | .               | .                   | waiting        | .       | .         | .
            GroupLingers   | .       | .          | .              | .              | .               | .                   | why            | .       | .         | .
            Survived       | .       | .          | .              | .              | .               | .                   | why survivors  | .       | .         | .
            DeadlinePassed | .       | .          | running        | .              | .               | why KILL            | why KILL       | waiting | .         | .
            TimeCame       | .       | .          | .              | .              | .               | .                   | .              | .       | waiting   | waiting
            FilesChanged   | .       | .          | stopping       | stopping       | .               | .                   | .              | waiting | .         | waiting
            Refresh        | waiting | .          | stopping       | stopping       | why             | why                 | why            | waiting | waiting   | waiting
            HookEnded      | .       | .          | .              | .              | .               | .                   | .              | .       | .         | .
            Hurry          | .       | .          | .              | .              | why KILL        | why KILL            | why KILL       | .       | .         | .
            BecameReady    | .       | .          | running        | .              | .               | .                   | .              | .       | .         | .
            Told           | .       | .          | why            | why            | why             | why                 | why            | .       | .         | .
            Looked         | .       | .          | why            | .              | .               | .                   | .              | .       | .         | .
            FellSilent     | .       | .          | .              | .              | .               | .                   | .              | .       | .         | .
            Outgrew        | .       | .          | .              | .              | .               | .                   | .              | .       | .         | .
            """;

    /**
     * The rows that differ where the process has to show that it is up, and remains so, and is
     * bounded.
     */
    private static final String CHECKED =
            """
            event          | stopped | waiting    | starting       | running        | held            | told                | remains        | backoff | completed | failed
            Spawned        | .       | starting   | .              | .              | .               | .                   | .              | .       | .         | .
            Looked         | .       | .          | why            | stopping       | .               | .                   | .              | .       | .         | .
            FellSilent     | .       | .          | .              | stopping       | .               | .                   | .              | .       | .         | .
            Outgrew        | .       | .          | stopping       | stopping       | .               | .                   | .              | .       | .         | .
            DeadlinePassed | .       | .          | stopping       | stopping       | .               | why KILL            | why KILL       | waiting | .         | .
            """;

    /**
     * Where there are hooks around the runs. hooked: the one before the start runs; allowed: it has
     * done well; over: the one after the run runs. The deadlines are reached.
     */
    private static final String HOOKED =
            """
            event          | waiting         | hooked          | allowed | running        | remains        | over
            Start          | .               | .               | .       | .              | why            | why
            Restart        | .               | .               | .       | stopping       | why            | why
            ParentRestarted| .               | .               | .       | stopping       | why            | why
            Stop           | stopped         | stopped cancel  | stopped | stopping       | goal           | goal
            Delete         | stopped ~       | stopped cancel ~| stopped ~| stopping      | goal           | goal
            DependenciesMet| why before_start| .               | . spawn | .              | .              | .
            DependentsGone | .               | .               | .       | .              | .              | .
            Spawned        | running         | running         | running | .              | .              | .
            RanUnseen      | stopping after_stop | stopping after_stop | stopping after_stop | . | .           | .
            SpawnFailed    | backoff         | backoff         | backoff | .              | .              | .
            LeaderExited   | .               | .               | .       | stopping probe | why probe      | .
            GroupGone      | .               | .               | .       | .              | why after_stop | .
            GroupLingers   | .               | .               | .       | .              | why            | .
            Survived       | .               | .               | .       | .              | why survivors  | .
            HookEnded      | .               | why             | .       | .              | .              | waiting
            HookFailed     | .               | backoff         | .       | .              | .              | waiting complain
            LateHook       | .               | .               | .       | .              | .              | .
            DeadlinePassed | .               | backoff cancel  | .       | .              | why KILL       | waiting cancel complain
            TimeCame       | .               | .               | .       | .              | .              | .
            FilesChanged   | .               | .               | .       | stopping       | .              | .
            Refresh        | .               | .               | .       | stopping       | why            | why
            Hurry          | .               | .               | .       | .              | why KILL       | waiting cancel
            BecameReady    | .               | .               | .       | .              | .              | .
            Told           | .               | .               | .       | why            | why            | .
            Looked         | .               | .               | .       | .              | .              | .
            FellSilent     | .               | .               | .       | .              | .              | .
            Outgrew        | .               | .               | .       | .              | .              | .
            """;

    private static final StartError TROUBLE = new StartError(0, "exited with code 3");
    private static final HookRun HOOK = new HookRun(BEFORE, NOW);

    private static final ProcessSpec HOOKED_SPEC =
            process("web")
                    .beforeStart(Duration.ofSeconds(3))
                    .afterStop(Duration.ofSeconds(3))
                    .build();

    private static final ProcessSpec CHECKED_SPEC =
            process("web")
                    .notifies(Duration.ofSeconds(30))
                    .health(1, Remedy.RESTART)
                    .watchdog(Duration.ofSeconds(30))
                    .memoryMax(1 << 20)
                    .maxRuntime(Duration.ofSeconds(3))
                    .build();

    private static Map<String, ProcessState> states() {
        Map<String, ProcessState> states = new LinkedHashMap<>();
        states.put("stopped", new Stopped(StopReason.OPERATOR, BEFORE));
        states.put("waiting", new Waiting(BEFORE));
        states.put("hooked", new Waiting(BEFORE).in(HOOK));
        states.put("allowed", new Waiting(BEFORE).in(new HookProgress.Done()));
        states.put("over", stopping(1, Optional.of(EXIT)).followedBy(HOOK));
        states.put("starting", new Starting(RUN, NOW));
        states.put("running", new Running(RUN));
        states.put("held", stopping(0, Optional.empty()));
        states.put("told", stopping(1, Optional.empty()));
        states.put("remains", stopping(1, Optional.of(EXIT)));
        states.put("backoff", new Backoff(1, NOW, BEFORE));
        states.put("completed", new Completed(BEFORE));
        states.put("failed", new Failed(Optional.empty(), BEFORE));
        return states;
    }

    private static Stopping stopping(int sent, Optional<RunExit> exit) {
        return new Stopping(RUN, StopReason.OPERATOR, sent, NOW, exit, NOW, BEFORE);
    }

    private static Event event(String name) {
        return switch (name) {
            case "Start" -> new Event.Start();
            case "Restart" -> new Event.Restart(StopReason.RESTART);
            case "ParentRestarted" -> new Event.ParentRestarted();
            case "Stop" -> new Event.Stop(StopReason.OPERATOR);
            case "Delete" -> new Event.Delete(StopReason.OPERATOR);
            case "DependenciesMet" -> new Event.DependenciesMet();
            case "DependentsGone" -> new Event.DependentsGone();
            case "Spawned" -> new Event.Spawned(78, 780);
            case "RanUnseen" -> new Event.ExitedUnobserved();
            case "SpawnFailed" -> new Event.SpawnFailed(new StartError(2, "no such file"));
            case "LeaderExited" ->
                    new Event.LeaderExited(
                            RUN.number(), new ExitStatus.Exited(0), ResourceUsage.NONE);
            case "GroupGone" -> new Event.GroupGone(RUN.number());
            case "GroupLingers" -> new Event.GroupNotEmpty(RUN.number());
            case "Survived" -> new Event.EscapeesFound(RUN.number(), List.of("pid 7 (sleep)"));
            case "Outgrew" -> new Event.MemoryExceeded(RUN.number(), 2 << 20);
            case "HookEnded" -> new Event.HookEnded(BEFORE, Optional.empty());
            case "HookFailed" -> new Event.HookEnded(BEFORE, Optional.of(TROUBLE));
            case "LateHook" -> new Event.HookEnded(NOW, Optional.empty());
            case "DeadlinePassed" -> new Event.DeadlinePassed();
            case "TimeCame" -> new Event.ScheduleFired(Schedule.Action.START);
            case "FilesChanged" -> new Event.FilesChanged();
            case "Refresh" -> new Event.Refresh();
            case "Hurry" -> new Event.ForceKill();
            case "BecameReady" -> new Event.BecameReady(RUN.number());
            case "Told" -> new Event.Notified(RUN.number(), new Notification.Status("busy"));
            case "Looked" -> new Event.Probed(RUN.number(), Optional.of("no answer"));
            case "FellSilent" -> new Event.WatchdogExpired(RUN.number());
            default -> throw new AssertionError("no event " + name);
        };
    }

    record Cell(ProcessSpec spec, String event, String state, String expected) {
        @Override
        public String toString() {
            return event + " in " + state + ": " + expected;
        }
    }

    static Stream<Cell> cells() {
        return Stream.of(
                        cells(TABLE, spec(RestartPolicy.ALWAYS)),
                        cells(CHECKED, CHECKED_SPEC),
                        cells(HOOKED, HOOKED_SPEC))
                .flatMap(table -> table);
    }

    private static Stream<Cell> cells(String table, ProcessSpec spec) {
        List<String> lines = table.lines().toList();
        String[] states = lines.getFirst().split("\\|", -1);
        List<Cell> cells = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] row = line.split("\\|", -1);
            for (int i = 1; i < row.length; i++) {
                cells.add(new Cell(spec, row[0].strip(), states[i].strip(), row[i].strip()));
            }
        }
        return cells.stream();
    }

    @Test
    void theTableCoversEveryEvent() {
        for (String table : List.of(TABLE, HOOKED)) {
            assertThat(
                            cells(table, HOOKED_SPEC)
                                    .map(cell -> event(cell.event()).getClass())
                                    .collect(Collectors.toSet()))
                    .hasSameSizeAs(Event.class.getPermittedSubclasses());
        }
        assertThat(cells()).hasSize((25 + 5) * 10 + 27 * 6);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aCellSaysWhatFollows(Cell cell) {
        ProcessState state = Objects.requireNonNull(states().get(cell.state()));
        Goal goal = state instanceof Stopped ? Goal.DOWN : Goal.UP;
        RunCounters runCounters = new RunCounters(2, 77, Optional.of(EXIT), Optional.empty(), 1);
        ProcessStatus before = new ProcessStatus(goal, state, runCounters);
        Step step = Lifecycle.step(cell.spec(), before, event(cell.event()), NOW);
        assertThat(summary(before, step)).isEqualTo(cell.expected());
    }

    private static String summary(ProcessStatus before, Step step) {
        ProcessStatus after = step.next();
        String next;
        if (after.state().phase() != before.state().phase()) {
            next = after.state().phase().wireName();
        } else if (after.goal() != before.goal()) {
            next = "goal";
        } else {
            next = after.equals(before) ? "." : "why";
        }
        return Stream.concat(
                        Stream.of(next), step.effects().stream().map(TransitionTableTest::text))
                .collect(Collectors.joining(" "));
    }

    private static String text(Effect effect) {
        return switch (effect) {
            case Effect.Spawn _ -> "spawn";
            case Effect.SignalGroup signal -> signal.signal().name();
            case Effect.SignalLeader signal -> signal.signal().name();
            case Effect.StopLeader signal -> "main:" + signal.signal().name();
            case Effect.KillSurvivors _ -> "survivors";
            case Effect.ProbeGroup _ -> "probe";
            case Effect.RunHook hook -> hook.kind().key();
            case Effect.CancelHook _ -> "cancel";
            case Effect.HookFailed _ -> "complain";
            case Effect.Forget _ -> "~";
        };
    }

    @ParameterizedTest
    @MethodSource("ends")
    void thePolicyDecidesWhatFollowsAnEnd(RestartPolicy policy, int code, Phase expected) {
        ProcessStatus running = new ProcessStatus(Goal.UP, new Running(RUN), RunCounters.NONE);
        Event exited =
                new Event.LeaderExited(
                        RUN.number(), new ExitStatus.Exited(code), ResourceUsage.NONE);
        ProcessStatus next = Lifecycle.step(spec(policy), running, exited, NOW).next();
        if (next.state() instanceof Stopping) {
            next = Lifecycle.step(spec(policy), next, new Event.GroupGone(2), NOW).next();
        }
        assertThat(next.state().phase()).isEqualTo(expected);
    }

    static Stream<Object[]> ends() {
        return Stream.of(
                new Object[] {RestartPolicy.ALWAYS, 0, Phase.WAITING},
                new Object[] {RestartPolicy.ALWAYS, 1, Phase.WAITING},
                new Object[] {RestartPolicy.ON_FAILURE, 0, Phase.COMPLETED},
                new Object[] {RestartPolicy.ON_FAILURE, 1, Phase.WAITING},
                new Object[] {RestartPolicy.NEVER, 0, Phase.COMPLETED},
                new Object[] {RestartPolicy.NEVER, 1, Phase.FAILED});
    }

    @Test
    void aSpawnThatFailsIsRetriedLaterUnlessItRunsOnce() {
        ProcessStatus waiting = new ProcessStatus(Goal.UP, new Waiting(BEFORE), RunCounters.NONE);
        Event failed = new Event.SpawnFailed(new StartError(2, "no such file"));
        ProcessStatus once = Lifecycle.step(spec(RestartPolicy.NEVER), waiting, failed, NOW).next();
        ProcessStatus always =
                Lifecycle.step(spec(RestartPolicy.ALWAYS), waiting, failed, NOW).next();
        assertThat(once.state().phase()).isEqualTo(Phase.FAILED);
        assertThat(always.state().deadline())
                .hasValueSatisfying(at -> assertThat(at.since(NOW)).isBetween(ms(90), ms(110)));
        assertThat(always.tally().runs()).isZero();
    }

    @Test
    void delaysGrowFromTheFirstShortRunToTheCap() {
        ProcessStatus process = new ProcessStatus(Goal.UP, new Waiting(BEFORE), RunCounters.NONE);
        ProcessSpec spec = spec(RestartPolicy.ALWAYS);
        List<String> delays = new ArrayList<>();
        Ticks now = BEFORE;
        for (int i = 0; i < 12; i++) {
            process = Lifecycle.step(spec, process, new Event.Spawned(100 + i, 1), now).next();
            long run = process.tally().runs();
            Event exited =
                    new Event.LeaderExited(run, new ExitStatus.Exited(1), ResourceUsage.NONE);
            process = Lifecycle.step(spec, process, exited, now).next();
            process = Lifecycle.step(spec, process, new Event.GroupGone(run), now).next();
            Ticks until = process.state().deadline().orElse(now);
            double seconds = until.since(now).toNanos() / 1e9;
            delays.add(String.format(Locale.ROOT, "%.0e", seconds).substring(0, 1));
            assertThat(seconds).isLessThanOrEqualTo(30);
            now = until;
            if (process.state() instanceof Backoff) {
                process = Lifecycle.step(spec, process, new Event.DeadlinePassed(), now).next();
            }
        }
        // 0, then 0.1 0.2 0.4 0.8 1.6 3.2 6.4 12.8 25.6 30 30, each a tenth more or less.
        assertThat(delays.getFirst()).isEqualTo("0");
        assertThat(now.since(BEFORE)).isBetween(Duration.ofSeconds(95), Duration.ofSeconds(125));
    }

    @Test
    void aLongRunEndsTheSeriesOfDelays() {
        RunCounters streak = new RunCounters(5, 77, Optional.empty(), Optional.empty(), 7);
        ProcessStatus running = new ProcessStatus(Goal.UP, new Running(RUN), streak);
        Ticks later = BEFORE.plus(Duration.ofSeconds(10));
        Event exited = new Event.LeaderExited(2, new ExitStatus.Exited(1), ResourceUsage.NONE);
        ProcessSpec spec = spec(RestartPolicy.ALWAYS);
        ProcessStatus next = Lifecycle.step(spec, running, exited, later).next();
        next = Lifecycle.step(spec, next, new Event.GroupGone(2), later).next();
        assertThat(next.state()).isInstanceOf(Waiting.class);
        assertThat(next.tally().streak()).isEqualTo(1);
    }

    @Test
    void givesUpAfterTooManyRestartsAndRetriesWithAFreshAllowance() {
        Duration minute = Duration.ofMinutes(1);
        Duration hour = Duration.ofHours(1);
        ProcessSpec spec = process("web").giveUp(2, minute, Optional.of(hour)).build();
        ProcessStatus process = new ProcessStatus(Goal.UP, new Waiting(BEFORE), RunCounters.NONE);

        process = endsAfter(spec, process, ms(1));
        process = endsAfter(spec, process, ms(1));
        assertThat(process.state().phase()).isEqualTo(Phase.BACKOFF);
        process = endsAfter(spec, process, ms(1));
        assertThat(process.state().phase()).isEqualTo(Phase.FAILED);
        Ticks failed = process.state().since();
        assertThat(process.state().deadline()).contains(failed.plus(hour));
        assertThat(process.goal()).isEqualTo(Goal.UP);

        Event passed = new Event.DeadlinePassed();
        process = Lifecycle.step(spec, process, passed, failed.plus(minute)).next();
        assertThat(process.state().phase()).isEqualTo(Phase.FAILED);
        process = Lifecycle.step(spec, process, passed, failed.plus(hour)).next();
        assertThat(process.state()).isInstanceOf(Waiting.class);
        process = endsAfter(spec, endsAfter(spec, process, ms(1)), ms(1));
        assertThat(process.state().phase()).isEqualTo(Phase.BACKOFF);
        process = endsAfter(spec, process, ms(1));
        assertThat(process.state().phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void restartsOfLongAgoDoNotCountAgainstAProcess() {
        ProcessSpec spec =
                process("web").giveUp(1, Duration.ofMinutes(1), Optional.empty()).build();
        ProcessStatus process = new ProcessStatus(Goal.UP, new Waiting(BEFORE), RunCounters.NONE);
        for (int i = 0; i < 5; i++) {
            process = endsAfter(spec, process, Duration.ofMinutes(1));
            assertThat(process.state()).isInstanceOf(Waiting.class);
        }
        assertThat(process.tally().restarts()).hasSize(1);
        process = endsAfter(spec, process, ms(1));
        assertThat(process.state())
                .isEqualTo(new Failed(Optional.empty(), process.state().since()));
    }

    @Test
    void failuresToStartAndCommandsCountAsOneWouldExpect() {
        ProcessSpec spec =
                process("web").giveUp(0, Duration.ofMinutes(1), Optional.empty()).build();
        StartError error = new StartError(2, "no such file");
        ProcessStatus waiting = new ProcessStatus(Goal.UP, new Waiting(BEFORE), RunCounters.NONE);
        ProcessStatus failed =
                Lifecycle.step(spec, waiting, new Event.SpawnFailed(error), NOW).next();
        assertThat(failed.state()).isEqualTo(new Failed(Optional.of(error), NOW));

        ProcessStatus wanted = Lifecycle.step(spec, failed, new Event.Start(), NOW).next();
        assertThat(wanted.state()).isInstanceOf(Waiting.class);
        assertThat(wanted.tally().restarts()).isEmpty();
    }

    /** One more run, from the state that comes before one. */
    private static ProcessStatus endsAfter(ProcessSpec spec, ProcessStatus process, Duration ran) {
        Ticks now = process.state().deadline().orElse(process.state().since());
        if (process.state() instanceof Backoff) {
            process = Lifecycle.step(spec, process, new Event.DeadlinePassed(), now).next();
        }
        process = Lifecycle.step(spec, process, new Event.Spawned(78, 1), now).next();
        long run = process.tally().runs();
        Ticks end = now.plus(ran);
        Event exited = new Event.LeaderExited(run, new ExitStatus.Exited(1), ResourceUsage.NONE);
        process = Lifecycle.step(spec, process, exited, end).next();
        return Lifecycle.step(spec, process, new Event.GroupGone(run), end).next();
    }

    @Test
    void theRestartDelayComesBeforeTheFirstRestartToo() {
        ProcessSpec spec = process("web").restartDelay(Duration.ofSeconds(5)).build();
        ProcessStatus running = new ProcessStatus(Goal.UP, new Running(RUN), RunCounters.NONE);
        Event exited = new Event.LeaderExited(2, new ExitStatus.Exited(1), ResourceUsage.NONE);
        ProcessStatus next = Lifecycle.step(spec, running, exited, NOW).next();
        next = Lifecycle.step(spec, next, new Event.GroupGone(2), NOW).next();
        assertThat(next.state().deadline()).contains(NOW.plus(Duration.ofSeconds(5)));
    }

    @Test
    void stoppingADeletedProcessDoesNotTakeTheDeletionBack() {
        ProcessStatus deleted =
                new ProcessStatus(Goal.FORGOTTEN, stopping(1, Optional.empty()), RunCounters.NONE);
        Event stop = new Event.Stop(StopReason.SHUTDOWN);
        ProcessStatus next = Lifecycle.step(spec(RestartPolicy.ALWAYS), deleted, stop, NOW).next();
        assertThat(next.goal()).isEqualTo(Goal.FORGOTTEN);
    }

    private static ProcessSpec spec(RestartPolicy policy) {
        return process("web").restart(policy).build();
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }
}
