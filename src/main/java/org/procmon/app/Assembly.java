package org.procmon.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.FailureStory;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.events.EventLog;
import org.procmon.events.EventRecorder;
import org.procmon.events.MonitorEvent;
import org.procmon.events.StartSummary;
import org.procmon.events.TransitionLog;
import org.procmon.follow.FolderFollower;
import org.procmon.front.publish.FrontConfigFile;
import org.procmon.hooks.FailureHooks;
import org.procmon.hooks.RunHooks;
import org.procmon.journal.ScheduleFile;
import org.procmon.launch.Cgroups;
import org.procmon.launch.DescriptorNeeds;
import org.procmon.launch.PosixHelperCommands;
import org.procmon.launch.PosixLauncher;
import org.procmon.launch.Reaper;
import org.procmon.lifecycle.Run;
import org.procmon.output.OutputCapture;
import org.procmon.pair.Companions;
import org.procmon.pair.ConfigFiles;
import org.procmon.pair.InPlaceUpgrade;
import org.procmon.pair.ListenerStore;
import org.procmon.pair.MonitorContext;
import org.procmon.pair.PrimaryWatchdog;
import org.procmon.pair.StallReporter;
import org.procmon.pool.Pools;
import org.procmon.pool.listen.LeftListeners;
import org.procmon.pool.listen.Listeners;
import org.procmon.pool.listen.OpenListener;
import org.procmon.posix.Accounts;
import org.procmon.posix.BootId;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.ProcessStat;
import org.procmon.readiness.ReadinessMonitor;
import org.procmon.reload.ConfigReloader;
import org.procmon.reload.HangupHandler;
import org.procmon.reload.ReloadListener;
import org.procmon.status.PoolView;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.feature.DeferredFeature;
import org.procmon.supervise.feature.LazyFeature;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Ticker;
import org.procmon.systemd.ServiceManager;
import org.procmon.trigger.schedule.LatestRuns;
import org.procmon.trigger.schedule.MachineId;
import org.procmon.trigger.schedule.Schedules;
import org.procmon.trigger.watch.WatchedFiles;
import org.procmon.usage.MemoryWatch;
import org.procmon.usage.SessionUsageSource;

/**
 * All parts of a primary, made and connected. A feature is a line of {@link #attachFeatures}. Main
 * thread.
 */
final class Assembly {
    private static final String HELPER_INPUT = "errand";
    private static final String SCHEDULES = "schedules";

    private final PrimaryStart start;
    private final MonitorContext monitorContext;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Ticker ticker = Ticker.system();
    private final Optional<ServiceManager> manager;
    private final Lazy<HelperCommands> helperCommands;
    private final OutputSource capturedOutput;

    final InitialState initialState;
    final Reaper reaper;
    final OutputCapture outputCapture;
    final Companions companions;
    final EventLog eventLog;
    final Cgroups cgroups;
    final PosixLauncher launcher;
    final EventLoop eventLoop;
    final InPlaceUpgrade inPlaceUpgrade;
    final PrimarySignals signals;

    private final LazyFeature<ReadinessMonitor> readiness =
            new LazyFeature<>(process -> process.hasChecks(), this::readinessMonitor);
    private final LazyFeature<RunHooks> runHooks = new LazyFeature<>(_ -> false, this::runHooks);
    private final Lazy<Listeners> listeners = new Lazy<>(this::openListeners);
    private final LazyFeature<Pools> pools =
            LazyFeature.ofConfiguration(spec -> spec.listens(), this::pools);
    private final Lazy<ConfigReloader> reloader = new Lazy<>(this::makeReloader);
    private final LazyFeature<FailureHooks> failureHooks =
            new LazyFeature<>(
                    process -> process.hooks().onFailure().isPresent(), this::failureHooks);

    /** For the output of processes. */
    private final Path logFolder;

