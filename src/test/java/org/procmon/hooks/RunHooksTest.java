package org.procmon.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
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
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommand.Outcome;

/** Hooks whose programs are futures in the hands of the test. */
@Timeout(60)
class RunHooksTest {
    private static final ProcessSpec WEB = SpecBuilder.process("web").build();
    private static final Hook HOOK =
            new Hook(new Exec("prepare", List.of("prepare")), Duration.ofSeconds(5));

    private record Begun(HelperCommand errand, CompletableFuture<Outcome> outcome) {}

    private final BlockingQueue<Begun> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<Event> answers = new LinkedBlockingQueue<>();
    private final EventLog eventLog = new EventLog(() -> ticks(0), InstantSource.system());
    private final long before = eventLog.last();
    private final CountDownLatch mayBegin = new CountDownLatch(1);
    private final RunHooks hooks =
            new RunHooks(this::begin, (_, event) -> answers.add(event), eventLog);

    @AfterEach
    void close() {
        mayBegin.countDown();
        hooks.stop(Feature.End.SHUTDOWN);
    }

    @Test
    void runsTheProgramAndReportsItsExit() throws Exception {
        mayBegin.countDown();
        hooks.perform(WEB, before(1));
        Begun first = next();
        assertThat(first.errand())
                .isEqualTo(new HelperCommand(WEB, HOOK.exec(), "", HOOK.timeout(), Map.of()));
        assertThat(answers).isEmpty();
        first.outcome().complete(exited(0));
        assertThat(answer()).isEqualTo(new Event.HookEnded(ticks(1), Optional.empty()));
        assertTrouble(2, exited(3), new StartError(0, "exited with code 3"));
        assertTrouble(
                3,
                new Outcome.TimedOut(),
                new StartError(0, "was killed, it had not ended after 5 s"));
        StartError error = new StartError(2, "cannot execute 'prepare': not found in PATH");
        assertTrouble(4, new Outcome.NotStarted(error), error);
    }

    private void assertTrouble(long at, Outcome outcome, StartError error) throws Exception {
        hooks.perform(WEB, before(at));
        next().outcome().complete(outcome);
        assertThat(answer()).isEqualTo(new Event.HookEnded(ticks(at), Optional.of(error)));
    }

    @Test
    void passesTheExitOfTheRunToAfterStop() throws Exception {
        mayBegin.countDown();
        assertThat(variables(new ExitStatus.Exited(3)))
                .isEqualTo(Map.of("PROCMON_EXIT_RUN", "7", "PROCMON_EXIT_CODE", "3"));
        assertThat(variables(new ExitStatus.Signaled(9)))
                .isEqualTo(Map.of("PROCMON_EXIT_RUN", "7", "PROCMON_EXIT_SIGNAL", "KILL"));
        assertThat(variables(new ExitStatus.Signaled(35)))
                .isEqualTo(Map.of("PROCMON_EXIT_RUN", "7", "PROCMON_EXIT_SIGNAL", "RTMIN+1"));
        assertThat(variables(new ExitStatus.Signaled(33)))
                .isEqualTo(Map.of("PROCMON_EXIT_RUN", "7", "PROCMON_EXIT_SIGNAL", "33"));
        assertThat(variables(new ExitStatus.Unknown())).isEqualTo(Map.of("PROCMON_EXIT_RUN", "7"));
    }

    private Map<String, String> variables(ExitStatus status) throws Exception {
        RunExit exit =
                new RunExit(new Run(42, 1, 7, ticks(0)), status, ResourceUsage.NONE, ticks(1));
        hooks.perform(
                WEB, new Effect.RunHook(HookKind.AFTER_STOP, HOOK, ticks(1), Optional.of(exit)));
        Begun hook = next();
        hook.outcome().complete(exited(0));
        answer();
        return hook.errand().more();
    }

    @Test
    void killsACancelledHookWithoutAReport() throws Exception {
        mayBegin.countDown();
        hooks.perform(WEB, before(1));
        Begun first = next();
        hooks.perform(WEB, new Effect.CancelHook());
        await().until(first.outcome()::isCancelled);
        hooks.perform(WEB, before(2));
        next().outcome().complete(exited(0));
        assertThat(answer()).isEqualTo(new Event.HookEnded(ticks(2), Optional.empty()));
        hooks.perform(WEB, new Effect.CancelHook());
        assertThat(answers).isEmpty();
    }

    @Test
    void theNextBeginsOnlyWhenTheOneThatWasCancelledWhileItBeganIsOver() throws Exception {
        hooks.perform(WEB, before(1));
        Begun first = next();
        hooks.perform(WEB, new Effect.CancelHook());
        hooks.perform(WEB, before(2));
        assertThat(begun.poll(50, TimeUnit.MILLISECONDS)).isNull();
        assertThat(first.outcome()).isNotDone();
        mayBegin.countDown();
        await().until(first.outcome()::isCancelled);
        next().outcome().complete(exited(0));
        assertThat(answer()).isEqualTo(new Event.HookEnded(ticks(2), Optional.empty()));
    }

    @Test
    void showsTheFailureUntilTheNextHookSucceeds() throws Exception {
        mayBegin.countDown();
        hooks.perform(WEB, new Effect.HookFailed(HookKind.AFTER_STOP, "exited with code 3"));
        assertThat(hooks.trouble("web")).hasValue("after_stop: exited with code 3");
        assertThat(texts()).containsExactly("web: hook after_stop, exited with code 3");
        hooks.perform(WEB, before(1));
        next().outcome().complete(exited(0));
        answer();
        assertThat(hooks.trouble("web")).isPresent();
        variables(new ExitStatus.Exited(0));
        assertThat(hooks.trouble("web")).isEmpty();
    }

    private List<String> texts() {
        return eventLog.after(before, 99).events().stream()
                .map(NumberedEvent::what)
                .map(what -> what.text())
                .toList();
    }

    @Test
    void theEndKillsThemAndBeginsNoMore() throws Exception {
        mayBegin.countDown();
        hooks.perform(WEB, before(1));
        Begun first = next();
        hooks.stop(Feature.End.SHUTDOWN);
        await().until(first.outcome()::isCancelled);
        hooks.perform(WEB, before(2));
        assertThat(begun.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    /** What the errands do; it may take its time. */
    private CompletableFuture<Outcome> begin(HelperCommand helperCommand) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        begun.add(new Begun(helperCommand, outcome));
        try {
            mayBegin.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return outcome;
    }

    private static Effect.RunHook before(long at) {
        return new Effect.RunHook(HookKind.BEFORE_START, HOOK, ticks(at), Optional.empty());
    }

    private Begun next() throws InterruptedException {
        @Nullable Begun hook = begun.poll(20, TimeUnit.SECONDS);
        assertThat(hook).isNotNull();
        return hook;
    }

    private Event answer() throws InterruptedException {
        @Nullable Event event = answers.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    private static Outcome exited(int code) {
        return new Outcome.Ended(new ExitStatus.Exited(code));
    }

    private static Ticks ticks(long nanos) {
        return new Ticks(nanos);
    }
}
