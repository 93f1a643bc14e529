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
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.Signal;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.SocketFile;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.launch.PosixLauncher;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.posix.CurrentProcess;
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
 * The backup: loaded and waiting for the primary's end. Then it becomes the primary itself, which
 * takes it some tens of milliseconds. Only if the primary had lived for a moment, it starts another
 * one instead, after a delay that grows: what killed that may kill the next one, and somebody has
 * to stay.
 */
public final class Backup {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");

    /** A primary that lives as long as this has not died of its beginning. */
    private static final Duration INFANCY = Duration.ofSeconds(2);

    /**
     * The pauses before rehearsals: none so that it is ready soon, one in which is compiled what
     * was found to be worth it, some so that the start of all processes is over, and more so that
     * what keeps ending soon after its start has settled.
     */
    private static final List<Duration> REHEARSALS =
            List.of(
                    Duration.ZERO,
                    Duration.ofMillis(250),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30));

    /** The same for a primary that has much to do, and that this is not the heir of before. */
    private static final List<Duration> AFTER_A_START = REHEARSALS.subList(2, REHEARSALS.size());

    /** What a Java machine exits with that has run out of memory; see {@code monitor.options}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int ABORT = 6;

    /**
     * What a monitor exits with that cannot go on, or that such a signal met before it had handlers
     * for them: to a Java machine its own handlers are there first, and end it with these codes.
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

    /** After a rehearsal that is followed by another one so soon there is no leisure. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** How many restarts are rehearsed. */
    private static final int KILLED = 50;

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final MonitorContext monitorContext;
    private final StateStore stateStore;
    private final AdoptionWarmup adoptionWarmup;
    private final PrimaryRole successor;
    private final Ticker ticker = Ticker.system();

    /** Counted down when a shutdown was asked for; the primary may die before it has heard that. */
    private final CountDownLatch shutdownAsked = new CountDownLatch(1);

    private volatile Optional<PrimaryHandle> primary = Optional.empty();

    /** Main thread only. */
    private Optional<PrimaryWatchdog> watchdog = Optional.empty();

    /** What the primary was seen to follow. */
    private byte[] text = new byte[0];

    private Optional<MonitorSpec> spec = Optional.empty();

    /**
     * @param adoptionWarmup what may have been found out before
     * @param successor what this process becomes when a primary has ended
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
     * Starts the primary, and waits for its end. Blocks until the monitors have ended.
     *
     * @return the exit code
     */
    public int begin(Handover handover) throws IOException {
        // What the primary leaves behind is to be this process's.
        CurrentProcess.becomeSubreaper();
        forwardSignals();
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
     * Waits for the end of the primary that has started this process, and whose listening socket it
     * has. Blocks until the monitors have ended.
     *
     * @return the exit code
     */
    public int stand(SocketFile socket, int pid) throws IOException {
        CurrentProcess.becomeSubreaper();
        PrimaryHandle parent = PrimaryHandle.parent(pid);
        primary = Optional.of(parent);
        forwardSignals();
        watchPrimary();
        return attend(socket, parent, REHEARSALS);
    }

    private void watchPrimary() {
        watchdog = PrimaryWatchdog.start(monitorContext.state(), () -> primary, ticker);
    }

    /** Empty if it cannot be executed. */
    private Optional<PrimaryHandle> startPrimary(Handover handover) {
        Spawn.Request request =
                new Spawn.Request(
                        monitorContext.command("--inherited", "3"),
                        Environment.of(monitorContext.monitorEnvironment()),
                        Map.of(PosixLauncher.ID_VARIABLE, Snapshot.PRIMARY),
                        Optional.empty(),
                        Companions.monitorStreams(),
                        List.of(handover.folder().lockDescriptor()),
                        Optional.empty(),
                        true);
        switch (Spawn.spawn(request)) {
            case Spawn.Result.Started started -> {
                PrimaryHandle child = PrimaryHandle.child(started.pid());
                primary = Optional.of(child);
                if (isShutdownAsked()) {
                    // By a signal that came before there was anybody to forward it to.
                    child.signal(Signal.TERM.number());
                }
                handover.folder().close();
                return primary;
            }
            case Spawn.Result.NotStarted failed -> {
                LOG.warn(
                        "cannot execute '{}': {}; there is no second monitor",
                        monitorContext.program(),
                        failed.errno().words());
                return Optional.empty();
            }
        }
    }

    /**
     * Waits for the end of a primary, and of those that are started after it.
     *
     * @param pauses those before the rehearsals
     */
    private int attend(SocketFile socket, PrimaryHandle first, List<Duration> pauses)
            throws IOException {
        PrimaryHandle primaryHandle = first;
        List<Duration> rehearsals = pauses;
        while (true) {
            String end = awaitEnd(primaryHandle, rehearsals);
            MonitorRecord last = stateStore.last();
            if (last.ended() || isOver(primaryHandle)) {
                watchdog.ifPresent(PrimaryWatchdog::close);
                removeSocket(socket);
                return primaryHandle.exitCode();
            }
            Duration lived = ticker.now().since(last.since());
            int streak = lived.compareTo(INFANCY) < 0 ? last.streak() + 1 : 0;
            String cause = end + " after " + StateText.duration(lived);
            Handover handover = inherit(socket, primaryHandle);
            stateStore.keep(last.after(streak, cause));
            if (!socket.isInPlace()) {
                return listenAnew(handover);
            }
            if (streak == 0 || last.shuttingDown() || isShutdownAsked()) {
                LOG.warn("taking over: {}", cause);
                return becomePrimary(handover);
            }
            Duration delay = delay(streak);
            LOG.warn("starting another monitor in {}: {}", StateText.duration(delay), cause);
            if (isShutdownAskedWithin(delay)) {
                return becomePrimary(handover);
            }
            Optional<PrimaryHandle> next = startPrimary(handover);
            if (next.isEmpty()) {
                return becomePrimary(handover);
            }
            primaryHandle = next.get();
            rehearsals = AFTER_A_START;
        }
    }

    /**
     * Whether the primary has ended as it was asked to, though it could not keep that it has: this
     * process was asked too. A primary that fails on its way has not come to that.
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
            LOG.warn("cannot remove the socket {}: {}", monitorContext.socket(), e.getMessage());
        }
    }

    /** Rehearses meanwhile. In words, how it ended. */
    private String awaitEnd(PrimaryHandle primaryHandle, List<Duration> pauses) throws IOException {
        for (Duration pause : pauses) {
            if (!primaryHandle.endsWithin(pause)) {
                rehearse();
            }
            if (pause.compareTo(SOON) > 0
                    && !primaryHandle.endsWithin(StartupTrimmer.AFTER_A_REHEARSAL)) {
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
        return new Handover(folder, socket, now);
    }

    /**
     * Becomes the primary by executing the program again: clients find another socket, or none, at
     * the path of the one that this process has inherited.
     */
    private int listenAnew(Handover handover) throws IOException {
        LOG.error(
                "the control socket {} was removed or replaced: making it again",
                monitorContext.socket());
        StandardStreams.setInput(StateRestorer.listen(monitorContext, handover.spec().control()));
        return InPlaceUpgrade.execute(monitorContext, handover.folder());
    }

    private int becomePrimary(Handover handover) throws IOException {
        watchdog.ifPresent(PrimaryWatchdog::close);
        return successor.run(handover, this::isShutdownAsked);
    }

    private boolean isShutdownAsked() {
        return shutdownAsked.getCount() == 0;
    }

    /** The first at once, then longer and longer. */
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
     * Does all that a primary does first, but changes nothing, and then lets go of the objects of
     * it. So what it needs is loaded, compiled, and for the most part known. What has changed by
     * the time that it is needed is looked at again then.
     */
    private void rehearse() throws IOException {
        stateStore.last();
        DescriptorNeeds.makeRoomFor(specNow());
        MonitorView self = new MonitorView(Snapshot.PRIMARY, 0, 0, ticker.now(), "", "");
        List<JournalEntry> past = stateStore.rehearse();
        stateStore.rehearseWriting(past);
        EventLoop eventLoop =
                new EventLoop(
                        new InitialState(specNow(), List.of(), past, OrphanPolicy.KEEP, false),
                        self,
                        adoptionWarmup,
                        HookRunner.NONE,
                        ticker,
                        (_, _) -> {},
                        Journal.NONE);
        eventLoop.takeOver();
        rehearseRestarts(eventLoop, past);
        ControlServer.rehearse(MonitorPorts.of(eventLoop));
        rehearseSpawning();
        System.gc();
    }

    /** As if some had been killed together with the primary. */
    private static void rehearseRestarts(EventLoop eventLoop, List<JournalEntry> past) {
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

    /** Nobody else has children to be waited for here. */
    private void rehearseSpawning() {
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
