package org.procmon.lifecycle;

import java.util.Optional;
import org.procmon.config.Hook;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.lifecycle.Effect.CancelHook;
import org.procmon.lifecycle.Effect.HookFailed;
import org.procmon.lifecycle.Effect.RunHook;
import org.procmon.lifecycle.Effect.Spawn;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;

/**
 * The part of the state machine for the hooks around a run. A start waits until the hook before it
 * succeeds; the transition after an exit waits until the other hook exits. A result of a hook that
 * is not waited for changes nothing.
 */
final class HookTransitions {
    private HookTransitions() {}

    /** All dependencies are up. */
    static Step start(ProcessSpec spec, ProcessStatus process, Waiting waiting, Ticks now) {
        long next = process.tally().runs() + 1;
        Optional<Hook> hook = spec.hooks().beforeStart();
        if (waiting.preparation().isPresent()) {
            return switch (waiting.preparation().get()) {
                case HookRun _ -> Step.to(process);
                case HookProgress.Done _ -> Step.to(process, new Spawn(next));
            };
        }
        return hook.isEmpty()
                ? Step.to(process, new Spawn(next))
                : Step.to(
                        process.to(waiting.in(HookRun.of(hook.get(), now))),
                        new RunHook(HookKind.BEFORE_START, hook.get(), now, Optional.empty()));
    }

    /** The run is over for the purpose of what follows. */
    static Step over(ProcessSpec spec, ProcessStatus process, Stopping stopping, Ticks now) {
        Optional<Hook> hook = spec.hooks().afterStop();
        return hook.isEmpty()
                ? Lifecycle.over(spec, process, stopping, now)
                : Step.to(
                        process.to(stopping.followedBy(HookRun.of(hook.get(), now))),
                        new RunHook(HookKind.AFTER_STOP, hook.get(), now, stopping.exit()));
    }

    /**
     * Whether processes that a run left in its group keep running, as for a process that runs to
     * completion. Another monitor may find them before the run's hook is done.
     */
    static boolean isLeftAlone(ProcessSpec spec, Stopping stopping) {
        return stopping.why() == StopReason.ENDED
                && stopping.sent() == 0
                && spec.restart() == RestartPolicy.NEVER
                && spec.hooks().afterStop().isPresent();
    }

    static Step ended(ProcessSpec spec, ProcessStatus process, Event.HookEnded ended, Ticks now) {
        Optional<HookRun> run = process.state().hook();
        return run.isPresent() && run.get().begun().equals(ended.begun())
                ? ended(spec, process, ended.trouble(), now)
                : Step.to(process);
    }

    /** The hook missed its deadline. */
    static Step overdue(ProcessSpec spec, ProcessStatus process, Ticks now) {
        Optional<StartError> trouble = process.state().hook().map(HookRun::overdue);
        return ended(spec, process, trouble, now).after(new CancelHook());
    }

    private static Step ended(
            ProcessSpec spec, ProcessStatus process, Optional<StartError> trouble, Ticks now) {
        return switch (process.state()) {
            case Waiting w ->
                    trouble.isEmpty()
                            ? Step.to(process.to(w.in(new HookProgress.Done())))
                            : Lifecycle.spawnFailed(spec, process, named(trouble.get()), now);
            case Stopping s -> {
                Step next = Lifecycle.over(spec, process, s, now);
                yield trouble.isEmpty()
                        ? next
                        : next.after(new HookFailed(HookKind.AFTER_STOP, trouble.get().reason()));
            }
            case ProcessState.Stopped _,
                    ProcessState.Starting _,
                    ProcessState.Running _,
                    ProcessState.Backoff _,
                    ProcessState.Completed _,
                    ProcessState.Failed _ ->
                    Step.to(process);
        };
    }

    private static StartError named(StartError error) {
        String reason = HookKind.BEFORE_START.key() + ": " + error.reason();
        return new StartError(error.errno(), reason, error.lasting());
    }

    /** Continues without the running hook, which is no longer needed. */
    static Step cancelling(Step next) {
        return next.after(new CancelHook());
    }
}
