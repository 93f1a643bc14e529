package org.procmon.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.procmon.bytes.BytePath;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Signal;
import org.procmon.control.server.ControlServer;
import org.procmon.launch.AdoptionWarmup;
import org.procmon.lifecycle.Run;
import org.procmon.output.log.LogFolders;
import org.procmon.pair.Companions;
import org.procmon.pair.Handover;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.OutputDrain;
import org.procmon.pair.StartupTrimmer;
import org.procmon.pair.StateRestorer;
import org.procmon.pair.StateStore;
import org.procmon.pair.StateWatch;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Signals;
import org.procmon.reload.ConfigReloader;
import org.procmon.reload.HangupHandler;
import org.procmon.status.Snapshot;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Ticker;
import org.slf4j.LoggerFactory;

/** The monitor that supervises. Runs the loop on the calling thread. */
final class Primary {
    private static final int DONE = 0;

    /** How long clients may take to read the replies that are due to them. */
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);

    /**
     * What the fifos hold can wait for a moment; clients that lost their connection to the previous
     * monitor cannot.
     */
    private static final Duration DRAIN_DELAY = Duration.ofMillis(100);

    private final MonitorContext monitorContext;
    private final StateStore stateStore;
    private final AdoptionWarmup adoptionWarmup;
    private final PrintStream err;

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
     * @param shutdownAsked whether a signal to this process has requested a shutdown; asked at
     *     first, and once more when this primary handles the signals
     * @return the exit code
     */
    int run(Handover handover, PrimaryStart.Reason reason, BooleanSupplier shutdownAsked)
            throws IOException {
        Signals.keepEndedChildren();
        CurrentProcess.becomeSubreaper();
        PrimaryStart start =
                new PrimaryStart(
                        monitorContext,
                        stateStore,
                        adoptionWarmup,
                        handover,
                        reason,
                        stateStore.succeed(),
                        shutdownAsked.getAsBoolean(),
                        this::bug);
        Assembly parts = new Assembly(start, logFolder(start.spec()));
        openOutput(parts, start.spec());
        ConfigReloader reloader = parts.reloader();
        parts.startThreads(new HangupHandler(reloader, parts.eventLog));
        try (ControlServer server = parts.serve(reloader)) {
            return supervise(parts, start, server, shutdownAsked);
        }
    }

    private int supervise(
            Assembly parts, PrimaryStart start, ControlServer server, BooleanSupplier shutdownAsked)
            throws IOException {
        try {
            adopt(parts, start, shutdownAsked);
            StateRestorer restorer = restorer(parts, start.handover());
            StateWatch watch = stateWatch(parts, start.handover(), restorer);
            Thread _ = watch.start(this::bug);
            parts.eventLoop.run();
            watch.end();
            if (parts.eventLoop.wasLeft()) {
                return giveWay(parts, start.handover(), server, restorer);
            }
            restorer.remove();
            stop(parts, start.handover(), server);
            return parts.eventLoop.exitCode().orElse(DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DONE;
        } catch (RuntimeException | Error bug) {
            // Immediately: the socket's file is for the monitor that takes over.
            bug(Thread.currentThread(), bug);
            throw bug;
        }
    }

    /** All fifos must exist before the first child does, and making them takes time. */
    private void openOutput(Assembly parts, MonitorSpec spec) {
        if (isFirst(parts.initialState)) {
            parts.outputCapture.prepareSoon(spec.processes());
            parts.outputCapture.start(Duration.ZERO, this::bug);
        } else {
            Companions.seekFifos(parts.initialState, parts.outputCapture);
            parts.outputCapture.resume(spec.processes());
        }
    }

    private static boolean isFirst(InitialState initialState) {
        return initialState.past().isEmpty();
    }

    /** Takes over what other monitors have left, and starts the features. */
    private void adopt(Assembly parts, PrimaryStart start, BooleanSupplier shutdownAsked)
            throws IOException, InterruptedException {
        InitialState initialState = parts.initialState;
        if (isFirst(initialState)) {
            // Making them on this thread at the same time would take longer than waiting.
            parts.outputCapture.awaitResumed();
        }
        parts.companions.resume(initialState);
        parts.eventLoop.takeOver();
        stateStore.settle();
        if (!start.isTakeover()) {
            stateStore.logDecisions(start.spec(), initialState);
        }
        parts.eventLoop
                .features()
                .start(new FeatureStart(start.spec(), parts.eventLoop, start.record().goesOn()));
        adoptionWarmup.end();
        if (start.shutdownAsked()) {
            parts.signals.noteShutdown(
                    start.isTakeover()
                            ? "a signal to the backup"
                            : "a signal before anything was started");
        } else if (!start.endsAtOnce() && shutdownAsked.getAsBoolean()) {
            parts.signals.shutDown("a signal to the backup");
        }
        if (!isFirst(initialState)) {
            parts.outputCapture.start(start.isTakeover() ? DRAIN_DELAY : Duration.ZERO, this::bug);
        }
        StartupTrimmer.awaitAndUse(this::bug);
        parts.companions.renew(initialState, !start.isTakeover());
        renewBackup(parts, start.reason());
    }

    /** Replaces one that was taken over and may be of another version. */
    private static void renewBackup(Assembly parts, PrimaryStart.Reason reason) {
        if (reason == PrimaryStart.Reason.BY_COMMAND
                && Companions.run(parts.initialState, Snapshot.BACKUP).isPresent()) {
            CompletableFuture<Reply> _ =
                    parts.eventLoop.submit(new Command.Restart(List.of(Snapshot.BACKUP)));
        }
    }

    private StateRestorer restorer(Assembly parts, Handover handover) {
        return new StateRestorer(
                monitorContext,
                handover.folder(),
                handover.socket(),
                handover.spec().control(),
                stateStore,
                parts.eventLoop);
    }

    private StateWatch stateWatch(Assembly parts, Handover handover, StateRestorer restorer) {
        return new StateWatch(
                monitorContext,
                handover.folder(),
                handover.socket(),
                restorer::restore,
                parts.eventLog,
                Ticker.system());
    }

    /** Becomes the next monitor, which supervises the same processes. */
    private int giveWay(
            Assembly parts, Handover handover, ControlServer server, StateRestorer restorer)
            throws IOException, InterruptedException {
        parts.eventLoop.features().stop(Feature.End.REPLACED);
        Optional<StateRestorer.Restored> restored = restorer.restored();
        restored.ifPresent(_ -> stateStore.restore());
        String cause = restored.map(r -> r.cause()).orElse("upgraded by a command");
        stateStore.keep(stateStore.last().after(0, cause));
        return parts.inPlaceUpgrade.giveWay(
                handover.folder(),
                handover.listeners(),
                server,
                parts.reaper,
                parts.outputCapture,
                restored);
    }

    /** Ends everything in order, after all processes have exited. */
    private void stop(Assembly parts, Handover handover, ControlServer server)
            throws IOException, InterruptedException {
        parts.eventLoop.features().stop(Feature.End.SHUTDOWN);
        parts.cgroups.end();
        OutputDrain.drain(parts.outputCapture);
        boolean kept = stateStore.end();
        Optional<Run> backup =
                parts.eventLoop.snapshot().monitors().stream()
                        .flatMap(m -> m.process().stream())
                        .flatMap(b -> b.process().state().run().stream())
                        .findFirst();
        if (backup.isPresent()) {
            if (!kept) {
                // Nothing else keeps the backup from starting another primary.
                parts.launcher.signalLeader(Snapshot.BACKUP, backup.get(), Signal.TERM);
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

    /** While the directory cannot be made, output is lost, and the loss is reported. */
    private Path logFolder(MonitorSpec spec) {
        Path folder = spec.outputFolder().orElseGet(monitorContext::logs).toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            LogFolders.make(BytePath.text(folder))
                    .ifPresent(reason ->
                            LoggerFactory.getLogger("output")
                                    .atError()
                                    .addKeyValue("directory", folder)
                                    .addKeyValue("reason", reason)
                                    .log("cannot make the log directory"));
        }
        return folder;
    }

    /** Children run without their monitor; a monitor that no longer sees them must exit. */
    private void bug(Thread thread, Throwable bug) {
        new FatalExceptionHandler("procmon", err).uncaughtException(thread, bug);
    }
}
