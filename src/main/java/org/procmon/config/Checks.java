package org.procmon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The keys {@code ready}, {@code health} and {@code watchdog}: how the monitor learns that a
 * process is up, and that it still is.
 *
 * @param ready the sign that a start is complete; when empty, starting the program is enough
 * @param health how it is probed while it is up; empty for no probes
 * @param watchdog the longest time between two keep-alive messages; empty for no limit
 */
public record Checks(
        Optional<Readiness> ready, Optional<Health> health, Optional<Duration> watchdog) {
    /** No checks. The reader returns this very object when none of the keys is used. */
    public static final Checks DEFAULT =
            new Checks(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether the process gets a socket for messages of sd_notify(3). */
    public boolean notifies() {
        return ready.isPresent() && ready.get().sign() instanceof ReadySignal.Notify;
    }
}
