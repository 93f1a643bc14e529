package org.procmon.readiness;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.procmon.lifecycle.Saying;

/**
 * Asks a run that is up, for as long as it is. Chance spreads the questions of many processes that
 * were started together. That all is still well is no news.
 */
final class HealthWatch implements Course {
    /** The first question comes soon, as there may be somebody waiting for the answer. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final double SPREAD = 0.1;

    private final Duration interval;
    private final Teller teller;
    private boolean toldGood;

    HealthWatch(Duration interval, Teller teller) {
        this.interval = interval;
        this.teller = teller;
    }

    @Override
    public Duration first() {
        Duration most = interval.compareTo(SOON) < 0 ? interval : SOON;
        return share(most, ThreadLocalRandom.current().nextDouble());
    }

    @Override
    public Optional<Duration> next(Verdict verdict) {
        switch (verdict) {
            case Verdict.Well _ when toldGood -> {}
            case Verdict.Well _ -> teller.looked(Optional.empty());
            case Verdict.Bad(String complaint) -> teller.looked(Optional.of(complaint));
            case Verdict.NotAsked(String reason) -> teller.say(new Saying.NotAsked(reason));
        }
        toldGood = verdict instanceof Verdict.Well;
        double around = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
        return Optional.of(share(interval, around));
    }

    private static Duration share(Duration of, double share) {
        return Duration.ofNanos((long) (of.toNanos() * share));
    }
}
