package org.procmon.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.procmon.bytes.BytePath;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Signal;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.FailureStory;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.events.EventLog;
import org.procmon.events.EventRecorder;
import org.procmon.events.MonitorEvent;
import org.procmon.hooks.FailureHooks;
import org.procmon.hooks.RunHooks;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.launch.Cgroups;
import org.procmon.launch.PosixHelperCommands;
import org.procmon.launch.PosixLauncher;
import org.procmon.launch.Reaper;
import org.procmon.lifecycle.Run;
import org.procmon.output.OutputCapture;
import org.procmon.output.log.LogFolders;
import org.procmon.pair.Companions;
import org.procmon.pair.DescriptorNeeds;
import org.procmon.pair.Handover;
import org.procmon.pair.InPlaceUpgrade;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.OutputDrain;
import org.procmon.pair.PrimaryWatchdog;
import org.procmon.pair.SignalHandlers;
import org.procmon.pair.StallReporter;
import org.procmon.pair.StartupTrimmer;
import org.procmon.pair.StateRestorer;
import org.procmon.pair.StateStore;
import org.procmon.pair.StateWatch;
import org.procmon.posix.Accounts;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Signals;
import org.procmon.readiness.ReadinessMonitor;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.DeferredObserver;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Observer;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;
import org.procmon.usage.MemoryWatch;

/**
 * The monitor that supervises: creates and connects all parts, and runs the loop on the calling
 * thread.
 */
final class Primary {
    private static final int DONE = 0;

