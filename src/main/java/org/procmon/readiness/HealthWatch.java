package org.procmon.readiness;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks a run that is up, for as long as it is. Chance spreads the questions of many processes that
 * were started together. That all is still well is no news.
 */
final class HealthWatch implements Vigil.Task {
    /** The first question comes soon, as there may be somebody waiting for the answer. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final double SPREAD = 0.1;

    private final Asker asker;
    private final Duration interval;
    private final Teller teller;

    HealthWatch(Asker asker, Duration interval, Teller teller) {
        this.asker = asker;
        this.interval = interval;
        this.teller = teller;
    }

    @Override
    public void run(Vigil vigil) throws InterruptedException {
        boolean toldGood = false;
        Duration first = interval.compareTo(SOON) < 0 ? interval : SOON;
        vigil.pause(share(first, ThreadLocalRandom.current().nextDouble()));
        while (true) {
            Optional<String> complaint = asker.ask();
            if (complaint.isPresent() || !toldGood) {
                teller.looked(complaint);
            }
            toldGood = complaint.isEmpty();
            double around = ThreadLocalRandom.current().nextDouble(1 - SPREAD, 1 + SPREAD);
            vigil.pause(share(interval, around));
        }
    }

    private static Duration share(Duration of, double share) {
        return Duration.ofNanos((long) (of.toNanos() * share));
    }
}
