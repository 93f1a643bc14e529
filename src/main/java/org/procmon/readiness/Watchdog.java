package org.procmon.readiness;

import java.time.Duration;
import org.procmon.lifecycle.Event;
import org.procmon.readiness.probe.BackgroundCheck;
import org.procmon.supervise.port.RunReporter;

/**
 * Waits for keep-alive messages. Each message only records its time, so that normal operation wakes
 * neither this thread nor the loop.
 */
final class Watchdog implements BackgroundCheck.Task {
    private final Duration within;
    private final RunReporter runReporter;
    private volatile long lastSign = System.nanoTime();

    Watchdog(Duration within, RunReporter runReporter) {
        this.within = within;
        this.runReporter = runReporter;
    }

    /** Records a keep-alive message. Any thread. */
    void alive() {
        lastSign = System.nanoTime();
    }

    @Override
    public void run(BackgroundCheck backgroundCheck) throws InterruptedException {
        while (true) {
            long left = lastSign + within.toNanos() - System.nanoTime();
            if (left <= 0) {
                runReporter.report(new Event.WatchdogExpired(runReporter.run()));
                return;
            }
            backgroundCheck.pause(Duration.ofNanos(left));
        }
    }
}
