package org.procmon.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.config.Exec;
import org.procmon.config.Hook;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.events.EventLog;
import org.procmon.events.NumberedEvent;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommand.Outcome;

/** Hooks whose programs are futures in the hands of the test. */
@Timeout(60)
class FailureHooksTest {
    private static final Ticks NOW = new Ticks(0);
    private static final Run RUN = new Run(42, 1, 1, NOW);
    private static final ProcessStatus RUNNING =
            new ProcessStatus(Goal.UP, new ProcessState.Running(RUN), RunCounters.NONE);
    private static final Outcome GOOD = new Outcome.Ended(new ExitStatus.Exited(0));
    private static final Outcome BAD = new Outcome.Ended(new ExitStatus.Exited(1));

    private record Begun(HelperCommand errand, CompletableFuture<Outcome> outcome) {}

    private final BlockingQueue<Begun> begun = new LinkedBlockingQueue<>();
    private final Semaphore allTold = new Semaphore(0);
    private final EventLog eventLog = new EventLog(() -> NOW, InstantSource.system());
    private final long before = eventLog.last();
    private final FailureHooks hooks =
            new FailureHooks(
                    this::begin,
                    (event, _, times) -> event.text() + " times " + times,
                    eventLog,
                    () -> allTold.release(),
                    Duration.ZERO,
                    List.of(Duration.ofMillis(1), Duration.ofMillis(1)));

    @AfterEach
    void close() {
        hooks.hurry();
    }

