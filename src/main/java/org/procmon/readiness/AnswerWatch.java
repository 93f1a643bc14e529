package org.procmon.readiness;

import java.time.Duration;
import java.util.Optional;

/** Asks a run that starts until all is well. The same complaint again is no news. */
final class AnswerWatch implements Course {
    private final Duration interval;
    private final Teller teller;
    private Optional<String> told = Optional.empty();

    AnswerWatch(Duration interval, Teller teller) {
        this.interval = interval;
        this.teller = teller;
    }

    @Override
    public Duration first() {
        return Duration.ZERO;
    }

    @Override
    public Optional<Duration> next(Optional<String> complaint) {
        if (complaint.isEmpty()) {
            teller.ready();
            return Optional.empty();
        }
        if (!complaint.equals(told)) {
            told = complaint;
            teller.looked(complaint);
        }
        return Optional.of(interval);
    }
}