    Assembly(PrimaryStart start, Path logFolder) throws IOException {
        this.start = start;
        this.logFolder = logFolder;
        monitorContext = start.monitorContext();
        bugs = start.bugs();
        manager = ServiceManager.of(monitorContext.environment(), ticker);
        reaper = new Reaper(start.adoptionWarmup());
        DescriptorNeeds.raiseLimitFor(start.spec());
        outputCapture =
                new OutputCapture(monitorContext.state().resolve(MonitorContext.FIFOS), logFolder);
        capturedOutput = new CapturedOutput(outputCapture);
        companions =
                new Companions(
                        monitorContext,
                        start.handover().listeners(),
                        start.spec(),
                        outputCapture,
                        start.stateStore()::isLeft);
        initialState =
                start.stateStore()
                        .beginning(start.spec(), companions.companions(), start.endsAtOnce());
        eventLog = eventLog();
        cgroups = new Cgroups(monitorContext.state(), reaper, bugs);
        helperCommands =
                new Lazy<>(() ->
                        new PosixHelperCommands(
                                reaper,
                                monitorContext.state().resolve(HELPER_INPUT),
                                monitorContext.childEnvironment()));
        launcher =
                new PosixLauncher(
                        reaper,
                        cgroups,
                        outputCapture,
                        monitorContext.state().resolve(MonitorContext.START_MARKERS),
                        monitorContext.childEnvironment(),
                        companions.outfits(),
                        (process, run, owner) -> readiness.get().prepare(process, run, owner),
                        new PoolListeners(listeners));
        eventLoop =
                new EventLoop(
                        initialState,
                        self(),
                        launcher,
                        (process, hook) -> runHooks.get().perform(process, hook),
                        ticker,
                        start.stateStore().journal(start.spec(), bugs));
        inPlaceUpgrade = new InPlaceUpgrade(monitorContext, eventLoop);
        signals = new PrimarySignals(eventLoop, eventLog);
        attachFeatures();
        if (start.spec().listens()) {
            listeners.get().follow(start.spec().listening());
        }
        manager.ifPresent(eventLoop::beat);
    }

    /** In the order in which they learn of changes. */
    private void attachFeatures() {
        eventLoop.attach(new DescriptorNeeds());
        eventLoop.attach(readiness);
        eventLoop.attach(
                new LazyFeature<>(
                        process -> process.lifetime().memoryMax().isPresent(),
                        () -> new MemoryWatch(eventLoop, bugs)));
        eventLoop.attach(pools);
        eventLoop.attach(
                LazyFeature.ofConfiguration(
                        spec -> spec.http().isPresent(),
                        () -> new FrontConfigFile(monitorContext.state(), start.spec())));
        eventLoop.attach(outputCapture);
        eventLoop.attach(companions);
        eventLoop.attach(new DeferredFeature(new TransitionLog(Companions::isKeeper)));
        eventLoop.attach(new DeferredFeature(new StartSummary(monitorContext.socket(), logFolder)));
        eventLoop.attach(
                new DeferredFeature(
                        new EventRecorder(eventLog, name -> !Companions.isKeeper(name))));
        eventLoop.attach(new DeferredFeature(failureHooks));
        eventLoop.attach(runHooks);
        eventLoop.attach(
                new LazyFeature<>(
                        process -> process.triggers().schedule().isPresent(), this::schedules));
        eventLoop.attach(
                new LazyFeature<>(
                        process -> process.triggers().watch().isPresent(),
                        () -> new WatchedFiles(ticker, eventLoop, bugs)));
        eventLoop.attach(
                LazyFeature.ofConfiguration(
                        spec -> !spec.followed().isEmpty(),
                        () -> new FolderFollower(ticker, reloader.get(), bugs)));
        eventLoop.attach(new HeapTrimmer());
    }

    /** Starts the threads that the loop needs, and handles signals. */
    void startThreads(HangupHandler hangups) {
        StallReporter stalls =
                new StallReporter(
                        PrimaryWatchdog.socket(monitorContext.state()), Thread.currentThread());
        startThread("loop-watchdog", eventLoop.watched(stalls));
        signals.handle(reaper, outputCapture, hangups);
        startThread("reaper", () -> reaper.reapFor(eventLoop));
    }

