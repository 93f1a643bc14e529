package org.procmon.readiness;

import java.time.Duration;
import java.util.Optional;

/** Asks a run that starts until all is well. */
final class AnswerWatch implements Vigil.Task {
    private final Asker asker;
    private final Duration interval;
    private final Teller teller;

    AnswerWatch(Asker asker, Duration interval, Teller teller) {
        this.asker = asker;
        this.interval = interval;
        this.teller = teller;
    }

    @Override
    public void run(Vigil vigil) throws InterruptedException {
        Optional<String> told = Optional.empty();
        while (true) {
            Optional<String> complaint = asker.ask();
            if (complaint.isEmpty()) {
                teller.ready();
                return;
            }
            if (!complaint.equals(told)) {
                told = complaint;
                teller.looked(complaint);
            }
            vigil.pause(interval);
        }
    }
}
