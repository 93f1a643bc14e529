package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.procmon.lifecycle.Notification;
import org.procmon.supervise.port.RunReporter;

/**
 * Probes a run for as long as it is up. A random delay spreads the probes of processes that were
 * started together. A repeated good result is not reported.
 */
public final class HealthProbe implements ProbePolicy {
    /** The longest wait for the first probe; a user may be waiting for the result. */
    private static final Duration LONGEST_FIRST_DELAY = Duration.ofSeconds(1);

    private static final double SPREAD = 0.1;

    private final Duration interval;
    private final RunReporter runReporter;
    private boolean reportedGood;

    public HealthProbe(Duration interval, RunReporter runReporter) {
        this.interval = interval;
        this.runReporter = runReporter;
    }

    @Override
    public Duration first() {
        Duration most =
                interval.compareTo(LONGEST_FIRST_DELAY) < 0 ? interval : LONGEST_FIRST_DELAY;
        return share(most, ThreadLocalRandom.current().nextDouble());
    }

    @Override
    public Optional<Duration> next(ProbeResult probeResult) {
        switch (probeResult) {
            case ProbeResult.Well _ when reportedGood -> {}
            case ProbeResult.Well _ -> runReporter.probed(Optional.empty());
            case ProbeResult.Bad(String complaint) -> runReporter.probed(Optional.of(complaint));
            case ProbeResult.NotAsked(String reason) ->
                    runReporter.notified(new Notification.NotAsked(reason));
        }
        reportedGood = probeResult instanceof ProbeResult.Well;
        double around = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
        return Optional.of(share(interval, around));
    }

    private static Duration share(Duration of, double share) {
        return Duration.ofNanos((long) (of.toNanos() * share));
    }
}
