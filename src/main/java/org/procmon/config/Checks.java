package org.procmon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The keys {@code ready}, {@code health} and {@code watchdog}: how the monitor learns that a
 * process is up, and that it still is.
 *
 * @param ready what says that a start is complete; empty when its program's start is
 * @param health how it is looked at while it is up; empty for not at all
 * @param watchdog within which time it has to give a sign of life again and again; empty for never
 */
public record Checks(
        Optional<Readiness> ready, Optional<Health> health, Optional<Duration> watchdog) {
    /** Nothing is looked at. The reader gives this very object when none of the keys is used. */
    public static final Checks DEFAULT =
            new Checks(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether it is given a socket for messages of sd_notify(3). */
    public boolean notifies() {
        return ready.isPresent() && ready.get().sign() instanceof ReadySignal.Notify;
    }
}
