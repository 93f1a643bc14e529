package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procmon.events.Actor;
import org.procmon.events.MonitorEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The log lines that clients cause: limited per user and period; the rest is counted, and the count
 * is logged. Thread-safe.
 */
public final class ClientLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);
    private static final Logger COMMANDS = LoggerFactory.getLogger("command");

    /** The limit of lines per user and period. */
    public static final int LINES = 20;

    /** The length of a period. */
    static final Duration WHILE = Duration.ofSeconds(10);

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
    public void warn(String user, String event, String reason) {
        if (admits(user)) {
            LOG.atWarn().addKeyValue("user", user).addKeyValue("reason", reason).log(event);
        }
    }

    /** Logs a command, without a check: the caller has called {@link #admits} if it must. */
    static void command(MonitorEvent.Commanded command) {
        boolean isRefused = command.outcome() == MonitorEvent.Outcome.REFUSED;
        LoggingEventBuilder line =
                (isRefused ? COMMANDS.atWarn() : COMMANDS.atInfo())
                        .addKeyValue("user", command.caller().user());
        line = with(line, "processes", String.join(" ", command.names()));
        line = with(line, "http", command.caller().web().map(Actor.Web::address).orElse(""));
        line = with(line, "http_user", command.caller().web().map(Actor.Web::user).orElse(""));
        line = with(line, "reason", command.reason());
        String verb = command.method().toLowerCase(Locale.ROOT);
        String done =
                command.outcome() == MonitorEvent.Outcome.DONE
                        ? "ok"
                        : command.outcome().wireName();
        line.log(verb + (command.names().isEmpty() ? " " : " {processes} ") + done);
    }

    private static LoggingEventBuilder with(LoggingEventBuilder line, String key, String value) {
        return value.isEmpty() ? line : line.addKeyValue(key, value);
    }

    /** Logs why a rolling restart failed for which no client waits. */
    static void rollingRestartFailed(List<String> processes, String reason) {
        COMMANDS.atWarn()
                .addKeyValue("processes", String.join(" ", processes))
                .addKeyValue("reason", reason)
                .log("rolling restart {processes} failed");
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
            LOG.atWarn()
                    .addKeyValue("user", user)
                    .addKeyValue("lines", count.leftOut)
                    .addKeyValue("seconds", WHILE.toSeconds())
                    .log("left out lines like these");
        }
    }

    private void forgetTheSilent() {
        if (counts.size() >= MANY_USERS) {
            counts.values().removeIf(count -> count.isOver() && count.leftOut == 0);
        }
    }
}
