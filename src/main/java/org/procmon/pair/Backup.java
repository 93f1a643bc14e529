package org.procmon.pair;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.Signal;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.SocketFile;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.launch.DescriptorNeeds;
import org.procmon.launch.PosixLauncher;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Environment;
import org.procmon.posix.Spawn;
import org.procmon.posix.StandardStreams;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.status.StateText;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Journal;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup: a loaded process that waits until the primary exits, then becomes the primary within
 * some tens of milliseconds. If the primary lived only for a moment, the backup starts another one
 * instead, after a growing delay: what killed the last primary may kill the next one, and one
 * monitor must stay.
 */
public final class Backup {
    private static final Logger LOG = LoggerFactory.getLogger("monitor");

    /** A primary that lives this long has not failed because of its start. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(2);

    /**
     * The pauses before each warm-up: none, so that the backup is ready soon; one in which the JVM
     * compiles hot code; some until all processes have started; more until processes that keep
     * exiting soon after their start have settled.
     */
    private static final List<Duration> WARMUP_PAUSES =
            List.of(
                    Duration.ZERO,
                    Duration.ofMillis(250),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30));

    /** The same after this process has started a primary, which has much to do first. */
    private static final List<Duration> AFTER_A_START =
            WARMUP_PAUSES.subList(2, WARMUP_PAUSES.size());

    /** The exit code of a JVM that has run out of memory; see {@code monitor.options}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int ABORT = 6;

    /**
     * The exit codes of a monitor that cannot continue, or that received such a signal before it
     * had handlers: the JVM's own handlers come first and exit with these codes.
     */
    private static final Set<Integer> FAILURES =
            Set.of(
                    MonitorExit.FAILED,
                    MonitorExit.BUG,
                    OUT_OF_MEMORY,
                    128 + ABORT,
                    128 + Signal.HUP.number(),
                    128 + Signal.INT.number(),
                    128 + Signal.QUIT.number(),
                    128 + Signal.TERM.number());

    /** Memory is not trimmed between warm-ups that follow each other this soon. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How many restarts a warm-up plays through. */
    private static final int KILLED = 50;

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final MonitorContext monitorContext;
    private final StateStore stateStore;
    private final AdoptionWarmup adoptionWarmup;
    private final PrimaryRole successor;
    private final Ticker ticker = Ticker.system();

    /**
     * Counted down when a shutdown was requested; the primary may die before it receives the
     * request.
     */
    private final CountDownLatch shutdownAsked = new CountDownLatch(1);

    private volatile Optional<PrimaryHandle> primary = Optional.empty();

    /** Main thread only. */
    private Optional<PrimaryWatchdog> watchdog = Optional.empty();

    /** The configuration that the primary was seen to follow. */
    private byte[] text = new byte[0];

    private Optional<MonitorSpec> spec = Optional.empty();

    /** Main thread only. */
    private ListenerStore listeners = new ListenerStore();

    /**
     * @param adoptionWarmup what may already have been read
     * @param successor what this process becomes when a primary has exited
     */
    public Backup(
            MonitorContext monitorContext,
            StateStore stateStore,
            AdoptionWarmup adoptionWarmup,
            PrimaryRole successor) {
        this.monitorContext = monitorContext;
        this.stateStore = stateStore;
        this.adoptionWarmup = adoptionWarmup;
        this.successor = successor;
    }

    /**
     * Starts the primary and waits until it exits. Blocks until the monitors have exited.
     *
     * @return the exit code
     */
    public int begin(Handover handover) throws IOException {
        // This process inherits the children of the primary.
        CurrentProcess.becomeSubreaper();
        forwardSignals();
        listeners = handover.listeners();
        stateStore.keepAsBackup(Companions.backup(monitorContext, 0));
        watchPrimary();
        if (isShutdownAsked()) {
            return becomePrimary(handover);
        }
        Optional<PrimaryHandle> started = startPrimary(handover);
        return started.isPresent()
                ? attend(handover.socket(), started.get(), AFTER_A_START)
                : becomePrimary(handover);
    }

    /**
     * Waits until the primary that started this process exits; this process has its listening
     * socket. Blocks until the monitors have exited.
     *
     * @param inherited the sockets of pools, as the primary has passed them on
     * @return the exit code
     */
    public int stand(SocketFile socket, int pid, ListenerStore inherited) throws IOException {
        listeners = inherited;
        listeners.follow();
        CurrentProcess.becomeSubreaper();
        PrimaryHandle parent = PrimaryHandle.parent(pid);
        primary = Optional.of(parent);
        forwardSignals();
        watchPrimary();
        return attend(socket, parent, WARMUP_PAUSES);
    }

    private void watchPrimary() {
        watchdog = PrimaryWatchdog.start(monitorContext.state(), () -> primary, ticker);
    }

    /** Empty if it cannot be executed. */
    private Optional<PrimaryHandle> startPrimary(Handover handover) {
        Descriptor lock = handover.folder().lockDescriptor();
        Optional<Descriptor> passed =
                handover.spec().pools().isEmpty() ? Optional.empty() : listeners.handOver();
        Spawn.Request request =
                new Spawn.Request(
                        monitorContext.command(inheritance(lock, passed)),
                        Environment.of(monitorContext.monitorEnvironment()),
                        Map.of(PosixLauncher.ID_VARIABLE, Snapshot.PRIMARY),
                        Optional.empty(),
                        Companions.monitorStreams(),
                        Stream.concat(Stream.of(lock), passed.stream()).toList(),
                        Optional.empty(),
                        true);
        switch (Spawn.spawn(request)) {
            case Spawn.Result.Started started -> {
                PrimaryHandle child = PrimaryHandle.child(started.pid());
                primary = Optional.of(child);
                listeners.handedOver();
                listeners.follow();
                if (isShutdownAsked()) {
                    // Because of a signal that came before there was a primary to forward it to.
                    child.signal(Signal.TERM.number());
                }
                handover.folder().close();
                return primary;
            }
            case Spawn.Result.NotStarted failed -> {
                LOG.atWarn()
                        .addKeyValue("program", monitorContext.program())
                        .addKeyValue("reason", failed.errno().words())
                        .log("cannot execute, there is no second monitor");
                return Optional.empty();
            }
        }
    }

    /** A child gets descriptors in the order of their numbers here. */
    private static String[] inheritance(Descriptor lock, Optional<Descriptor> passed) {
        if (passed.isEmpty()) {
            return new String[] {"--inherited", "3"};
        }
        boolean isFirst = lock.number() < passed.get().number();
        return new String[] {
            "--inherited", isFirst ? "3" : "4", "--listeners", isFirst ? "4" : "3"
        };
    }

    /**
     * Waits until a primary exits, and each one that is started after it.
     *
     * @param pauses the pauses before each warm-up
     */
    private int attend(SocketFile socket, PrimaryHandle first, List<Duration> pauses)
            throws IOException {
        PrimaryHandle primaryHandle = first;
        List<Duration> warmups = pauses;
        while (true) {
            String end = awaitEnd(primaryHandle, warmups);
            MonitorRecord last = stateStore.last();
            if (last.ended() || isOver(primaryHandle)) {
                watchdog.ifPresent(PrimaryWatchdog::close);
                removeSocket(socket);
                return primaryHandle.exitCode();
            }
            Duration lived = ticker.now().since(last.since());
            int streak = lived.compareTo(STABLE_AFTER) < 0 ? last.streak() + 1 : 0;
            String cause = end + " after " + StateText.duration(lived);
            Handover handover = inherit(socket, primaryHandle);
            stateStore.keep(last.after(streak, cause));
            if (!socket.isInPlace()) {
                return listenAnew(handover);
            }
            if (streak == 0 || last.shuttingDown() || isShutdownAsked()) {
                LOG.atWarn().addKeyValue("cause", cause).log("taking over");
                return becomePrimary(handover);
            }
            Duration delay = delay(streak);
            LOG.atWarn()
                    .addKeyValue("delay_ms", delay.toMillis())
                    .addKeyValue("cause", cause)
                    .log("starting another monitor");
            if (isShutdownAskedWithin(delay)) {
                return becomePrimary(handover);
            }
            Optional<PrimaryHandle> next = startPrimary(handover);
            if (next.isEmpty()) {
                return becomePrimary(handover);
            }
            primaryHandle = next.get();
            warmups = AFTER_A_START;
        }
    }

    /**
     * Whether the primary has exited because it was asked to, although it could not record that:
     * this process was asked too. A primary that fails during its shutdown does not count.
     */
    private boolean isOver(PrimaryHandle primaryHandle) {
        return isShutdownAsked()
                && primaryHandle.hasExited()
                && !FAILURES.contains(primaryHandle.exitCode());
    }

    private void removeSocket(SocketFile socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("socket", monitorContext.socket())
                    .addKeyValue("reason", e.getMessage())
                    .log("cannot remove the socket");
        }
    }

    /** Warms up meanwhile. Returns in words how the primary ended. */
    private String awaitEnd(PrimaryHandle primaryHandle, List<Duration> pauses) throws IOException {
        for (Duration pause : pauses) {
            if (!primaryHandle.endsWithin(pause)) {
                warmUp();
            }
            if (pause.compareTo(SOON) > 0
                    && !primaryHandle.endsWithin(StartupTrimmer.AFTER_WARMUP)) {
                StartupTrimmer.use();
            }
        }
        primaryHandle.reapOrphansUntilItsEnd(ticker);
        ExitStatus end = primaryHandle.awaitEnd();
        return "the monitor before, pid %d, %s".formatted(primaryHandle.pid(), end.inWords());
    }

    private Handover inherit(SocketFile socket, PrimaryHandle primaryHandle) throws IOException {
        StateFolder folder =
                StateFolder.await(
                        monitorContext.state(), monitorContext.uid(), primaryHandle.pid());
        stateStore.restoreIfRemoved();
        MonitorSpec now = specNow();
        folder.protectFurther(now.control().socketGroup());
        socket.follow(now.control());
        listeners.awaitEnd();
        return new Handover(folder, socket, now, listeners);
    }

    /**
     * Becomes the primary by executing the program again: the path of the inherited socket now
     * leads to another socket, or to none.
     */
    private int listenAnew(Handover handover) throws IOException {
        LOG.atError()
                .addKeyValue("socket", monitorContext.socket())
                .log("the control socket was removed or replaced, making it again");
        StandardStreams.setInput(StateRestorer.listen(monitorContext, handover.spec().control()));
        return InPlaceUpgrade.execute(monitorContext, handover.folder(), handover.listeners());
    }

    private int becomePrimary(Handover handover) throws IOException {
        watchdog.ifPresent(PrimaryWatchdog::close);
        return successor.run(handover, this::isShutdownAsked);
    }

    private boolean isShutdownAsked() {
        return shutdownAsked.getCount() == 0;
    }

    /** The first immediately, the others after growing delays. */
    private static Duration delay(int streak) {
        if (streak <= 1) {
            return Duration.ZERO;
        }
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(streak - 2, 20));
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    private boolean isShutdownAskedWithin(Duration delay) {
        try {
            return shutdownAsked.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Does everything that a primary does first, but changes nothing, and then drops the objects.
     * So the classes are loaded and compiled, and most state is known. The next primary reads again
     * what has changed since.
     */
    private void warmUp() throws IOException {
        stateStore.last();
        DescriptorNeeds.makeRoomFor(specNow());
        MonitorView self = new MonitorView(Snapshot.PRIMARY, 0, 0, ticker.now(), "", "");
        List<JournalEntry> past = stateStore.warmUp();
        stateStore.warmUpWriting(past);
        EventLoop eventLoop =
                new EventLoop(
                        new InitialState(specNow(), List.of(), past, OrphanPolicy.KEEP, false),
                        self,
                        adoptionWarmup,
                        HookRunner.NONE,
                        ticker,
                        Journal.NONE);
        eventLoop.takeOver();
        warmUpRestarts(eventLoop, past);
        ControlServer.warmUp(MonitorPorts.of(eventLoop));
        warmUpSpawning();
        System.gc();
    }

    /** As if some processes had been killed together with the primary. */
    private static void warmUpRestarts(EventLoop eventLoop, List<JournalEntry> past) {
        for (JournalEntry journalEntry : past.subList(0, Math.min(past.size(), KILLED))) {
            journalEntry
                    .process()
                    .state()
                    .run()
                    .ifPresent(run ->
                            eventLoop.leaderExited(
                                    journalEntry.name(),
                                    run.number(),
                                    new ExitStatus.Signaled(Signal.KILL.number()),
                                    ResourceUsage.NONE));
        }
        eventLoop.settle();
    }

    /** No other code has children to wait for here. */
    private void warmUpSpawning() {
        Spawn.Stream none = new Spawn.Stream.DevNull();
        Spawn.Request request =
                new Spawn.Request(
                        List.of("true"),
                        Environment.of(monitorContext.environment()),
                        Map.of(),
                        Optional.empty(),
                        new Spawn.Streams(none, none, none),
                        List.of(),
                        Optional.empty(),
                        true);
        if (Spawn.spawn(request) instanceof Spawn.Result.Started started) {
            PrimaryHandle.child(started.pid()).awaitEnd();
        }
    }

    private MonitorSpec specNow() throws IOException {
        byte[] now = stateStore.configuration();
        if (spec.isEmpty() || !Arrays.equals(now, text)) {
            spec = Optional.of(stateStore.spec(now));
            text = now;
        }
        return spec.get();
    }

    private void forwardSignals() {
        for (Signal signal :
                List.of(Signal.TERM, Signal.INT, Signal.QUIT, Signal.HUP, Signal.USR1)) {
            SignalHandlers.on(signal.name(), () -> forward(signal));
        }
    }

    private void forward(Signal signal) {
        if (signal == Signal.TERM || signal == Signal.INT || signal == Signal.QUIT) {
            shutdownAsked.countDown();
        }
        primary.ifPresent(primaryHandle -> primaryHandle.signal(signal.number()));
    }
}
