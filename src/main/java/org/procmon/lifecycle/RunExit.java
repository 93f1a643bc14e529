package org.procmon.lifecycle;

import java.time.Duration;

/**
 * How a run exited.
 *
 * @param run the run that exited
 * @param status its first process's exit status
 * @param usage the resources that it used
 * @param at when its exit was seen
 */
public record RunExit(Run run, ExitStatus status, ResourceUsage usage, Ticks at) {
    /** How long it ran. */
    public Duration ran() {
        return at.since(run.started());
    }
}
