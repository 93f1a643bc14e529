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
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.Observer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@code hooks.on_failure}. Never more than a few at a time; while the hook of a process runs,
 * or waits for its turn, further failures of that process are counted and told together. What fails
 * is tried again, but not while the monitor shuts down, which waits for those that run or are yet
 * to. Safe from any thread, and nothing here waits but the threads of its own.
 */
public final class FailureHooks implements Observer, AutoCloseable {
    /** How many hooks run at a time. */
    static final int MOST = 4;

    /** How long to wait before each further attempt. */
    static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(5));

    /** What a process wrote last may come into its file a moment after its end. */
    static final Duration LAST_WORDS = Duration.ofMillis(50);

    private static final String KEY = "on_failure";
    private static final Logger LOG = LoggerFactory.getLogger(FailureHooks.class);

    /** What a hook finds on its standard input. */
    @FunctionalInterface
    public interface Story {
        /**
         * As JSON.
         *
         * @param event what has happened
         * @param view the process right after that
         * @param times how many times it has happened since this was told last
         */
        String of(MonitorEvent.Changed event, ProcessView view, int times);
    }

    private final HelperCommands helperCommands;
    private final Story story;
    private final EventLog eventLog;
    private final Duration lastWords;
    private final List<Duration> pauses;
    private final Semaphore free = new Semaphore(MOST);
    private final Map<String, FailureQueue> inboxes = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<HelperCommand.Outcome>> running =
            new ConcurrentHashMap<>();
    private final Runnable allTold;

    /** How many threads there are. */
    private final AtomicInteger telling = new AtomicInteger();

    /** Nothing is tried again after that. */
    private final CountDownLatch ending = new CountDownLatch(1);

    /** Nothing is begun after that. */
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param allTold called when nothing is to be told any more, on any thread
     */
    public FailureHooks(
            HelperCommands helperCommands, Story story, EventLog eventLog, Runnable allTold) {
        this(helperCommands, story, eventLog, allTold, LAST_WORDS, PAUSES);
    }

    FailureHooks(
            HelperCommands helperCommands,
            Story story,
            EventLog eventLog,
            Runnable allTold,
            Duration lastWords,
            List<Duration> pauses) {
        this.helperCommands = helperCommands;
        this.story = story;
        this.eventLog = eventLog;
        this.allTold = allTold;
        this.lastWords = lastWords;
        this.pauses = List.copyOf(pauses);
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        RunFailure.of(before, after)
                .ifPresent(runFailure -> {
                    String name = after.name();
                    if (inboxes.computeIfAbsent(name, _ -> new FailureQueue()).add(runFailure)) {
                        telling.incrementAndGet();
                        Thread.ofVirtual().name("hook-" + name).start(() -> work(name));
                    }
                });
    }

    /** Why the latest hook of a process did not do its work, in words; empty if it did. */
    public Optional<String> trouble(String name) {
        return Optional.ofNullable(troubles.get(name));
    }

    @Override
    public void shuttingDown() {
        ending.countDown();
    }

    /** Whether a hook runs, or is yet to. */
    public boolean isTelling() {
        return telling.get() > 0;
    }

    /** Kills those that run, and begins no more. */
    @Override
    public void close() {
        ending.countDown();
        closing.countDown();
        running.values().forEach(outcome -> outcome.cancel(true));
    }

    private void work(String name) {
        FailureQueue failureQueue = inboxes.computeIfAbsent(name, _ -> new FailureQueue());
        try {
            boolean goesOn = true;
            while (goesOn && !isWithin(lastWords, closing)) {
                tell(name, failureQueue);
                goesOn = !failureQueue.isDone();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (telling.decrementAndGet() == 0) {
                allTold.run();
            }
        }
    }

    private void tell(String name, FailureQueue failureQueue) throws InterruptedException {
        Optional<HelperCommand> told = Optional.empty();
        for (int attempt = 0; attempt <= pauses.size(); attempt++) {
            if (attempt > 0 && isWithin(pauses.get(attempt - 1), ending)) {
                return;
            }
            free.acquire();
            Optional<String> trouble;
            try {
                // Only now, so that what has happened while it waited is told as well.
                HelperCommand helperCommand = told.orElseGet(() -> errand(failureQueue.take()));
                told = Optional.of(helperCommand);
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
            complain(name, trouble.get(), attempt);
        }
    }

    private HelperCommand errand(FailureQueue.Report report) {
        RunFailure runFailure = report.failure();
        return new HelperCommand(
                runFailure.view().spec(),
                runFailure.hook().exec(),
                story.of(runFailure.event(), runFailure.view(), report.times()),
                runFailure.hook().timeout());
    }

    /** In words, why it did not do its work; empty if it did. */
    private Optional<String> run(String name, HelperCommand helperCommand) {
        CompletableFuture<HelperCommand.Outcome> outcome = helperCommands.run(helperCommand);
        running.put(name, outcome);
        try {
            if (closing.getCount() == 0) {
                outcome.cancel(true);
            }
            return HookFailure.of(outcome.join(), helperCommand.limit()).map(StartError::reason);
        } finally {
            running.remove(name);
        }
    }

    private void complain(String name, String reason, int attempt) {
        String then =
                attempt < pauses.size() && ending.getCount() > 0
                        ? "; it is tried again in " + StateText.duration(pauses.get(attempt))
                        : "; it is not tried again";
        troubles.put(name, KEY + ": " + reason);
        eventLog.add(new MonitorEvent.HookFailed(name, KEY, reason + then));
        LOG.warn("{}: hook {}, {}{}", name, KEY, reason, then);
    }

    private static boolean isWithin(Duration pause, CountDownLatch end)
            throws InterruptedException {
        return end.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }
}
