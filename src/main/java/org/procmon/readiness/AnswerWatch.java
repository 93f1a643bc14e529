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
    public Optional<Duration> next(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Well _ -> {
                teller.ready();
                yield Optional.empty();
            }
            case Verdict.Bad(String complaint) -> notYet(complaint);
            case Verdict.NotAsked(String reason) -> notYet(reason);
        };
    }

    private Optional<Duration> notYet(String why) {
        Optional<String> complaint = Optional.of(why);
        if (!complaint.equals(told)) {
            told = complaint;
            teller.looked(complaint);
        }
        return Optional.of(interval);
    }
}
