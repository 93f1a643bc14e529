package org.procmon.lifecycle;

import java.util.Optional;
import org.procmon.config.Hook;

/**
 * A running hook.
 *
 * @param begun when it started; a process has one hook at a time, so this identifies its result
 * @param until when it is killed
 */
public record HookRun(Ticks begun, Ticks until) implements HookProgress {
    static HookRun of(Hook hook, Ticks now) {
        return new HookRun(now, now.plus(hook.timeout()));
    }

    @Override
    public Optional<Ticks> deadline() {
        return until.unlessNever(begun);
    }

    /** That it timed out. */
    StartError overdue() {
        return new StartError(0, Hook.overdue(until.since(begun)));
    }
}
