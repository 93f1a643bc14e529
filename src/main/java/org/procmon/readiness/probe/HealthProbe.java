package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.procmon.lifecycle.Notification;
import org.procmon.supervise.port.RunReporter;

/**
 * Asks a run that is up, for as long as it is. Chance spreads the questions of many processes that
 * were started together. That all is still well is no news.
 */
public final class HealthProbe implements ProbePolicy {
    /** The first question comes soon, as there may be somebody waiting for the answer. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final double SPREAD = 0.1;

    private final Duration interval;
    private final RunReporter runReporter;
    private boolean toldGood;

    public HealthProbe(Duration interval, RunReporter runReporter) {
        this.interval = interval;
        this.runReporter = runReporter;
    }

    @Override
    public Duration first() {
        Duration most = interval.compareTo(SOON) < 0 ? interval : SOON;
        return share(most, ThreadLocalRandom.current().nextDouble());
    }

    @Override
    public Optional<Duration> next(ProbeResult probeResult) {
        switch (probeResult) {
            case ProbeResult.Well _ when toldGood -> {}
            case ProbeResult.Well _ -> runReporter.looked(Optional.empty());
            case ProbeResult.Bad(String complaint) -> runReporter.looked(Optional.of(complaint));
            case ProbeResult.NotAsked(String reason) ->
                    runReporter.say(new Notification.NotAsked(reason));
        }
        toldGood = probeResult instanceof ProbeResult.Well;
        double around = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
        return Optional.of(share(interval, around));
    }

    private static Duration share(Duration of, double share) {
        return Duration.ofNanos((long) (of.toNanos() * share));
    }
}
