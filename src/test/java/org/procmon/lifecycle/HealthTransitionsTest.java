package org.procmon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.procmon.config.Health.Remedy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.RunHealth.Condition;

/** What follows from what a run says and shows. */
class HealthTransitionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Ticks START = new Ticks(0);
    private static final Ticks LATER = START.plus(Duration.ofSeconds(3));
    private static final Ticks TOO_LATE = START.plus(PATIENCE);
    private static final ProcessSpec SPEC = process("web").notifies(PATIENCE).build();

    @Test
    void aStartThatIsNotReadyInTimeCountsAsARunThatEndedBadly() {
        ProcessStatus process = step(SPEC, spawned(SPEC), new Event.DeadlinePassed(), TOO_LATE);
        assertThat(process.state())
                .isInstanceOfSatisfying(
                        Stopping.class, s -> assertThat(s.why()).isEqualTo(StopReason.NOT_READY));
        process = gone(SPEC, process, 0);
        assertThat(process.tally().lastError())
                .contains(new StartError(0, "not ready within 30 s"));
        assertThat(process.tally().streak()).isEqualTo(1);
        process = step(SPEC, process, new Event.Spawned(8, 1), TOO_LATE);
        process = step(SPEC, process, new Event.DeadlinePassed(), TOO_LATE.plus(PATIENCE));
        assertThat(gone(SPEC, process, 0).state()).isInstanceOf(Backoff.class);
    }

    @Test
    void oneThatRunsToCompletionHasFailedThenHoweverItEnds() {
        ProcessSpec spec = process("job").restart(RestartPolicy.NEVER).notifies(PATIENCE).build();
        ProcessStatus process = step(spec, spawned(spec), new Event.DeadlinePassed(), TOO_LATE);
        assertThat(gone(spec, process, 0).state())
                .isEqualTo(
                        new Failed(
                                Optional.of(new StartError(0, "not ready within 30 s")), TOO_LATE));
    }

    @Test
    void givingUpCountsStartsThatWereNotReady() {
        ProcessSpec spec =
                process("web")
                        .notifies(PATIENCE)
                        .giveUp(0, Duration.ofHours(1), Optional.empty())
                        .build();
        ProcessStatus process = step(spec, spawned(spec), new Event.DeadlinePassed(), TOO_LATE);
        assertThat(gone(spec, process, 0).state()).isInstanceOf(Failed.class);
    }

    @Test
    void restartsAtOnceAfterMaxRuntime() {
        ProcessSpec spec = process("web").maxRuntime(PATIENCE).build();
        ProcessStatus process = step(spec, spawned(spec), new Event.DeadlinePassed(), LATER);
        assertThat(process.state()).isInstanceOf(Running.class);
        assertThat(Lifecycle.deadline(spec, process)).contains(TOO_LATE);
        process = step(spec, process, new Event.DeadlinePassed(), TOO_LATE);
        assertThat(process.state())
                .isInstanceOfSatisfying(
                        Stopping.class, s -> assertThat(s.why()).isEqualTo(StopReason.MAX_RUNTIME));
        process = gone(spec, process, 0);
        assertThat(process.state()).isInstanceOf(Waiting.class);
        assertThat(process.tally().streak()).isZero();
        assertThat(process.tally().lastError()).isEmpty();
    }

    @Test
    void aJobThatHasRunForAsLongAsItMayHasFailed() {
        ProcessSpec spec = process("job").restart(RestartPolicy.NEVER).maxRuntime(PATIENCE).build();
        ProcessStatus process = step(spec, spawned(spec), new Event.DeadlinePassed(), TOO_LATE);
        assertThat(gone(spec, process, 0).state())
                .isEqualTo(
                        new Failed(
                                Optional.of(new StartError(0, "did not end within 30 s")),
                                TOO_LATE));
    }

    @Test
    void howLongARunMayLastIsAMatterOfTheConfigurationAsItIsNow() {
        ProcessStatus process = spawned(process("web").maxRuntime(PATIENCE).build());
        ProcessSpec longer = process("web").maxRuntime(PATIENCE.multipliedBy(2)).build();
        Event passed = new Event.DeadlinePassed();
        assertThat(step(longer, process, passed, TOO_LATE)).isEqualTo(process);
        ProcessSpec unbounded = process("web").build();
        assertThat(Lifecycle.deadline(unbounded, process)).isEmpty();
    }

    @Test
    void aRunWithTooMuchMemoryCountsAsOneThatEndedBadly() {
        ProcessSpec spec = process("web").memoryMax(3 << 20).build();
        ProcessStatus process = spawned(spec);
        assertThat(step(spec, process, new Event.MemoryExceeded(1, 3 << 20), LATER))
                .isEqualTo(process);
        process = step(spec, process, new Event.MemoryExceeded(1, (3 << 20) + (1 << 19)), LATER);
        assertThat(process.state())
                .isInstanceOfSatisfying(
                        Stopping.class, s -> assertThat(s.why()).isEqualTo(StopReason.MEMORY));
        assertThat(process.tally().lastError())
                .contains(
                        new StartError(
                                0, "had 3.5 MiB of memory, more than the 3 MiB of 'memory_max'"));
        process = gone(spec, process, 0);
        assertThat(process.state()).isInstanceOf(Waiting.class);
        assertThat(process.tally().streak()).isEqualTo(1);
    }

    @Test
    void showsWhyItIsNotReadyUntilItIs() {
        Event refused = new Event.Probed(1, Optional.of("connection refused"));
        ProcessStatus process = step(SPEC, spawned(SPEC), refused, LATER);
        ProcessStatus ended = step(SPEC, process, new Event.DeadlinePassed(), TOO_LATE);
        assertThat(ended.tally().lastError())
                .contains(new StartError(0, "not ready within 30 s: connection refused"));
        ProcessStatus ready = step(SPEC, process, new Event.BecameReady(1), LATER);
        assertThat(ready.state()).isInstanceOf(Running.class);
        assertThat(ready.vitals()).isEqualTo(RunHealth.NONE);
    }

    @Test
    void showsAnImpossibleProbeWithoutCountingIt() {
        ProcessSpec spec = process("web").health(2, Remedy.RESTART).build();
        Event notAsked = told(new Notification.NotAsked("no room"));
        ProcessStatus process = step(spec, spawned(spec), look(true), LATER);
        for (int i = 0; i < 9; i++) {
            process = step(spec, process, notAsked, LATER);
        }
        assertThat(process.state()).isInstanceOf(Running.class);
        assertThat(process.vitals().health().isGood()).isTrue();
        assertThat(process.vitals().health().complaint()).isEqualTo("cannot be probed: no room");
        assertThat(step(spec, process, look(true), LATER).vitals().health().isDoubtful()).isFalse();
        process = step(spec, process, look(false), LATER);
        process = step(spec, process, notAsked, LATER);
        assertThat(process.vitals().health().failures()).isEqualTo(1);
        assertThat(step(spec, process, look(false), LATER).state()).isInstanceOf(Stopping.class);
    }

    @Test
    void moreTimeIsNeverLess() {
        ProcessStatus process = spawned(SPEC);
        ProcessStatus same = step(SPEC, process, more(Duration.ofSeconds(1)), LATER);
        assertThat(same).isEqualTo(process);
        ProcessStatus longer = step(SPEC, process, more(PATIENCE), LATER);
        assertThat(longer.state().deadline()).contains(LATER.plus(PATIENCE));
        ProcessStatus early = step(SPEC, longer, new Event.DeadlinePassed(), TOO_LATE);
        assertThat(early.state()).isInstanceOf(Starting.class);

        Event stop = new Event.Stop(StopReason.OPERATOR);
        ProcessStatus ending = step(SPEC, process, stop, LATER);
        ending = step(SPEC, ending, new Event.DependentsGone(), LATER);
        ending = step(SPEC, ending, more(PATIENCE), LATER);
        assertThat(ending.state().deadline()).contains(LATER.plus(PATIENCE));
    }

    @Test
    void losingReadinessChangesOnlyTheStatus() {
        ProcessStatus running = step(SPEC, spawned(SPEC), new Event.BecameReady(1), LATER);
        ProcessStatus reloading = step(SPEC, running, told(new Notification.Reloading()), LATER);
        assertThat(reloading.state()).isEqualTo(running.state());
        assertThat(reloading.vitals().condition()).isEqualTo(Condition.RELOADING);
        ProcessStatus later = step(SPEC, reloading, new Event.DeadlinePassed(), TOO_LATE);
        assertThat(later).isEqualTo(reloading);
        assertThat(step(SPEC, reloading, new Event.BecameReady(1), TOO_LATE)).isEqualTo(running);
    }

    @Test
    void onlyFailuresInARowStopARun() {
        ProcessSpec spec = process("web").health(3, Remedy.RESTART).build();
        ProcessStatus process = spawned(spec);
        for (boolean good : new boolean[] {false, false, true, false, false}) {
            process = step(spec, process, look(good), LATER);
            assertThat(process.state()).isInstanceOf(Running.class);
        }
        process = step(spec, process, look(false), LATER);
        assertThat(process.state())
                .isInstanceOfSatisfying(
                        Stopping.class, s -> assertThat(s.why()).isEqualTo(StopReason.UNHEALTHY));
        assertThat(process.tally().lastError())
                .contains(new StartError(0, "unhealthy: no answer, 3 times in a row"));
        assertThat(gone(spec, process, 0).state()).isInstanceOf(Waiting.class);
    }

    @Test
    void doesNotStopARunThatIsOnlyReported() {
        ProcessSpec spec = process("web").health(1, Remedy.REPORT).build();
        ProcessStatus process = spawned(spec);
        for (int i = 0; i < 5; i++) {
            process = step(spec, process, look(false), LATER);
        }
        assertThat(process.state()).isInstanceOf(Running.class);
        assertThat(process.vitals().health()).isEqualTo(new RunHealth.Health(true, 1, "no answer"));
    }

    @Test
    void doesNotStopAStoppingRunForFailedProbes() {
        ProcessSpec spec = process("web").health(1, Remedy.RESTART).build();
        ProcessStatus process = step(spec, spawned(spec), told(new Notification.Leaving()), LATER);
        assertThat(step(spec, process, look(false), LATER).state()).isInstanceOf(Running.class);
    }

    @Test
    void healthIsForgottenWithTheRun() {
        ProcessStatus process =
                step(SPEC, spawned(SPEC), told(new Notification.Status("hm")), LATER);
        process = step(SPEC, process, told(new Notification.Disbelieved("one")), LATER);
        process = step(SPEC, process, told(new Notification.Disbelieved("another")), LATER);
        assertThat(process.vitals().ignored()).contains("one");
        process = step(SPEC, process, new Event.DeadlinePassed(), TOO_LATE);
        assertThat(process.vitals().status()).contains("hm");
        assertThat(gone(SPEC, process, 0).vitals()).isEqualTo(RunHealth.NONE);
    }

    @Test
    void ignoresEventsOfAnotherRun() {
        ProcessSpec spec = process("web").health(1, Remedy.RESTART).watchdog(PATIENCE).build();
        ProcessStatus process = spawned(spec);
        for (long run : new long[] {0, 2}) {
            for (Event event :
                    new Event[] {
                        new Event.BecameReady(run),
                        new Event.Notified(run, new Notification.Leaving()),
                        new Event.Probed(run, Optional.of("no answer")),
                        new Event.WatchdogExpired(run)
                    }) {
                assertThat(step(spec, process, event, LATER)).isEqualTo(process);
            }
        }
    }

    private static Event look(boolean good) {
        return new Event.Probed(1, good ? Optional.empty() : Optional.of("no answer"));
    }

    private static Event told(Notification notification) {
        return new Event.Notified(1, notification);
    }

    private static Event more(Duration time) {
        return told(new Notification.MoreTime(time));
    }

    private static ProcessStatus spawned(ProcessSpec spec) {
        ProcessStatus waiting = new ProcessStatus(Goal.UP, new Waiting(START), RunCounters.NONE);
        return step(spec, waiting, new Event.Spawned(7, 1), START);
    }

    /** Its run ends, all of it, as it was told to. */
    private static ProcessStatus gone(ProcessSpec spec, ProcessStatus process, int code) {
        long run = process.tally().runs();
        Event exited = new Event.LeaderExited(run, new ExitStatus.Exited(code), ResourceUsage.NONE);
        Ticks now = process.state().since();
        return step(spec, step(spec, process, exited, now), new Event.GroupGone(run), now);
    }

    private static ProcessStatus step(
            ProcessSpec spec, ProcessStatus process, Event event, Ticks now) {
        return Lifecycle.step(spec, process, event, now).next();
    }
}