    @Test
    void itsProgramGetsTheStory() throws Exception {
        fail("web");
        Begun hook = next();
        assertThat(hook.errand().exec().argv()).containsExactly("notify");
        assertThat(hook.errand().of().id()).isEqualTo("web");
        assertThat(hook.errand().limit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(hook.errand().input())
                .isEqualTo("web: failed, exited with code 3 after 0 ms times 1");
        hook.outcome().complete(GOOD);
        assertThat(hooks.trouble("web")).isEmpty();
        assertThat(begun).isEmpty();
    }

    @Test
    void reportsFailuresDuringAHookTogether() throws Exception {
        fail("web");
        Begun first = next();
        for (int i = 0; i < 5; i++) {
            fail("web");
        }
        assertThat(begun).isEmpty();
        first.outcome().complete(GOOD);
        Begun second = next();
        assertThat(second.errand().input()).endsWith(" times 5");
        second.outcome().complete(GOOD);
        fail("web");
        assertThat(next().errand().input()).endsWith(" times 1");
    }

    @Test
    void onlyAFewRunAtATime() throws Exception {
        List<Begun> running = new ArrayList<>();
        for (int i = 0; i < FailureHooks.MOST + 3; i++) {
            fail("p" + i);
        }
        for (int i = 0; i < FailureHooks.MOST; i++) {
            running.add(next());
        }
        assertThat(begun.poll(100, TimeUnit.MILLISECONDS)).isNull();
        running.removeFirst().outcome().complete(GOOD);
        assertThat(next()).isNotNull();
        assertThat(begun.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void retriesAFailedHookTwiceAndReportsIt() throws Exception {
        fail("web");
        next().outcome().complete(BAD);
        Begun second = next();
        assertThat(hooks.trouble("web")).hasValue("on_failure: exited with code 1");
        second.outcome().complete(new Outcome.TimedOut());
        Begun third = next();
        assertThat(hooks.trouble("web"))
                .hasValue("on_failure: was killed, it had not ended after 5 s");
        assertThat(third.errand()).isEqualTo(second.errand());
        third.outcome().complete(new Outcome.NotStarted(new StartError(2, "cannot execute 'x'")));
        await().until(() -> texts().size() == 3);
        assertThat(texts())
                .containsExactly(
                        "web: hook on_failure, exited with code 1; it is tried again in 1 ms",
                        "web: hook on_failure, was killed, it had not ended after 5 s; it is"
                                + " tried again in 1 ms",
                        "web: hook on_failure, cannot execute 'x'; it is not tried again");
        assertThat(begun).isEmpty();
    }

    @Test
    void aHookThatSucceedsTakesTheTroubleAway() throws Exception {
        fail("web");
        next().outcome().complete(BAD);
        next().outcome().complete(GOOD);
        await().until(() -> hooks.trouble("web").isEmpty());
    }

    @Test
    void runsTheHookForFailuresOnly() throws Exception {
        ProcessState backoff = new ProcessState.Backoff(0, NOW, NOW);
        changed(RUNNING, view("web", backoff, tally(0)));
        changed(RUNNING, view("web", new ProcessState.Completed(NOW), tally(0)));
        changed(RUNNING, view("web", new ProcessState.Waiting(NOW), tally(3)));
        changed(stopping(StopReason.RESTART), view("web", new ProcessState.Waiting(NOW), tally(3)));
        changed(stopping(StopReason.ENDED), view("web", new ProcessState.Waiting(NOW), tally(0)));
        ProcessStatus failed =
                new ProcessStatus(
                        Goal.UP, new ProcessState.Failed(Optional.empty(), NOW), tally(3));
        changed(failed, view("web", failed.state(), tally(3)));
        assertThat(begun.poll(100, TimeUnit.MILLISECONDS)).isNull();

        changed(RUNNING, view("web", backoff, tally(3)));
        assertThat(next().errand().input()).startsWith("web: backoff, exited with code 3");
        RunCounters notStarted =
                new RunCounters(0, 0, Optional.empty(), Optional.of(new StartError(2, "no")), 0);
        changed(RUNNING, view("job", backoff, notStarted));
        assertThat(next().errand().input()).startsWith("job: backoff, no");
    }

    @Test
    void aBadEndIsAFailureEvenIfTheNextRunIsStartedAtOnce() throws Exception {
        changed(stopping(StopReason.ENDED), view("web", new ProcessState.Waiting(NOW), tally(3)));
        assertThat(next().errand().input())
                .isEqualTo("web: waiting, exited with code 3 after 0 ms; restart at once times 1");
        changed(
                stopping(StopReason.WATCHDOG),
                view("job", new ProcessState.Waiting(NOW), tally(3)));
        assertThat(next().errand().input()).startsWith("job: waiting, ");
    }

    private static ProcessStatus stopping(StopReason why) {
        return new ProcessStatus(
                Goal.UP,
                new ProcessState.Stopping(RUN, why, 0, NOW, Optional.empty(), NOW, NOW),
                tally(3));
    }

    @Test
    void aShutdownCanWaitForThoseThatRunOrAreYetToAndTriesNothingAgain() throws Exception {
        fail("web");
        Begun hook = next();
        fail("web");
        hooks.on(new Change.ShutdownStarted());
        hook.outcome().complete(BAD);
        Begun second = next();
        assertThat(hooks.isBusy()).isTrue();
        assertThat(allTold.availablePermits()).isZero();
        second.outcome().complete(BAD);
        assertThat(allTold.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(hooks.isBusy()).isFalse();
        assertThat(begun).isEmpty();
        assertThat(texts()).allMatch(text -> text.endsWith("; it is not tried again"));
    }

    @Test
    void theEndOfTheMonitorKillsWhatRunsAndBeginsNoMore() throws Exception {
        fail("web");
        Begun hook = next();
        fail("web");
        hooks.hurry();
        await().until(hook.outcome()::isCancelled);
        fail("job");
        assertThat(begun.poll(100, TimeUnit.MILLISECONDS)).isNull();
        await().until(() -> !hooks.isBusy());
    }

    private CompletableFuture<Outcome> begin(HelperCommand helperCommand) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        begun.add(new Begun(helperCommand, outcome));
        return outcome;
    }

    private Begun next() throws InterruptedException {
        @Nullable Begun hook = begun.poll(20, TimeUnit.SECONDS);
        assertThat(hook).as("a hook is begun").isNotNull();
        if (hook == null) {
            throw new AssertionError();
        }
        return hook;
    }

    private void fail(String name) {
        changed(RUNNING, view(name, new ProcessState.Failed(Optional.empty(), NOW), tally(3)));
    }

    private static RunCounters tally(int code) {
        RunExit exit = new RunExit(RUN, new ExitStatus.Exited(code), ResourceUsage.NONE, NOW);
        return new RunCounters(1, 42, Optional.of(exit), Optional.empty(), 0);
    }

    private static ProcessView view(String name, ProcessState state, RunCounters runCounters) {
        Exec exec = new Exec("notify", List.of("notify"));
        ProcessSpec spec =
                SpecBuilder.process(name).onFailure(new Hook(exec, Duration.ofSeconds(5))).build();
        return new ProcessView(spec, new ProcessStatus(Goal.UP, state, runCounters), List.of());
    }

    private List<String> texts() {
        return eventLog.after(before, 99).events().stream()
                .map(NumberedEvent::what)
                .map(what -> what.text())
                .toList();
    }

    private void changed(ProcessStatus before, ProcessView after) {
        hooks.on(new Change.Transition(before, after));
    }
}
