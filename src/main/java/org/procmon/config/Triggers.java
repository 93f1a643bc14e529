package org.procmon.config;

import java.util.Optional;

/**
 * External events that start, stop, restart or refresh a process.
 *
 * @param schedule the key {@code schedule}; empty for none
 * @param watch the key {@code watch}; empty for none
 * @param reloadSignal the key {@code reload_signal}: the signal that a process gets instead of a
 *     restart; empty for a restart
 */
public record Triggers(
        Optional<Schedule> schedule, Optional<Watch> watch, Optional<Signal> reloadSignal) {
    /** No triggers. The reader returns this very object when none of the keys is used. */
    public static final Triggers DEFAULT =
            new Triggers(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether a schedule starts it, so that only that or a command does. */
    public boolean startsByTime() {
        return schedule.isPresent() && schedule.get().start().isPresent();
    }
}
