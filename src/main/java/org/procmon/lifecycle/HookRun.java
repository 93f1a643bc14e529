package org.procmon.lifecycle;

import java.util.Optional;
import org.procmon.config.Hook;

/**
 * A hook that runs.
 *
 * @param begun when it was begun; a process has one hook at a time, so this tells its answer from
 *     that of any other
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

    /** That it has not ended in time. */
    StartError overdue() {
        return new StartError(0, Hook.overdue(until.since(begun)));
    }
}
