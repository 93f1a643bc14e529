package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.HookRun;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.HookRunner;

/**
 * Hooks without programs, which end when told. It fails the test when the ensemble runs two of a
 * process at once, or starts a run that its hook has not allowed, or before it has tidied up after
 * the one before.
 */
final class FakeHooks implements HookRunner {
    private record Tidied(String name, long run) {}

    private final FakeKernel kernel;
    final Map<String, Effect.RunHook> running = new HashMap<>();
    private final Set<String> allowed = new HashSet<>();
    private final Set<Tidied> tidied = new HashSet<>();

    /** When any was ever begun. */
    final List<Ticks> begun = new ArrayList<>();

    final List<String> complaints = new ArrayList<>();

    FakeHooks(FakeKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void perform(ProcessSpec process, Effect.HookEffect effect) {
        switch (effect) {
            case Effect.RunHook hook -> run(process, hook);
            case Effect.CancelHook _ -> cancel(process.id());
            case Effect.HookFailed hook ->
                    complaints.add(process.id() + ": " + hook.kind().key() + ": " + hook.reason());
        }
    }

    private void run(ProcessSpec of, Effect.RunHook hook) {
        String run = hook.after().map(exit -> " of run " + exit.run().number()).orElse("");
        kernel.trace.add("hook " + hook.kind().key() + run + " of " + of.id());
        assertThat(running).as("hooks that run").doesNotContainKey(of.id());
        running.put(of.id(), hook);
        begun.add(hook.begun());
        hook.after().ifPresent(exit -> tidied.add(new Tidied(of.id(), exit.run().number())));
        if (hook.kind() == HookKind.BEFORE_START) {
            allowed.remove(of.id());
        }
        // No two are begun at the same moment.
        kernel.advance(Duration.ofNanos(1));
    }

    private void cancel(String name) {
        kernel.trace.add("cancel the hook of " + name);
        running.remove(name);
    }

    /** One that runs ends. */
    Event end(String name, Optional<StartError> trouble) {
        Effect.RunHook hook = Objects.requireNonNull(running.remove(name));
        if (hook.kind() == HookKind.BEFORE_START && trouble.isEmpty()) {
            allowed.add(name);
        }
        kernel.trace.add("hook " + hook.kind().key() + " of " + name + " ends: " + trouble);
        return new Event.HookEnded(hook.begun(), trouble);
    }

    /** The monitor whose hooks these are dies. */
    void forget() {
        running.clear();
        allowed.clear();
    }

    void checkStart(ProcessSpec process, long number) {
        if (process.hooks().beforeStart().isPresent()) {
            assertThat(allowed.remove(process.id()))
                    .as("%s is started with the leave of its hook", process.id())
                    .isTrue();
        }
        if (number == 1) {
            tidied.removeIf(one -> one.name().equals(process.id()));
        } else {
            checkTidied(process, number - 1);
        }
    }

    void checkTidied(ProcessSpec process, long run) {
        if (run > 0 && process.hooks().afterStop().isPresent()) {
            assertThat(tidied).as("after which run").contains(new Tidied(process.id(), run));
        }
    }

    /** Those that run are just those that are waited for. */
    void check(List<ProcessView> views) {
        for (ProcessView view : views) {
            Optional<Ticks> waited = view.process().state().hook().map(HookRun::begun);
            Optional<Ticks> runs =
                    Optional.ofNullable(running.get(view.name())).map(Effect.RunHook::begun);
            assertThat(runs).as("the hook that runs for %s", view.name()).isEqualTo(waited);
        }
        assertThat(views).extracting(ProcessView::name).containsAll(running.keySet());
    }
}
