package org.procmon.hooks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.StartError;
import org.procmon.status.ProcessView;
import org.procmon.status.StateText;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.HookSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@code hooks.on_failure}, never more than a few at a time. While the hook of a process runs
 * or is queued, further failures of that process are counted and reported together. A failed hook
 * is retried, but not while the monitor shuts down; the shutdown waits for running and queued
 * hooks. Safe from any thread; only its own threads wait.
 */
public final class FailureHooks implements Feature, HookSource {
    /** How many hooks run at a time. */
    static final int MOST = 4;

    /** The pause before each retry. */
    static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));

    /** The last output of a process may reach its file a moment after its exit. */
    static final Duration OUTPUT_DELAY = Duration.ofMillis(50);

    private static final String KEY = "on_failure";
    private static final Logger LOG = LoggerFactory.getLogger(FailureHooks.class);

    /** Creates the standard input of a hook. */
    @FunctionalInterface
    public interface Story {
        /**
         * As JSON.
         *
         * @param event the event
         * @param view the process right after it
         * @param times how many times it happened since the last report
         */
        String of(MonitorEvent.Changed event, ProcessView view, int times);
    }

    private final HelperCommands helperCommands;
    private final Story story;
    private final EventLog eventLog;
    private final Duration outputDelay;
    private final List<Duration> pauses;
    private final Semaphore free = new Semaphore(MOST);
    private final Map<String, FailureQueue> queues = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<HelperCommand.Outcome>> running =
            new ConcurrentHashMap<>();
    private final Runnable allReported;

    /** The number of threads. */
    private final AtomicInteger workers = new AtomicInteger();

    /** After this, there are no retries. */
    private final CountDownLatch noRetries = new CountDownLatch(1);

    /** After this, no hook starts. */
    private final CountDownLatch noStarts = new CountDownLatch(1);

    /**
     * @param allReported called when no failure is left to report, on any thread
     */
    public FailureHooks(
            HelperCommands helperCommands, Story story, EventLog eventLog, Runnable allReported) {
        this(helperCommands, story, eventLog, allReported, OUTPUT_DELAY, PAUSES);
    }

    FailureHooks(
            HelperCommands helperCommands,
            Story story,
            EventLog eventLog,
            Runnable allReported,
            Duration outputDelay,
            List<Duration> pauses) {
        this.helperCommands = helperCommands;
        this.story = story;
        this.eventLog = eventLog;
        this.allReported = allReported;
        this.outputDelay = outputDelay;
        this.pauses = List.copyOf(pauses);
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition(ProcessStatus before, ProcessView after)) {
            changed(before, after);
        } else if (change instanceof Change.ShutdownStarted) {
            noRetries.countDown();
        }
    }

    private void changed(ProcessStatus before, ProcessView after) {
        RunFailure.of(before, after)
                .ifPresent(runFailure -> {
                    String name = after.name();
                    if (queues.computeIfAbsent(name, _ -> new FailureQueue()).add(runFailure)) {
                        workers.incrementAndGet();
                        Thread.ofVirtual().name("hook-" + name).start(() -> work(name));
                    }
                });
    }

    @Override
    public Optional<String> trouble(String name) {
        return Optional.ofNullable(troubles.get(name));
    }

    /** Whether a hook runs or is queued. */
    @Override
    public boolean isBusy() {
        return workers.get() > 0;
    }

    /** Kills the running hooks, and starts no more. */
    @Override
    public void hurry() {
        noRetries.countDown();
        noStarts.countDown();
        running.values().forEach(outcome -> outcome.cancel(true));
    }

    /** The hooks go on while another monitor takes over. */
    @Override
    public void stop(End end) {
        if (end == End.SHUTDOWN) {
            hurry();
        }
    }

    private void work(String name) {
        FailureQueue failureQueue = queues.computeIfAbsent(name, _ -> new FailureQueue());
        try {
            boolean hasMore = true;
            while (hasMore && !isWithin(outputDelay, noStarts)) {
                report(name, failureQueue);
                hasMore = !failureQueue.isDone();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (workers.decrementAndGet() == 0) {
                allReported.run();
            }
        }
    }

    private void report(String name, FailureQueue failureQueue) throws InterruptedException {
        Optional<HelperCommand> prepared = Optional.empty();
        for (int attempt = 0; attempt <= pauses.size(); attempt++) {
            if (attempt > 0 && isWithin(pauses.get(attempt - 1), noRetries)) {
                return;
            }
            free.acquire();
            Optional<String> trouble;
            try {
                // Only now, so that it includes failures during the wait.
                HelperCommand helperCommand =
                        prepared.orElseGet(() -> command(failureQueue.take()));
                prepared = Optional.of(helperCommand);
                trouble = run(name, helperCommand);
            } catch (CancellationException _) {
                return;
            } finally {
                free.release();
            }
            if (trouble.isEmpty()) {
                troubles.remove(name);
                return;
            }
            logFailure(name, trouble.get(), attempt);
        }
    }

    private HelperCommand command(FailureQueue.Report report) {
        RunFailure runFailure = report.failure();
        return new HelperCommand(
                runFailure.view().spec(),
                runFailure.hook().exec(),
                story.of(runFailure.event(), runFailure.view(), report.times()),
                runFailure.hook().timeout());
    }

    /** Why it failed, in words; empty if it succeeded. */
    private Optional<String> run(String name, HelperCommand helperCommand) {
        CompletableFuture<HelperCommand.Outcome> outcome = helperCommands.run(helperCommand);
        running.put(name, outcome);
        try {
            if (noStarts.getCount() == 0) {
                outcome.cancel(true);
            }
            return HookFailure.of(outcome.join(), helperCommand.limit()).map(StartError::reason);
        } finally {
            running.remove(name);
        }
    }

    private void logFailure(String name, String reason, int attempt) {
        String then =
                attempt < pauses.size() && noRetries.getCount() > 0
                        ? "it is tried again in " + StateText.duration(pauses.get(attempt))
                        : "it is not tried again";
        troubles.put(name, KEY + ": " + reason);
        eventLog.add(new MonitorEvent.HookFailed(name, KEY, reason + "; " + then));
        LOG.atWarn()
                .addKeyValue("process", name)
                .addKeyValue("hook", KEY)
                .addKeyValue("reason", reason)
                .addKeyValue("then", then)
                .log("{process} hook failed");
    }

    private static boolean isWithin(Duration pause, CountDownLatch end)
            throws InterruptedException {
        return end.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }
}
