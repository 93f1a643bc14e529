package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.TerminalSafe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines that clients cause: escaped, cut in length, and limited per user and period; the
 * rest is counted, and the count is logged. Thread-safe.
 */
public final class ClientLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

    /** The limit of lines per user and period. */
    public static final int LINES = 20;

    /** The length of a period. */
    static final Duration WHILE = Duration.ofSeconds(10);

    /** The longest line, in characters. */
    static final int LONGEST = 1000;

    /** Above this number, users that have been silent are dropped. */
    private static final int MANY_USERS = 64;

    private final ScheduledThreadPoolExecutor timers;

    /** Guarded by this. */
    private final Map<String, Count> counts = new HashMap<>();

    private static final class Count {
        private final long start = System.nanoTime();
        private int logged;
        private long leftOut;

        private boolean isOver() {
            return System.nanoTime() - start >= WHILE.toNanos();
        }
    }

    /**
     * @param timers logs the counts later
     */
    public ClientLog(ScheduledThreadPoolExecutor timers) {
        this.timers = timers;
    }

    /** Warns, unless this user has reached the limit. */
    public void warn(String user, String text) {
        if (admits(user)) {
            LOG.warn("{}", line(text));
        }
    }

    /** Warns without a check, for a caller that has called {@link #admits}. */
    void warnAnyhow(String text) {
        LOG.warn("{}", line(text));
    }

    /** Logs a change, without a limit. */
    void info(String text) {
        LOG.info("{}", line(text));
    }

    /** Whether another line of this user may be logged. If not, it is counted. */
    public synchronized boolean admits(String user) {
        Count count = counts.get(user);
        if (count == null || count.isOver()) {
            forgetTheSilent();
            tellLeftOut(user, count);
            count = new Count();
            counts.put(user, count);
        }
        if (count.logged < LINES) {
            count.logged++;
            return true;
        }
        count.leftOut++;
        if (count.leftOut == 1) {
            tellLater(user, count);
        }
        return false;
    }

    /** Logs now what would be logged later. */
    public synchronized void flush() {
        counts.forEach(this::tellLeftOut);
        counts.clear();
    }

    private void tellLater(String user, Count count) {
        try {
            Future<?> _ =
                    timers.schedule(
                            () -> close(user, count), WHILE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // The server is stopping, and logs it then.
        }
    }

    private synchronized void close(String user, Count count) {
        if (counts.remove(user, count)) {
            tellLeftOut(user, count);
        }
    }

    private void tellLeftOut(String user, @Nullable Count count) {
        if (count != null && count.leftOut > 0) {
            LOG.warn(
                    "left out {} lines like these in {} s, caused by {}",
                    count.leftOut,
                    WHILE.toSeconds(),
                    line(user));
        }
    }

    private void forgetTheSilent() {
        if (counts.size() >= MANY_USERS) {
            counts.values().removeIf(count -> count.isOver() && count.leftOut == 0);
        }
    }

    private static String line(String text) {
        return TerminalSafe.text(text, LONGEST);
    }
}
