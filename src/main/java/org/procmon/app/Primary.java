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
import org.procmon.chronicle.Chronicle;
import org.procmon.chronicle.Happening;
import org.procmon.chronicle.Recorder;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.FailureStory;
import org.procmon.control.server.OutputSource;
import org.procmon.control.server.Ports;
import org.procmon.hooks.FailureHooks;
import org.procmon.hooks.RunHooks;
import org.procmon.journal.MonitorRecord;
import org.procmon.launch.Cgroups;
import org.procmon.launch.PosixErrands;
import org.procmon.launch.PosixLauncher;
import org.procmon.launch.Reaper;
import org.procmon.launch.Rehearsal;
import org.procmon.lifecycle.Run;
import org.procmon.memory.MemoryWatch;
import org.procmon.output.LogFolders;
import org.procmon.output.Outputs;
import org.procmon.posix.Accounts;
import org.procmon.posix.DescriptorLimit;
import org.procmon.posix.Self;
import org.procmon.posix.Signals;
import org.procmon.readiness.Sentry;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.Signal;
import org.procmon.supervise.Beginning;
import org.procmon.supervise.Command;
import org.procmon.supervise.Errands;
import org.procmon.supervise.LaterObserver;
import org.procmon.supervise.Loop;
import org.procmon.supervise.Observer;
import org.procmon.supervise.Reply;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Snapshot.MonitorView;
import org.procmon.supervise.Ticker;

/**
 * The monitor that supervises: puts the rooms of the house together and runs the loop on the
 * calling thread.
 */
final class Primary {
    private static final int DONE = 0;
    static final int BUG = 70;

    /** How long clients are given to take the answers that they are owed. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /**
     * What the fifos hold can wait for a moment; those cannot who have lost their connection to the
     * monitor before.
     */
    private static final Duration COURTESY = Duration.ofMillis(100);