    private void startThread(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).uncaughtExceptionHandler(bugs).start(work);
    }

    ConfigReloader reloader() {
        return reloader.get();
    }

    private ConfigReloader makeReloader() {
        return new ConfigReloader(
                new ConfigFiles(monitorContext, start.stateStore()),
                eventLoop,
                eventLoop.features(),
                companions::companions,
                eventLog,
                manager.<ReloadListener>map(m -> m).orElse(ReloadListener.NONE),
                start.spec(),
                bugs);
    }

    /** Serves clients from now on; they wait until the loop has taken over. */
    ControlServer serve(ConfigReloader reloader) throws IOException {
        return ControlServer.serve(
                start.handover().socket(),
                start.spec().control(),
                new MonitorPorts(
                        eventLoop,
                        capturedOutput,
                        inPlaceUpgrade,
                        reloader,
                        eventLog,
                        this::hookTrouble,
                        new SessionUsageSource(),
                        this::poolViews),
                Accounts::isMember,
                bugs);
    }

    private EventLog eventLog() {
        EventLog made = new EventLog(ticker, InstantSource.system(), bugs);
        made.add(
                new MonitorEvent.OfMonitor(
                        Snapshot.PRIMARY, start.reason().words, start.record().cause()));
        outputCapture.onLoss((name, loss) ->
                made.add(
                        new MonitorEvent.OutputLost(
                                name, loss.reason(), loss.bytes(), loss.failing())));
        return made;
    }

    private MonitorView self() {
        return new MonitorView(
                Snapshot.PRIMARY,
                CurrentProcess.pid(),
                start.record().runs(),
                start.record().since(),
                "procmon -F " + monitorContext.file().toAbsolutePath(),
                start.record().cause());
    }

    private ReadinessMonitor readinessMonitor() {
        return new ReadinessMonitor(
                monitorContext.state(), eventLoop, helperCommands.get(), outputCapture, bugs);
    }

    private Listeners openListeners() {
        ListenerStore store = start.handover().listeners();
        Map<String, Descriptor> passedOn = new HashMap<>(store.held());
        if (!start.isTakeover()) {
            passedOn.putAll(
                    LeftListeners.find(start.spec().listening(), passedOn.keySet(), leftPids()));
        }
        return new Listeners(
                passedOn,
                new Listeners.Keeper() {
                    @Override
                    public void opened(OpenListener listener) {
                        store.add(listener.name(), listener.socket());
                    }

                    @Override
                    public void closed(String name) {
                        store.remove(name);
                    }
                });
    }

    /** The programs that other monitors have left, as far as they still run. */
    private List<Integer> leftPids() {
        return initialState.past().stream()
                .flatMap(entry -> entry.process().state().run().stream())
                .filter(run ->
                        ProcessStat.of(run.pid())
                                .filter(stat -> stat.born() == run.born())
                                .isPresent())
                .map(Run::pid)
                .toList();
    }

    private CompletableFuture<List<PoolView>> poolViews(Set<String> names) {
        return pools.made()
                .map(made -> made.pools(names))
                .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
    }

    private Pools pools() {
        PoolLog log = new PoolLog(eventLog, capturedOutput, bugs);
        return new Pools(listeners.get(), eventLoop, eventLoop, log, bugs);
    }

    private RunHooks runHooks() {
        return new RunHooks(helperCommands.get(), eventLoop, eventLog);
    }

    private FailureHooks failureHooks() {
        return new FailureHooks(
                helperCommands.get(),
                new FailureStory(eventLoop, capturedOutput)::of,
                eventLog,
                eventLoop::featureDone);
    }

    private Schedules schedules() {
        InstantSource wallClock = InstantSource.system();
        return new Schedules(
                wallClock,
                ZoneId.systemDefault(),
                MachineId.read(),
                eventLoop,
                new LatestRuns(eventLoop, wallClock),
                new ScheduleFile(
                        monitorContext.permanent().resolve(SCHEDULES),
                        BootId.current(),
                        wallClock,
                        ticker),
                bugs);
    }

    private Optional<String> hookTrouble(String name) {
        String all =
                Stream.of(
                                runHooks.made().flatMap(hooks -> hooks.trouble(name)),
                                failureHooks.made().flatMap(hooks -> hooks.trouble(name)))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }
}
