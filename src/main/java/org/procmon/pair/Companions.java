package org.procmon.pair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.procmon.cli.RunOptions;
import org.procmon.config.Exec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.config.StopPlan;
import org.procmon.launch.CompanionStreams;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.output.OutputCapture;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;
import org.procmon.posix.Spawn;
import org.procmon.posix.Spawn.Stream;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;
import org.procmon.systemd.NotifySettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that a primary runs for itself: the backup, and the keeper, which only holds the
 * fifos of all output and the listeners of pools open. Unread data in a fifo is lost when the last
 * process that has it open exits, and both monitors may die together with the writer; a listener
 * closes, and its clients are refused.
 */
public final class Companions implements Feature {
    /** The keepers' names, used in turn: the next one is up before the present one is stopped. */
    private static final List<String> KEEPERS = List.of("procmon-keeper", "procmon-keeper2");

    /** The number of a descriptor that the backup may have. */
    private static final String PASSED_ON = "3";

    private static final Logger LOG = LoggerFactory.getLogger("monitor");
    private static final Exec KEEPER_EXEC =
            new Exec("sleep infinity", List.of("sleep", "infinity"));
    private static final Stream DEV_NULL = new Stream.DevNull();
    private static final StopPlan AT_ONCE =
            new StopPlan(List.of(new StopPlan.Step(Signal.KILL, Duration.ofSeconds(5))));

    private final MonitorContext monitorContext;
    private final ListenerStore listeners;
    private volatile MonitorSpec spec;
    private volatile Optional<Supervisor> supervisor = Optional.empty();
    private final OutputCapture outputCapture;

    /** The running keepers, the one in use first; two while one replaces another. */
    private volatile List<String> keepers;

    /** The listeners that the latest keeper holds, by their names. */
    private volatile Map<String, Descriptor> kept = Map.of();

    /** How many replacements were requested since the last one started. */
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param listeners what the backup gets
     * @param runs whether a monitor has left a run of this name
     */
    public Companions(
            MonitorContext monitorContext,
            ListenerStore listeners,
            MonitorSpec spec,
            OutputCapture outputCapture,
            Predicate<String> runs) {
        this.monitorContext = monitorContext;
        this.listeners = listeners;
        this.spec = spec;
        this.outputCapture = outputCapture;
        List<String> left = KEEPERS.stream().filter(runs).toList();
        this.keepers = left.isEmpty() ? KEEPERS.subList(0, 1) : left;
    }

    public static boolean isKeeper(String name) {
        return KEEPERS.contains(name);
    }

    @Override
    public void start(FeatureStart start) {
        supervisor = Optional.of(start.supervisor());
        listeners.onChange(this::listenersChanged);
    }

    /** A listener that only the keeper has would take clients that no worker serves. */
    private void listenersChanged() {
        if (!kept.equals(listeners.held())) {
            replaceKeeper();
        }
    }

    @Override
    public void prepare(MonitorSpec other) {
        spec = other;
    }

    @Override
    public void follow(MonitorSpec other, ChangePlan plan) {
        boolean isNew =
                plan.changes().stream().anyMatch(c -> c.action() == ChangePlan.Action.START);
        if (isNew) {
            // The keeper holds the fifos that existed when it was started.
            replaceKeeper();
        }
        if (hasBackup() && !listeners.isEmpty() && !listeners.hasPeer() && isBackupOurs()) {
            // It was started when there were no pools, so it cannot be told of their listeners.
            var _ = supervisor().submit(new Command.Restart(List.of(Snapshot.BACKUP)));
        }
    }

    /**
     * Whether this monitor has started the backup. The other way round, the backup is what a shell
     * or a service manager has started and waits for: it takes the listeners from the fifo holder.
     */
    private boolean isBackupOurs() {
        return supervisor().snapshot().monitors().stream()
                .filter(monitor -> monitor.name().equals(Snapshot.BACKUP))
                .flatMap(monitor -> ProcessStat.of(monitor.pid()).stream())
                .anyMatch(stat -> stat.parent() == CurrentProcess.pid());
    }