    /** How long clients may take to read the replies that are due to them. */
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);

    /**
     * What the fifos hold can wait for a moment; clients that lost their connection to the previous
     * monitor cannot.
     */
    private static final Duration DRAIN_DELAY = Duration.ofMillis(100);

    /** After this time, a slow start is logged. */
    private static final Duration LONGEST_REOPENING = Duration.ofSeconds(10);

    private static final int INIT = 1;
    private static final String HELPER_INPUT = "errand";

    private final MonitorContext monitorContext;
    private final StateStore stateStore;
    private final AdoptionWarmup adoptionWarmup;
    private final PrintStream err;
    private final Ticker ticker = Ticker.system();

    /** How this process became the primary. */
    enum StartReason {
        /** By a user's command: what other monitors left may be of another version. */
        BY_COMMAND("began"),
        /**
         * Started by the backup, perhaps with another configuration than before, or by a primary
         * that had to make its state directory again.
         */
        BY_MONITOR("started"),
        /** As the former backup. */
        TAKEOVER("took over");

        final String words;

        StartReason(String words) {
            this.words = words;
        }
    }

    /**
     * @param adoptionWarmup what this process has already read
     */
    Primary(
            MonitorContext monitorContext,
            StateStore stateStore,
            AdoptionWarmup adoptionWarmup,
            PrintStream err) {
        this.monitorContext = monitorContext;
        this.stateStore = stateStore;
        this.adoptionWarmup = adoptionWarmup;
        this.err = err;
    }

    /**
     * Supervises until a shutdown is complete.
     *
     * @param startReason how this process became the primary
     * @param endsAtOnce whether a signal to this process has requested a shutdown; asked at first,
     *     and once more when this primary handles the signals
     * @return the exit code
     */
    int run(Handover handover, StartReason startReason, BooleanSupplier endsAtOnce)
            throws IOException {
        Signals.keepEndedChildren();
        CurrentProcess.becomeSubreaper();
        MonitorSpec spec = handover.spec();
        MonitorRecord record = stateStore.succeed();
        Reaper reaper = new Reaper(adoptionWarmup);
        OutputCapture outputCapture = outputs(spec);
        Companions own = new Companions(monitorContext, spec, outputCapture, stateStore::isLeft);
        EventLog eventLog = new EventLog(ticker, InstantSource.system(), this::bug);
        eventLog.add(
                new MonitorEvent.OfMonitor(Snapshot.PRIMARY, startReason.words, record.cause()));
        HookFeature hookFeature = new HookFeature();
        ReadinessFeature readinessFeature = new ReadinessFeature();
        MemoryFeature memory = new MemoryFeature();
        Observer notifying =
                new TransitionLog()
                        .and(new EventRecorder(eventLog, name -> !Companions.isKeeper(name)))
                        .and(hookFeature);
        Observer observer =
                readinessFeature
                        .and(memory)
                        .and(own)
                        .and(new DeferredObserver(notifying))
                        .and(new HeapTrimmer());
        Cgroups cgroups = new Cgroups(monitorContext.state(), reaper, this::bug);
        PosixLauncher launcher =
                new PosixLauncher(
                        reaper,
                        cgroups,
                        outputCapture,
                        monitorContext.state().resolve(MonitorContext.START_MARKERS),
                        monitorContext.childEnvironment(),
                        own.outfits(),
                        readinessFeature);
        boolean asked = endsAtOnce.getAsBoolean();
        boolean ending = record.shuttingDown() || asked;
        InitialState initialState = stateStore.beginning(spec, own.attendants(), ending);
        MonitorView self =
                new MonitorView(
                        Snapshot.PRIMARY,
                        CurrentProcess.pid(),
                        record.runs(),
                        record.since(),
                        "procmon -F " + monitorContext.file().toAbsolutePath(),
                        record.cause());
        outputCapture.onLoss((name, outputLoss) ->
                eventLog.add(
                        new MonitorEvent.OutputLost(
                                name,
                                outputLoss.reason(),
                                outputLoss.bytes(),
                                outputLoss.failing())));
        boolean isFirst = initialState.past().isEmpty();
        if (isFirst) {
            // All fifos must exist before the first child does, and making them takes time.
            outputCapture.prepareSoon(spec.processes());
            outputCapture.start(Duration.ZERO, this::bug);
        } else {
            Companions.seekFifos(initialState, outputCapture);
            outputCapture.resume(spec.processes());
        }
        EventLoop eventLoop =
                new EventLoop(
                        initialState,
                        self,
                        launcher,
                        hookFeature,
                        ticker,
                        observer,
                        stateStore.journal(spec, this::bug));
        StallReporter stalls =
                new StallReporter(
                        PrimaryWatchdog.socket(monitorContext.state()), Thread.currentThread());
        Thread.ofPlatform()
                .daemon()
                .name("loop-watchdog")
                .uncaughtExceptionHandler(this::bug)
                .start(eventLoop.watched(stalls));
        Optional<ServiceManager> manager = ServiceManager.of(monitorContext.environment(), ticker);
        manager.ifPresent(eventLoop::beat);
        OutputSource captured = new CapturedOutput(outputCapture);
        Lazy<HelperCommands> helperCommands =
                new Lazy<>(() ->
                        new PosixHelperCommands(
                                reaper,
                                monitorContext.state().resolve(HELPER_INPUT),
                                monitorContext.childEnvironment()));
        hookFeature.from(
                () ->
                        new FailureHooks(
                                helperCommands.get(),
                                new FailureStory(eventLoop, captured)::of,
                                eventLog,
                                eventLoop::failuresTold),
                () -> new RunHooks(helperCommands.get(), eventLoop, eventLog));
        readinessFeature.callBy(() ->
                new ReadinessMonitor(
                        monitorContext.state(),
                        eventLoop,
                        helperCommands.get(),
                        outputCapture,
                        this::bug));
        memory.from(() -> new MemoryWatch(eventLoop, this::bug));
        obeySignals(eventLoop, reaper, outputCapture, eventLog);
        Thread.ofPlatform()
                .daemon()
                .name("reaper")
                .uncaughtExceptionHandler(this::bug)
                .start(() -> reaper.reapFor(eventLoop));
        InPlaceUpgrade inPlaceUpgrade = new InPlaceUpgrade(monitorContext, eventLoop);
        ConfigReloader reloader =
                new ConfigReloader(
                        monitorContext,
                        stateStore,
                        eventLoop,
                        outputCapture,
                        own,
                        new TriggerFeature(monitorContext, ticker, eventLoop, this::bug),
                        eventLog,
                        manager,
                        spec,
                        this::bug);
        HangupHandler hangups = new HangupHandler(reloader, eventLog);
        SignalHandlers.on("HUP", hangups::reload);
        ControlServer server =
                ControlServer.serve(
                        handover.socket(),
                        spec.control(),
                        new MonitorPorts(
                                eventLoop,
                                captured,
                                inPlaceUpgrade,
                                reloader,
                                eventLog,
                                hookFeature,
                                new SessionUsageSource()),
                        Accounts::isMember,
                        this::bug);
        awaitFifos(isFirst, outputCapture);
        own.resume(initialState);
        eventLoop.takeOver();
        stateStore.settle();
        if (startReason != StartReason.TAKEOVER) {
            stateStore.logDecisions(spec, initialState);
        }
        readinessFeature.resume(eventLoop.snapshot());
        memory.resume(eventLoop.snapshot());
        adoptionWarmup.end();
        if (asked) {
            noteShutdown(
                    startReason == StartReason.TAKEOVER
                            ? "a signal to the backup"
                            : "a signal before anything was started",
                    false,
                    eventLog);
        } else if (!ending && endsAtOnce.getAsBoolean()) {
            shutDown(eventLoop, "a signal to the backup", eventLog);
        }
        if (!isFirst) {
            boolean isAwaited = startReason == StartReason.TAKEOVER;
            outputCapture.start(isAwaited ? DRAIN_DELAY : Duration.ZERO, this::bug);
        }
        StartupTrimmer.awaitAndUse(this::bug);
        StateRestorer restorer =
                new StateRestorer(
                        monitorContext,
                        handover.folder(),
                        handover.socket(),
                        spec.control(),
                        stateStore,
                        eventLoop);
        try {
            own.renew(eventLoop, initialState, startReason != StartReason.TAKEOVER);
            renewBackup(startReason, eventLoop, initialState);
            reloader.begin(record.goesOn());
            StateWatch watch =
                    new StateWatch(
                            monitorContext,
                            handover.folder(),
                            handover.socket(),
                            restorer::restore,
                            eventLog,
                            ticker);
            Thread _ = watch.start(this::bug);
            eventLoop.run();
            watch.end();
            if (eventLoop.wasLeft()) {
                hookFeature.leave();
                Optional<StateRestorer.Restored> restored = restorer.restored();
                restored.ifPresent(_ -> stateStore.restore());
                String cause = restored.map(r -> r.cause()).orElse("upgraded by a command");
                stateStore.keep(stateStore.last().after(0, cause));
                return inPlaceUpgrade.giveWay(
                        handover.folder(), server, reaper, outputCapture, restored);
            }
            restorer.remove();
            hookFeature.close();
            cgroups.end();
            end(handover, eventLoop, server, launcher, outputCapture);
            return eventLoop.exitCode().orElse(DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            // Immediately: the socket's file is for the monitor that takes over.
            bug(Thread.currentThread(), bug);
            throw bug;
        } finally {
            server.close();
        }
        return DONE;
    }

    private void end(
            Handover handover,
            EventLoop eventLoop,
            ControlServer server,
            PosixLauncher launcher,
            OutputCapture outputCapture)
            throws IOException, InterruptedException {
        OutputDrain.drain(outputCapture);
        boolean kept = stateStore.end();
        Optional<Run> backup =
                eventLoop.snapshot().monitors().stream()
                        .flatMap(m -> m.process().stream())
                        .flatMap(b -> b.process().state().run().stream())
                        .findFirst();
        if (backup.isPresent()) {
            if (!kept) {
                // Nothing else keeps the backup from starting another primary.
                launcher.signalLeader(Snapshot.BACKUP, backup.get(), Signal.TERM);
            }
            // The backup exits when this process does, and is the last one that has the socket.
            server.handOver(REPLY_TIMEOUT);
        } else {
            // A client that waits for the shutdown waits until its connection closes, and may then
            // start another monitor.
            handover.folder().close();
            server.stop(REPLY_TIMEOUT);
        }
    }

    /** Replaces one that was taken over and may be of another version. */
    private static void renewBackup(
            StartReason startReason, EventLoop eventLoop, InitialState initialState) {
        if (startReason == StartReason.BY_COMMAND
                && run(initialState, Snapshot.BACKUP).isPresent()) {
            restart(eventLoop, Snapshot.BACKUP);
        }
    }

    private static Optional<Run> run(InitialState initialState, String name) {
        return initialState.past().stream()
                .filter(journalEntry -> journalEntry.name().equals(name))
                .findFirst()
                .flatMap(journalEntry -> journalEntry.process().state().run());
    }

    static void restart(EventLoop eventLoop, String name) {
        CompletableFuture<Reply> _ = eventLoop.submit(new Command.Restart(List.of(name)));
    }

    private OutputCapture outputs(MonitorSpec spec) {
        DescriptorNeeds.raiseLimitFor(spec);
        return new OutputCapture(
                monitorContext.state().resolve(MonitorContext.FIFOS), logFolder(spec));
    }

    /** Making them on this thread at the same time would take longer than waiting. */
    private static void awaitFifos(boolean areMade, OutputCapture outputCapture) {
        try {
            if (areMade) {
                outputCapture.awaitResumed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** While the directory cannot be made, output is lost, and the loss is reported. */
    private Path logFolder(MonitorSpec spec) {
        Path folder = spec.outputFolder().orElseGet(monitorContext::logs).toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            LogFolders.make(BytePath.text(folder))
                    .ifPresent(reason ->
                            err.println(
                                    "procmon: cannot make the log folder "
                                            + folder
                                            + ": "
                                            + reason));
        }
        return folder;
    }

    private static void obeySignals(
            EventLoop eventLoop, Reaper reaper, OutputCapture outputCapture, EventLog eventLog) {
        SignalHandlers.on("USR1", () -> reopen(outputCapture));
        SignalHandlers.on("TERM", () -> shutDown(eventLoop, "SIGTERM", eventLog));
        SignalHandlers.on("INT", () -> shutDown(eventLoop, "SIGINT", eventLog));
        SignalHandlers.on("QUIT", () -> shutDown(eventLoop, "SIGQUIT", eventLog));
        if (CurrentProcess.pid() == INIT) {
            // Only pid 1 may be given orphans of other programs while it has no child to wait for.
            SignalHandlers.on("CHLD", reaper::lookAgain);
        }
    }

    /** The signal that log rotators send after they have moved the files. */
    private static void reopen(OutputCapture outputCapture) {
        try {
            if (outputCapture.reopen(LONGEST_REOPENING)) {
                SignalHandlers.LOG.info("SIGUSR1: reopened the log files");
            } else {
                SignalHandlers.LOG.warn("SIGUSR1: cannot reopen the log files yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shutDown(EventLoop eventLoop, String signal, EventLog eventLog) {
        noteShutdown(signal, eventLoop.snapshot().shuttingDown(), eventLog);
        // No thread waits for this reply: the loop returns by itself when all processes are down.
        CompletableFuture<Reply> _ = eventLoop.submit(new Command.Shutdown());
    }

    private static void noteShutdown(String signal, boolean again, EventLog eventLog) {
        SignalHandlers.LOG.info("{}: {}", signal, again ? "killing what is left" : "shutting down");
        eventLog.add(
                new MonitorEvent.Signaled("Shutdown", signal, MonitorEvent.Outcome.ACCEPTED, ""));
    }

    /** Children run without their monitor; a monitor that no longer sees them must exit. */
    private void bug(Thread thread, Throwable bug) {
        new FatalExceptionHandler("procmon", err).uncaughtException(thread, bug);
    }
}
