package org.procmon.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Schedule;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ScheduledAction;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.Features;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.ExitListener;
import org.procmon.supervise.port.Heartbeat;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.RunReportListener;
import org.procmon.supervise.port.Supervisor;
import org.procmon.supervise.port.Ticker;
import org.procmon.supervise.port.TriggerListener;

/**
 * The one thread that owns the state of all processes. It takes messages from its inbox, passes
 * them to the process set, and publishes a snapshot when the inbox is empty. While nothing happens
 * and no deadline is set, it does not wake.
 */
public final class EventLoop
        implements Runnable, Supervisor, ExitListener, RunReportListener, TriggerListener {
    private sealed interface Message {
        record Exited(String name, long run, ExitStatus status, ResourceUsage usage)
                implements Message {}

        record StrangerExited() implements Message {}

        record FeatureDone() implements Message {}

        record Reported(String name, Event event) implements Message {}

        record Commanded(
                Command command, CompletableFuture<Reply> reply, CompletableFuture<Void> taken)
                implements Message {}

        record TimeCame(String name, Schedule.Action action) implements Message {}

        record FilesChanged(String name) implements Message {}

        record Planned(Map<String, List<ScheduledAction>> plans) implements Message {}

        record Remarked(Map<String, String> remarks) implements Message {}

        record Left() implements Message {}
    }

    private final LinkedBlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
    private final Features features = new Features();
    private final ProcessSet processSet;
    private final Ticker ticker;
    private final MonitorView self;
    private volatile Snapshot snapshot;
    private volatile boolean over;
    private final CountDownLatch takenOver = new CountDownLatch(1);

    /** Grows with each step of the loop, which alone changes it. */
    private volatile long progress;

    /** Whether it is handling a message from its inbox. */
    private volatile boolean busy;

    private volatile @Nullable LoopWatchdog watchdog;

    /** Loop thread only. */
    private Optional<Heartbeat> heartbeat = Optional.empty();

    /** Set by the loop's thread. */
    private volatile boolean left;

    /** Loop thread only: the replies of accepted commands; some are completed by now. */
    private final List<CompletableFuture<Reply>> openReplies = new ArrayList<>();

    public EventLoop(
            InitialState initialState,
            MonitorView self,
            Launcher launcher,
            HookRunner hooks,
            Ticker ticker,
            Journal journal) {
        this.ticker = ticker;
        this.self = self;
        Ticker stepping =
                () -> {
                    step();
                    return ticker.now();
                };
        this.processSet =
                new ProcessSet(initialState, launcher, hooks, stepping, features, journal);
        this.snapshot = snapshotNow();
    }

    /** All features as one. */
    public Feature features() {
        return features;
    }

    /** Adds a feature. Before {@link #takeOver}, and on the same thread. */
    public void attach(Feature feature) {
        features.attach(feature);
    }

    /**
     * Takes over the processes that another monitor left running; {@link #isReady} waits for it.
     * Once, before {@link #run}, and on the same thread.
     */
    public void takeOver() {
        processSet.takeOver();
        publish();
        takenOver.countDown();
    }

    /**
     * Starts the processes, and supervises them until a shutdown is complete, or until {@link
     * #leave} was called.
     */
    @Override
    public void run() {
        processSet.begin();
        publish();
        beat();
        while (!processSet.isOver() && !left) {
            busy = false;
            Optional<Message> note = awaitMessage();
            busy = true;
            takeAll(note);
            publish();
            beat();
        }
        // The last feature may have finished since the shutdown was checked.
        processSet.answerIfOver();
        processSet.sendReplies();
        processSet.awaitDurable();
        over = true;
        refuseTheRest();
        // Nothing completes the remaining commands any more.
        openReplies.forEach(reply -> reply.complete(unfinished()));
        openReplies.clear();
    }

    /**
     * Lets a watchdog detect from now on that this loop is stuck; its {@link LoopWatchdog#run}
     * needs a thread of its own.
     */
    public LoopWatchdog watched(LoopWatchdog.Listener listener) {
        LoopWatchdog made =
                new LoopWatchdog(
                        () -> !over && (busy || !inbox.isEmpty()),
                        () -> progress,
                        ticker,
                        listener);
        watchdog = made;
        made.arm();
        return made;
    }

    /**
     * Registers a heartbeat, which the loop calls while it runs. Before {@link #run}, on the same
     * thread.
     */
    public void beat(Heartbeat called) {
        heartbeat = Optional.of(called);
    }

    private void beat() {
        heartbeat.ifPresent(called -> called.beat(snapshot));
    }

    private void step() {
        long next = progress + 1;
        progress = next;
    }

    private void put(Message message) {
        inbox.add(message);
        LoopWatchdog known = watchdog;
        if (known != null) {
            known.arm();
        }
    }

    @Override
    public Optional<Duration> stall() {
        LoopWatchdog known = watchdog;
        long seconds = known == null ? 0 : known.stalledSeconds();
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /** A feature is no longer busy, which a shutdown may be waiting for. Any thread. */
    public void featureDone() {
        put(new Message.FeatureDone());
    }

    /** Ends the loop soon, and nothing else: the next monitor takes over. Any thread. */
    public void leave() {
        put(new Message.Left());
    }

    /** The monitor's exit status, if an essential process has exited. After the end of the loop. */
    public OptionalInt exitCode() {
        return processSet.exitCode();
    }

    /**
     * Whether the loop ended because it was left.
     *
     * @see #leave
     */
    public boolean wasLeft() {
        return left && !processSet.isOver();
    }

    /**
     * Handles the messages that have come up to now, after the end of the loop and on its thread,
     * so that the monitor knows no more than the journal. Commands are refused.
     */
    public void settle() {
        takeAll(Optional.ofNullable(inbox.poll()));
        publish();
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public boolean isReady(Duration limit) throws InterruptedException {
        return takenOver.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Ticks now() {
        return ticker.now();
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        return submit(command, new CompletableFuture<>());
    }

    @Override
    public CompletableFuture<Reply> submit(Command command, CompletableFuture<Void> taken) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        put(new Message.Commanded(command, reply, taken));
        if (over) {
            refuseTheRest();
        }
        return reply;
    }

    @Override
    public void leaderExited(
            String name, long run, ExitStatus status, ResourceUsage resourceUsage) {
        put(new Message.Exited(name, run, status, resourceUsage));
    }

    @Override
    public void report(String name, Event event) {
        put(new Message.Reported(name, event));
    }

    @Override
    public void strangerExited() {
        put(new Message.StrangerExited());
    }

    @Override
    public void timeCame(String name, Schedule.Action action) {
        put(new Message.TimeCame(name, action));
    }

    @Override
    public void filesChanged(String name) {
        put(new Message.FilesChanged(name));
    }

    @Override
    public void planned(Map<String, List<ScheduledAction>> plans) {
        put(new Message.Planned(Map.copyOf(plans)));
    }

    @Override
    public void remarked(Map<String, String> remarks) {
        put(new Message.Remarked(Map.copyOf(remarks)));
    }

    /**
     * Handles all messages in the inbox. Messages that arrive meanwhile wait for the next call:
     * otherwise programs that exit as fast as they are restarted would keep it here for ever.
     */
    private void takeAll(Optional<Message> first) {
        List<Message> notes = new ArrayList<>();
        if (first.isPresent()) {
            notes.add(first.get());
        }
        inbox.drainTo(notes);
        boolean strangers = false;
        for (Message message : notes) {
            step();
            switch (message) {
                case Message.Exited n ->
                        processSet.leaderExitedToo(n.name(), n.run(), n.status(), n.usage());
                case Message.Commanded n -> {
                    if (over) {
                        refuse(n);
                    } else {
                        openReplies.removeIf(CompletableFuture::isDone);
                        openReplies.add(n.reply());
                        processSet.command(n.command(), n.reply());
                        processSet.answers().taken(n.taken());
                    }
                }
                case Message.Reported n -> processSet.reported(n.name(), n.event());
                case Message.TimeCame n -> processSet.timeCame(n.name(), n.action());
                case Message.FilesChanged n -> processSet.filesChanged(n.name());
                case Message.Planned n -> processSet.planned(n.plans());
                case Message.Remarked n -> processSet.remarked(n.remarks());
                case Message.StrangerExited _ -> strangers = true;
                // Its only purpose is to check again whether the shutdown is complete.
                case Message.FeatureDone _ -> {}
                case Message.Left _ -> left = true;
            }
        }
        if (strangers) {
            processSet.strangerExited();
        }
        processSet.timePassed();
    }

    /** The next message; empty if a deadline comes first. */
    private Optional<Message> awaitMessage() {
        Optional<Ticks> deadline = nextDeadline();
        try {
            if (deadline.isEmpty()) {
                return Optional.of(inbox.take());
            }
            Duration left = deadline.get().since(ticker.now());
            return Optional.ofNullable(
                    inbox.poll(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("cannot supervise: the loop was interrupted", e);
        }
    }

    private Optional<Ticks> nextDeadline() {
        Optional<Ticks> event = processSet.nextDeadline();
        Optional<Ticks> call = heartbeat.flatMap(Heartbeat::nextBeat);
        return event.isPresent() && call.isPresent()
                ? Optional.of(Ticks.earlier(event.get(), call.get()))
                : event.or(() -> call);
    }

    /** Refuses the commands that came too late, on whichever thread finds them. */
    private void refuseTheRest() {
        inbox.removeIf(message -> message instanceof Message.Commanded late && refuse(late));
    }

    /** Refuses a command; true if this call was the first to answer it. */
    private boolean refuse(Message.Commanded late) {
        boolean first = late.reply().complete(refusal());
        late.taken().complete(null);
        return first;
    }

    /** The reply to a command that was accepted, and whose outcome this loop will not see. */
    private Reply unfinished() {
        return isReplaced()
                ? new Reply.Failed(
                        "", "the monitor is being replaced before this is done; see 'procmon list'")
                : new Reply.ShuttingDown();
    }

    private Reply refusal() {
        return new Reply.ShuttingDown(isReplaced());
    }

    /** Whether the next monitor continues, and does not only complete a shutdown. */
    private boolean isReplaced() {
        return wasLeft() && !snapshot.shuttingDown();
    }

    private void publish() {
        processSet.keep();
        snapshot = snapshotNow();
        processSet.sendReplies();
    }

    private Snapshot snapshotNow() {
        List<MonitorView> monitors = new ArrayList<>(2);
        monitors.add(self);
        processSet.companion(Snapshot.BACKUP).map(MonitorView::of).ifPresent(monitors::add);
        return new Snapshot(
                processSet.views(),
                monitors,
                processSet.isShuttingDown(),
                processSet.stoppedPools());
    }
}