    private Supervisor supervisor() {
        return supervisor.orElseThrow(
                () -> new IllegalStateException("companions are replaced before they started"));
    }

    /** Those that this configuration needs. */
    public List<Companion> companions() {
        List<Companion> companions = new ArrayList<>(2);
        if (!spec.pools().isEmpty() || spec.processes().stream().anyMatch(Companions::isCaptured)) {
            keepers.forEach(name -> companions.add(keeper(name)));
        }
        if (hasBackup()) {
            companions.add(new Companion(backup(monitorContext, CurrentProcess.pid()), true));
        }
        return companions;
    }

    /** What they inherit, by their names. */
    public Map<String, CompanionStreams> outfits() {
        Map<String, CompanionStreams> outfits = new HashMap<>();
        Spawn.Streams none = new Spawn.Streams(DEV_NULL, DEV_NULL, DEV_NULL);
        KEEPERS.forEach(
                name -> outfits.put(name, new CompanionStreams(none, Map.of(), this::held)));
        Map<String, String> notify = NotifySettings.in(monitorContext.environment());
        outfits.put(
                Snapshot.BACKUP, new CompanionStreams(monitorStreams(), notify, this::passedOn));
        return outfits;
    }

    private List<Descriptor> passedOn() {
        return listeners.isEmpty() ? List.of() : listeners.handOver().stream().toList();
    }

    /** The backup of a primary. */
    static ProcessSpec backup(MonitorContext monitorContext, int primary) {
        List<String> argv =
                monitorContext.command(
                        "--standby", Integer.toString(primary), "--listeners", PASSED_ON);
        return kept(
                Snapshot.BACKUP,
                new Exec("procmon -f " + monitorContext.file().toAbsolutePath(), argv));
    }

    /** What another monitor inherits: the listening socket and this one's log. */
    static Spawn.Streams monitorStreams() {
        return new Spawn.Streams(new Stream.Inherit(), inheritable(1), inheritable(2));
    }

    private static Stream inheritable(int number) {
        return Descriptor.isOpen(number) ? new Stream.Inherit() : DEV_NULL;
    }

    /** Whether a keeper has all fifos of this configuration open. */
    private boolean hasAll(int keeper) {
        outputCapture.open(spec.processes());
        return Processes.openFiles(keeper).containsAll(outputCapture.fifos());
    }

    /** Makes fifos whose names were removed reachable through the processes that have them open. */
    public static void seekFifos(InitialState initialState, OutputCapture outputCapture) {
        Map<String, Integer> runs = new HashMap<>();
        List<Integer> keepers = new ArrayList<>();
        for (JournalEntry journalEntry : initialState.past()) {
            Optional<Run> run = journalEntry.process().state().run();
            if (run.isPresent()) {
                runs.put(journalEntry.name(), run.get().pid());
                if (isKeeper(journalEntry.name())) {
                    keepers.add(run.get().pid());
                }
            }
        }
        outputCapture.seekIn(runs, keepers);
    }

    /** Adopts the keeper that another monitor has started. */
    public void resume(InitialState initialState) {
        run(initialState, keepers.getFirst()).ifPresent(run -> outputCapture.heldBy(run.pid()));
    }

    /**
     * Replaces a keeper that another monitor has started, if it lacks fifos that it should have.
     *
     * @param mayLack whether it may have been started for another configuration
     */
    public void renew(InitialState initialState, boolean mayLack) throws InterruptedException {
        if (keepers.size() == 1 && !mayLack) {
            return;
        }
        outputCapture.awaitResumed();
        List<String> complete =
                keepers.stream()
                        .filter(name ->
                                run(initialState, name).filter(r -> hasAll(r.pid())).isPresent())
                        .toList();
        if (!complete.isEmpty()) {
            replaced(complete.getFirst(), run(initialState, complete.getFirst()));
        } else if (keepers.stream().anyMatch(name -> run(initialState, name).isPresent())) {
            replaceKeeper();
        }
    }

