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
 * The lines of the log that clients cause: made harmless, cut in length, and only so many of a user
 * in a while; of the others their number is told. Safe from any thread.
 */
public final class ClientLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

    /** How many lines of a user there are in a while. */
    public static final int LINES = 20;

    /** How long that is. */
    static final Duration WHILE = Duration.ofSeconds(10);

    /** The longest line, in characters. */
    static final int LONGEST = 1000;

    /** So many users may be on record before those are forgotten that have been silent. */
    private static final int MANY_USERS = 64;

    private final ScheduledThreadPoolExecutor timers;

    /** Guarded by this. */
    private final Map<String, Count> counts = new HashMap<>();

    private static final class Count {
        private final long begun = System.nanoTime();
        private int told;
        private long leftOut;

        private boolean isOver() {
            return System.nanoTime() - begun >= WHILE.toNanos();
        }
    }

    /**
     * @param timers tells later how much was left out
     */
    public ClientLog(ScheduledThreadPoolExecutor timers) {
        this.timers = timers;
    }

    /** Warns, unless there was too much of this user already. */
    public void warn(String user, String text) {
        if (admits(user)) {
            LOG.warn("{}", line(text));
        }
    }

    /** For one who has asked already whether there is room for it. */
    void warnAnyhow(String text) {
        LOG.warn("{}", line(text));
    }

    /** Tells it, whoever has caused it: a change that was made. */
    void info(String text) {
        LOG.info("{}", line(text));
    }

    /** Whether another line of this user may be told. If not, it counts as left out. */
    public synchronized boolean admits(String user) {
        Count count = counts.get(user);
        if (count == null || count.isOver()) {
            forgetTheSilent();
            tellLeftOut(user, count);
            count = new Count();
            counts.put(user, count);
        }
        if (count.told < LINES) {
            count.told++;
            return true;
        }
        count.leftOut++;
        if (count.leftOut == 1) {
            tellLater(user, count);
        }
        return false;
    }

    /** Tells at once what it would tell later. */
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
            // The server ends, and tells it then.
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
