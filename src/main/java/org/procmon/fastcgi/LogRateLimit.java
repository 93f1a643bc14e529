package org.procmon.fastcgi;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.TimerThread;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A log for lines that clients can cause: a limited number per period. The rest is counted, and the
 * count is logged at the end of the period. Thread-safe.
 */
final class LogRateLimit {
    private final Logger log;
    private final int most;
    private final Duration period;
    private final Thread.UncaughtExceptionHandler bugs;
    private long periodBegun;
    private int logged;
    private long leftOut;
    private @Nullable ScheduledFuture<?> report;

    /**
     * @param most the most lines in a period
     * @param bugs is notified if the count cannot be logged
     */
    LogRateLimit(Logger log, int most, Duration period, Thread.UncaughtExceptionHandler bugs) {
        this.log = log;
        this.most = most;
        this.period = period;
        this.bugs = bugs;
        this.periodBegun = System.nanoTime() - period.toNanos();
    }

    /**
     * Writes a line, or counts it.
     *
     * @param fields keys, each followed by its value
     */
    void log(Level level, String event, Object... fields) {
        if (mayTell()) {
            LoggingEventBuilder line = log.atLevel(level);
            for (int i = 0; i < fields.length; i += 2) {
                line = line.addKeyValue(fields[i].toString(), fields[i + 1]);
            }
            line.log(event);
        }
    }

    /** Logs at once how many lines were left out. */
    void flush() {
        long count;
        synchronized (this) {
            count = leftOut;
            leftOut = 0;
            if (report != null) {
                report.cancel(false);
                report = null;
            }
        }
        if (count > 0) {
            log.atWarn().addKeyValue("lines", count).log("left out lines like these");
        }
    }

    private synchronized boolean mayTell() {
        long now = System.nanoTime();
        long age = now - periodBegun;
        if (age >= period.toNanos()) {
            periodBegun = now;
            logged = 0;
            age = 0;
        }
        if (logged < most) {
            logged++;
            return true;
        }
        leftOut++;
        if (report == null) {
            report = TimerThread.schedule(period.toNanos() - age, this::flush, bugs);
        }
        return false;
    }
}