    /** A disk may be slow, but a service manager would not wait for much longer either. */
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);

    /** After that somebody should hear that it takes its time. */
    private static final Duration LONGEST_REOPENING = Duration.ofSeconds(10);

    private static final int INIT = 1;
    static final String FIFOS = "fifo";
    private static final String ERRANDS = "errand";
    static final String START_MARKERS = "started";
    private static final int OTHER_DESCRIPTORS = 200;

    private final Site site;
    private final Records records;
    private final Rehearsal rehearsal;
    private final PrintStream err;
    private final Ticker ticker = Ticker.system();

    /** How a primary comes to its office. */
    enum Entrance {
        /** By somebody's command: what is left of others may be of another version. */
        BEGINS("began"),
        /**
         * Started by the backup, perhaps with another configuration than those before, or by a
         * primary that had to make its state folder again.
         */
        IS_STARTED("started"),
        /** As the backup that it was. */
        TAKES_OVER("took over");

        final String words;

        Entrance(String words) {
            this.words = words;
        }
    }

    /**
     * @param rehearsal what this process has found out before
     */
    Primary(Site site, Records records, Rehearsal rehearsal, PrintStream err) {
        this.site = site;
        this.records = records;
        this.rehearsal = rehearsal;
        this.err = err;
    }

    /**
     * Supervises until a shutdown is complete.
     *
     * @param entrance how it came to its office
     * @param endsAtOnce whether a signal to this process has asked for a shutdown; asked at first,
     *     and once more when the signals are this primary's
     * @return the exit code
     */
    int run(Estate estate, Entrance entrance, BooleanSupplier endsAtOnce) throws IOException {
        Signals.keepEndedChildren();
        Self.becomeSubreaper();
        MonitorSpec spec = estate.spec();
        MonitorRecord record = records.succeed();
        Reaper reaper = new Reaper(rehearsal);
        Outputs outputs = outputs(spec);
        OwnPrograms own = new OwnPrograms(site, spec, outputs, records::isLeft);
        Chronicle chronicle = new Chronicle(ticker, InstantSource.system(), this::bug);
        chronicle.add(new Happening.OfMonitor(Snapshot.PRIMARY, entrance.words, record.cause()));
        Hooks hooks = new Hooks();
        Checkups checkups = new Checkups();
        MemoryBounds memory = new MemoryBounds();
        Observer telling =
                new ChangeLog()
                        .and(new Recorder(chronicle, name -> !OwnPrograms.isKeeper(name)))
                        .and(hooks);
        Observer observer =
                checkups.and(memory)
                        .and(own)
                        .and(new LaterObserver(telling))
                        .and(new HeapTrimmer());
        Cgroups cgroups = new Cgroups(site.state(), reaper, this::bug);
        PosixLauncher launcher =
                new PosixLauncher(
                        reaper,
                        cgroups,
                        outputs,
                        site.state().resolve(START_MARKERS),
                        site.childEnvironment(),
                        own.outfits(),
                        checkups);
        boolean asked = endsAtOnce.getAsBoolean();
        boolean ending = record.shuttingDown() || asked;
        Beginning beginning = records.beginning(spec, own.attendants(), ending);
        MonitorView self =
                new MonitorView(
                        Snapshot.PRIMARY,
                        Self.pid(),
                        record.runs(),
                        record.since(),
                        "procmon -F " + site.file().toAbsolutePath(),
                        record.cause());
        outputs.onLoss((name, loss) ->
                chronicle.add(
                        new Happening.OutputLost(
                                name, loss.reason(), loss.bytes(), loss.failing())));
        boolean isFirst = beginning.past().isEmpty();
        if (isFirst) {
            // All fifos are to be there before the first child is, and that takes its time.
            outputs.prepareSoon(spec.processes());
            outputs.start(Duration.ZERO, this::bug);
        } else {
            OwnPrograms.seekFifos(beginning, outputs);
            outputs.resume(spec.processes());
        }
        Loop loop =
                new Loop(
                        beginning,
                        self,
                        launcher,
                        hooks,
                        ticker,
                        observer,
                        records.journal(spec, this::bug));
        StallReporter stalls =
                new StallReporter(PrimaryWatchdog.socket(site.state()), Thread.currentThread());
        Thread.ofPlatform()
                .daemon()
                .name("loop-watchdog")
                .uncaughtExceptionHandler(this::bug)
                .start(loop.watched(stalls));
        Optional<ServiceManager> manager = ServiceManager.of(site.environment(), ticker);
        manager.ifPresent(loop::beat);
        OutputSource captured = new CapturedOutput(outputs);
        OnDemand<Errands> errands =
                new OnDemand<>(() ->
                        new PosixErrands(
                                reaper, site.state().resolve(ERRANDS), site.childEnvironment()));
        hooks.from(
                () ->
                        new FailureHooks(
                                errands.get(),
                                new FailureStory(loop, captured)::of,
                                chronicle,
                                loop::failuresTold),
                () -> new RunHooks(errands.get(), loop, chronicle));
        checkups.callBy(() -> new Sentry(site.state(), loop, errands.get(), outputs, this::bug));
        memory.from(() -> new MemoryWatch(loop, this::bug));
        obeySignals(loop, reaper, outputs, chronicle);
        Thread.ofPlatform()
                .daemon()
                .name("reaper")
                .uncaughtExceptionHandler(this::bug)
                .start(() -> reaper.reapFor(loop));
        Renewal renewal = new Renewal(site, loop);
        Reconfiguration reloader =
                new Reconfiguration(
                        site,
                        records,
                        loop,
                        outputs,
                        own,
                        new TriggerSources(site, ticker, loop, this::bug),
                        chronicle,
                        manager,
                        spec,
                        this::bug);
        HangupHandler hangups = new HangupHandler(reloader, chronicle);
        SignalHandlers.on("HUP", hangups::reload);
        ControlServer server =
                ControlServer.serve(
                        estate.socket(),
                        spec.control(),
                        new Ports(
                                loop,
                                captured,
                                renewal,
                                reloader,
                                chronicle,
                                hooks,
                                new SessionUsage()),
                        Accounts::isMember,
                        this::bug);
        awaitFifos(isFirst, outputs);
        own.resume(beginning);
        loop.takeOver();
        records.settle();
        if (entrance != Entrance.TAKES_OVER) {
            records.logDecisions(spec, beginning);
        }
        checkups.resume(loop.snapshot());
        memory.resume(loop.snapshot());
        rehearsal.end();
        if (asked) {
            noteShutdown(
                    entrance == Entrance.TAKES_OVER
                            ? "a signal to the backup"
                            : "a signal before anything was started",
                    false,
                    chronicle);
        } else if (!ending && endsAtOnce.getAsBoolean()) {
            shutDown(loop, "a signal to the backup", chronicle);
        }
        if (!isFirst) {
            boolean isAwaited = entrance == Entrance.TAKES_OVER;
            outputs.start(isAwaited ? COURTESY : Duration.ZERO, this::bug);
        }
        Leisure.awaitAndUse(this::bug);
        StateRestorer restorer =
                new StateRestorer(
                        site, estate.folder(), estate.socket(), spec.control(), records, loop);
        try {
            own.renew(loop, beginning, entrance != Entrance.TAKES_OVER);
            renewBackup(entrance, loop, beginning);
            reloader.begin(record.goesOn());
            StateWatch watch =
                    new StateWatch(
                            site,
                            estate.folder(),
                            estate.socket(),
                            restorer::restore,
                            chronicle,
                            ticker);
            Thread _ = watch.start(this::bug);
            loop.run();
            watch.end();
            if (loop.wasLeft()) {
                hooks.leave();
                Optional<StateRestorer.Restored> restored = restorer.restored();
                restored.ifPresent(_ -> records.restore());
                String cause = restored.map(r -> r.cause()).orElse("upgraded by a command");
                records.keep(records.last().after(0, cause));
                return renewal.giveWay(estate.folder(), server, reaper, outputs, restored);
            }
            restorer.remove();
            hooks.close();
            cgroups.end();
            end(estate, loop, server, launcher, outputs);
            return loop.exitCode().orElse(DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            // At once: the socket's file is for who takes over.
            bug(Thread.currentThread(), bug);
            throw bug;
        } finally {
            server.close();
        }
        return DONE;
    }

    private void end(
            Estate estate, Loop loop, ControlServer server, PosixLauncher launcher, Outputs outputs)
            throws IOException, InterruptedException {
        drain(outputs);
        boolean kept = records.end();
        Optional<Run> backup =
                loop.snapshot().monitors().stream()
                        .flatMap(m -> m.process().stream())
                        .flatMap(b -> b.process().state().run().stream())
                        .findFirst();
        if (backup.isPresent()) {
            if (!kept) {
                // Nothing else tells it that it is not to begin anew.
                launcher.signalLeader(Snapshot.BACKUP, backup.get(), Signal.TERM);
            }
            // It ends when this process does, and is the last one that has the socket.
            server.handOver(FAREWELL);
        } else {
            // Who waits for the shutdown waits for its connection to end, and may then start
            // another monitor.
            estate.folder().close();
            server.stop(FAREWELL);
        }
    }

    /** Moves what the fifos hold; a disk that does not answer keeps no monitor from its end. */
    static void drain(Outputs outputs) throws InterruptedException {
        if (!outputs.drainAndClose(LONGEST_DRAIN)) {
            SignalHandlers.LOG.error(
                    "cannot write all output to the log files within {} s: their file system does"
                            + " not answer; what is left is lost unless a process or another"
                            + " monitor has its fifo open",
                    LONGEST_DRAIN.toSeconds());
        }
    }

    /** Replaces one that was taken over and may be of another version. */
    private static void renewBackup(Entrance entrance, Loop loop, Beginning beginning) {
        if (entrance == Entrance.BEGINS && run(beginning, Snapshot.BACKUP).isPresent()) {
            restart(loop, Snapshot.BACKUP);
        }
    }

    private static Optional<Run> run(Beginning beginning, String name) {
        return beginning.past().stream()
                .filter(kept -> kept.name().equals(name))
                .findFirst()
                .flatMap(kept -> kept.process().state().run());
    }

    static void restart(Loop loop, String name) {
        CompletableFuture<Reply> _ = loop.submit(new Command.Restart(List.of(name)));
    }

    /**
     * Sees to it that there may be as many descriptors as are needed: for each process two fifos
     * and a pidfd, and some for everything else.
     */
    static void raiseLimitFor(MonitorSpec spec) {
        if (descriptors(spec) > DescriptorLimit.soft()) {
            DescriptorLimit.raise(descriptors(spec));
        }
    }

    /** As {@link #raiseLimitFor}, and makes room for them; may take some tens of milliseconds. */
    static void makeRoomFor(MonitorSpec spec) {
        raiseLimitFor(spec);
        DescriptorLimit.reserve(descriptors(spec));
    }

    private static long descriptors(MonitorSpec spec) {
        return spec.processes().size() * 3L + OTHER_DESCRIPTORS;
    }

    private Outputs outputs(MonitorSpec spec) {
        raiseLimitFor(spec);
        return new Outputs(site.state().resolve(FIFOS), logFolder(spec));
    }

    /** To make them together with the other thread would take longer than to wait for it. */
    private static void awaitFifos(boolean areMade, Outputs outputs) {
        try {
            if (areMade) {
                outputs.awaitResumed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** While the folder cannot be made, output is lost, and said so. */
    private Path logFolder(MonitorSpec spec) {
        Path folder = spec.outputFolder().orElseGet(site::logs).toAbsolutePath();
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
            Loop loop, Reaper reaper, Outputs outputs, Chronicle chronicle) {
        SignalHandlers.on("USR1", () -> reopen(outputs));
        SignalHandlers.on("TERM", () -> shutDown(loop, "SIGTERM", chronicle));
        SignalHandlers.on("INT", () -> shutDown(loop, "SIGINT", chronicle));
        SignalHandlers.on("QUIT", () -> shutDown(loop, "SIGQUIT", chronicle));
        if (Self.pid() == INIT) {
            // Only to pid 1 may strangers be left while it has no child to wait for.
            SignalHandlers.on("CHLD", reaper::lookAgain);
        }
    }

    /** What programs that rotate logs send after they have moved them. */
    private static void reopen(Outputs outputs) {
        try {
            if (outputs.reopen(LONGEST_REOPENING)) {
                SignalHandlers.LOG.info("SIGUSR1: opened the log files anew");
            } else {
                SignalHandlers.LOG.warn("SIGUSR1: the log files are not opened anew yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shutDown(Loop loop, String signal, Chronicle chronicle) {
        noteShutdown(signal, loop.snapshot().shuttingDown(), chronicle);
        // Nobody waits for this reply: the loop ends by itself when all is down.
        CompletableFuture<Reply> _ = loop.submit(new Command.Shutdown());
    }

    private static void noteShutdown(String signal, boolean again, Chronicle chronicle) {
        SignalHandlers.LOG.info("{}: {}", signal, again ? "killing what is left" : "shutting down");
        chronicle.add(new Happening.Signaled("Shutdown", signal, Happening.Outcome.ACCEPTED, ""));
    }

    /** Children go on without their monitor; a monitor that no longer sees them is no monitor. */
    private void bug(Thread thread, Throwable bug) {
        new FatalExceptionHandler("procmon", err).uncaughtException(thread, bug);
    }
}
