package org.procmon.app;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.TerminalSafe;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.WorkerShare;
import org.procmon.control.server.replies.LastWords;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.events.Notice;
import org.procmon.pool.PoolReporter;
import org.procmon.pool.ReplacementText;
import org.procmon.pool.plan.PoolReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reports of pools, as events and as lines of the log. Any thread. Those of slow requests end with
 * what the worker wrote last, which is read by a virtual thread; they stay in order.
 */
final class PoolLog implements PoolReporter {
    private static final Logger LOG = LoggerFactory.getLogger("pool");

    private static final int LINES = 3;
    private static final int MOST_BYTES = 1 << 10;

    private final EventLog eventLog;
    private final OutputSource output;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Object lock = new Object();

    /** The last report of a slow request; the next one waits for it. */
    private CompletableFuture<?> lastSlow = CompletableFuture.completedFuture(null);

    /**
     * @param output has what workers wrote last
     * @param bugs is notified if a report fails, which is a bug
     */
    PoolLog(EventLog eventLog, OutputSource output, Thread.UncaughtExceptionHandler bugs) {
        this.eventLog = eventLog;
        this.output = output;
        this.bugs = bugs;
    }

    @Override
    public void report(PoolSpec pool, PoolReport what) {
        switch (what) {
            case PoolReport.NotListening(String reason) ->
                    tell(pool, Level.ERROR, Notice.NOT_LISTENING, reason);
            case PoolReport.Listening(String addresses) ->
                    tell(pool, Level.INFO, Notice.LISTENING, addresses);
            case PoolReport.SocketRemoved(String path) ->
                    tell(pool, Level.WARN, Notice.SOCKET_REMOVED, path);
            case PoolReport.SocketTaken(String path) ->
                    tell(pool, Level.ERROR, Notice.SOCKET_TAKEN, path);
            case PoolReport.MaxReached(int waiting) ->
                    tell(
                            pool,
                            Level.WARN,
                            Notice.MAX_WORKERS,
                            "%d wait, workers.max is %d".formatted(waiting, pool.workers().max()));
            case PoolReport.ShareFull(int waiting) ->
                    tell(
                            pool,
                            Level.WARN,
                            Notice.MAX_WORKERS,
                            "%d wait, the share '%s' is full"
                                    .formatted(
                                            waiting,
                                            pool.workers()
                                                    .share()
                                                    .map(WorkerShare::name)
                                                    .orElse("")));
            case PoolReport.QueueOverflow(int waiting, var reason) ->
                    tell(
                            pool,
                            Level.WARN,
                            Notice.QUEUE_OVERFLOW,
                            switch (reason) {
                                case QUEUE_FULL -> "%d wait, beyond queue.max".formatted(waiting);
                                case WAITED_TOO_LONG -> "the oldest has waited for queue.timeout";
                                case ALL_FAILED -> "all workers have failed";
                                case STOPPED -> "an operator has stopped it";
                            });
            case PoolReport.AllFailed _ ->
                    tell(pool, Level.ERROR, Notice.WORKERS_FAILED, "see its workers");
            case PoolReport.Recycled(int number, var reason) ->
                    tell(
                            pool,
                            Level.INFO,
                            Notice.RECYCLED,
                            pool.worker(number).id() + ": " + word(reason));
            case PoolReport.ReplacementFailed failed ->
                    tell(pool, Level.ERROR, Notice.NOT_REPLACED, ReplacementText.of(pool, failed));
            case PoolReport.SlowRequest(int number, var worker) ->
                    tellWithOutput(pool, Level.WARN, Notice.SLOW_REQUEST, number, worker);
            case PoolReport.RequestTimedOut(int number, var worker) ->
                    tellWithOutput(pool, Level.ERROR, Notice.REQUEST_TIMEOUT, number, worker);
        }
    }

    private void tell(PoolSpec pool, Level level, Notice notice, String cause) {
        eventLog.add(new MonitorEvent.Noticed(pool.id(), notice, cause));
        LOG.atLevel(level)
                .addKeyValue("pool", pool.id())
                .addKeyValue("cause", cause)
                .log("{pool} " + notice.words());
    }

    private void tellWithOutput(
            PoolSpec pool, Level level, Notice notice, int number, PoolReport.BusyWorker worker) {
        Runnable report =
                () ->
                        tell(
                                pool,
                                level,
                                notice,
                                words(pool, number, worker) + lastWords(pool, number));
        synchronized (lock) {
            lastSlow =
                    lastSlow.thenRunAsync(report, PoolLog::onVirtualThread)
                            .whenComplete((_, bug) -> ended(bug));
        }
    }

    private static void onVirtualThread(Runnable report) {
        var _ = Thread.ofVirtual().name("pool-report").start(report);
    }

    private void ended(@Nullable Throwable bug) {
        if (bug != null) {
            bugs.uncaughtException(Thread.currentThread(), bug);
        }
    }

    private String lastWords(PoolSpec pool, int number) {
        List<String> lines =
                LastWords.of(output, pool.worker(number).id(), LINES, MOST_BYTES).stream()
                        .filter(line -> !line.isBlank())
                        .map(TerminalSafe::text)
                        .toList();
        return lines.isEmpty() ? "" : ", last on stderr: " + String.join(" | ", lines);
    }

    private static String words(PoolSpec pool, int number, PoolReport.BusyWorker worker) {
        String place =
                worker.call().map(call -> "in " + call).orElse("in no system call")
                        + worker.channel().map(channel -> " (" + channel + ")").orElse("");
        String processor =
                worker.processor()
                        .map(used ->
                                ", %d ms of processor time in the last %d ms"
                                        .formatted(
                                                used.toMillis(), worker.processorOver().toMillis()))
                        .orElse("");
        return "%s (pid %d): for %d ms, %s%s"
                .formatted(
                        pool.worker(number).id(),
                        worker.pid(),
                        worker.held().toMillis(),
                        place,
                        processor);
    }

    private static String word(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
