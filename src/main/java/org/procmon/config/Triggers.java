package org.procmon.config;

import java.util.Optional;

/**
 * What from outside starts, stops, restarts or refreshes a process.
 *
 * @param schedule the key {@code schedule}; empty for none
 * @param watch the key {@code watch}; empty for none
 * @param reloadSignal the key {@code reload_signal}: what a process gets instead of a restart;
 *     empty for a restart
 */
public record Triggers(
        Optional<Schedule> schedule, Optional<Watch> watch, Optional<Signal> reloadSignal) {
    /** Nothing does. The reader gives this very object when none of the keys is used. */
    public static final Triggers DEFAULT =
            new Triggers(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether a schedule starts it, so that nothing else does unasked. */
    public boolean startsByTime() {
        return schedule.isPresent() && schedule.get().start().isPresent();
    }
}
