package org.procmon.fastcgi;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * A log for lines that clients can cause: a limited number per period, each of limited length and
 * escaped. The rest is counted, and the count is logged at the end of the period. Thread-safe.
 */
public final class LogRateLimit {
    private static final int LONGEST_LINE = 500;

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
    public LogRateLimit(
            Logger log, int most, Duration period, Thread.UncaughtExceptionHandler bugs) {
        this.log = log;
        this.most = most;
        this.period = period;
        this.bugs = bugs;
        this.periodBegun = System.nanoTime() - period.toNanos();
    }

    /**
     * Writes a line, or counts it.
     *
     * @param format with {@code {}} for each part
     */
    public void log(Level level, String format, Object... parts) {
        if (mayTell()) {
            log.atLevel(level).log(format, Arrays.stream(parts).map(LogRateLimit::text).toArray());
        }
    }

    private static String text(Object part) {
        return LogText.of(String.valueOf(part), LONGEST_LINE);
    }

    /** Logs at once how many lines were left out. */
    public void flush() {
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
            log.warn("{} more lines like these were left out", count);
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
