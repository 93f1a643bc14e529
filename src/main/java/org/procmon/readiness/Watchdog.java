package org.procmon.readiness;

import java.time.Duration;
import org.procmon.lifecycle.Event;

/**
 * Waits for signs of life. Each one only notes its time, so that neither this thread nor the loop
 * is woken by what is as it should be.
 */
final class Watchdog implements Vigil.Task {
    private final Duration within;
    private final Teller teller;
    private volatile long lastSign = System.nanoTime();

    Watchdog(Duration within, Teller teller) {
        this.within = within;
        this.teller = teller;
    }

    /** There is one. Any thread. */
    void alive() {
        lastSign = System.nanoTime();
    }

    @Override
    public void run(Vigil vigil) throws InterruptedException {
        while (true) {
            long left = lastSign + within.toNanos() - System.nanoTime();
            if (left <= 0) {
                teller.tell(new Event.FellSilent(teller.run()));
                return;
            }
            vigil.pause(Duration.ofNanos(left));
        }
    }
}