    /** The run of this name that another monitor has left. */
    public static Optional<Run> run(InitialState initialState, String name) {
        return initialState.past().stream()
                .filter(journalEntry -> journalEntry.name().equals(name))
                .findFirst()
                .flatMap(journalEntry -> journalEntry.process().state().run());
    }

    /**
     * Replaces the present keeper, which has only the fifos that existed when it was started; it is
     * stopped once the new one has all of them open. Any thread; done later, on a thread of its
     * own.
     */
    private void replaceKeeper() {
        if (asked.getAndIncrement() == 0) {
            Thread.ofPlatform()
                    .daemon()
                    .name("keeper")
                    .start(() -> {
                        int seen;
                        do {
                            seen = asked.get();
                            replaceOnce();
                        } while (!asked.compareAndSet(seen, 0));
                    });
        }
    }

    private void replaceOnce() {
        String present = keepers.getFirst();
        // The keeper of an earlier attempt lacks the newest fifos.
        remove(others(present));
        String next = KEEPERS.get((KEEPERS.indexOf(present) + 1) % KEEPERS.size());
        keepers = List.of(present, next);
        Optional<Run> run = Optional.empty();
        if (supervisor().submit(new Command.StartCompanion(keeper(next))).join()
                instanceof Reply.Done up) {
            run =
                    up.processes().stream()
                            .findFirst()
                            .flatMap(view -> view.process().state().run())
                            .filter(r -> hasAll(r.pid()));
        }
        if (run.isPresent()) {
            replaced(next, run);
        } else if (!supervisor().snapshot().shuttingDown()) {
            LOG.atWarn()
                    .addKeyValue("process", present)
                    .log("{process} lacks fifos of new processes, and cannot be replaced");
            remove(others(present));
        }
    }

    /** A keeper that has all fifos is used from now on; the others are stopped. */
    private void replaced(String name, Optional<Run> run) {
        List<String> old = others(name);
        keepers = List.of(name);
        outputCapture.heldBy(run.map(Run::pid).orElse(0));
        remove(old);
    }

    private List<String> others(String name) {
        return keepers.stream().filter(keeper -> !keeper.equals(name)).toList();
    }

    private void remove(List<String> names) {
        keepers = keepers.stream().filter(keeper -> !names.contains(keeper)).toList();
        if (!names.isEmpty()) {
            CompletableFuture<Reply> _ = supervisor().submit(new Command.Delete(names, true));
        }
    }

    private static Companion keeper(String name) {
        return new Companion(kept(name, KEEPER_EXEC), false);
    }

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition transition) {
            changed(transition.after());
        }
    }

    private void changed(ProcessView after) {
        if (after.name().equals(keepers.getFirst())) {
            ProcessState state = after.process().state();
            boolean isThere = state.phase() == Phase.RUNNING;
            outputCapture.heldBy(isThere ? state.run().map(Run::pid).orElse(0) : 0);
        }
    }

    private boolean hasBackup() {
        return monitorContext.options().role() != RunOptions.Role.ALONE;
    }

    private static boolean isCaptured(ProcessSpec process) {
        return process.stdout() instanceof OutputSpec.Captured
                || process.stderr() instanceof OutputSpec.Captured;
    }

    /**
     * The fifos of all processes, also of those that have not run yet, and the listeners of pools.
     */
    private List<Descriptor> held() {
        outputCapture.open(spec.processes());
        List<Descriptor> all = new ArrayList<>(outputCapture.held());
        Map<String, Descriptor> sockets = listeners.held();
        kept = sockets;
        all.addAll(sockets.values());
        return all;
    }

    private static ProcessSpec kept(String name, Exec exec) {
        return ProcessSpec.of(name, exec, RestartPolicy.ALWAYS, AT_ONCE);
    }
}
