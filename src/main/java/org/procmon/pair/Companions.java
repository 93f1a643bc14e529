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
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.output.OutputCapture;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Processes;
import org.procmon.posix.Spawn;
import org.procmon.posix.Spawn.Stream;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.EventLoop;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.JournalEntry;
import org.procmon.supervise.port.Observer;
import org.procmon.supervise.port.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that a primary runs for itself: the backup, and the keeper, which only holds the
 * fifos of all output open. Unread data in a fifo is lost when the last process that has it open
 * exits, and both monitors may die together with the writer.
 */
public final class Companions implements Observer {
    /** The keepers' names, used in turn: the next one is up before the present one is stopped. */
    private static final List<String> KEEPERS = List.of("procmon-keeper", "procmon-keeper2");

    private static final Logger LOG = LoggerFactory.getLogger("procmon");
    private static final Exec KEEPER_EXEC =
            new Exec("sleep infinity", List.of("sleep", "infinity"));
    private static final Stream DEV_NULL = new Stream.DevNull();
    private static final StopPlan AT_ONCE =
            new StopPlan(List.of(new StopPlan.Step(Signal.KILL, Duration.ofSeconds(5))));

    private final MonitorContext monitorContext;
    private volatile MonitorSpec spec;
    private final OutputCapture outputCapture;

    /** The running keepers, the one in use first; two while one replaces another. */
    private volatile List<String> keepers;

    /** How many replacements were requested since the last one started. */
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param runs whether a monitor has left a run of this name
     */
    public Companions(
            MonitorContext monitorContext,
            MonitorSpec spec,
            OutputCapture outputCapture,
            Predicate<String> runs) {
        this.monitorContext = monitorContext;
        this.spec = spec;
        this.outputCapture = outputCapture;
        List<String> left = KEEPERS.stream().filter(runs).toList();
        this.keepers = left.isEmpty() ? KEEPERS.subList(0, 1) : left;
    }

    public static boolean isKeeper(String name) {
        return KEEPERS.contains(name);
    }

    /** From now on they serve another configuration. */
    public void follow(MonitorSpec other) {
        spec = other;
    }

    public List<Companion> attendants() {
        List<Companion> attendants = new ArrayList<>(2);
        if (spec.processes().stream().anyMatch(Companions::isCaptured)) {
            keepers.forEach(name -> attendants.add(keeper(name)));
        }
        if (hasBackup()) {
            attendants.add(new Companion(backup(monitorContext, CurrentProcess.pid()), true));
        }
        return attendants;
    }

    /** What they inherit, by their names. */
    public Map<String, CompanionStreams> outfits() {
        Map<String, CompanionStreams> outfits = new HashMap<>();
        Spawn.Streams none = new Spawn.Streams(DEV_NULL, DEV_NULL, DEV_NULL);
        KEEPERS.forEach(
                name -> outfits.put(name, new CompanionStreams(none, Map.of(), this::fifos)));
        Map<String, String> notify = NotifySettings.in(monitorContext.environment());
        outfits.put(Snapshot.BACKUP, new CompanionStreams(monitorStreams(), notify, List::of));
        return outfits;
    }

    /** The backup of a primary. */
    static ProcessSpec backup(MonitorContext monitorContext, int primary) {
        List<String> argv = monitorContext.command("--standby", Integer.toString(primary));
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
        keeperOf(initialState, keepers.getFirst())
                .ifPresent(run -> outputCapture.heldBy(run.pid()));
    }

    /**
     * Replaces a keeper that another monitor has started, if it lacks fifos that it should have.
     *
     * @param mayLack whether it may have been started for another configuration
     */
    public void renew(EventLoop eventLoop, InitialState initialState, boolean mayLack)
            throws InterruptedException {
        if (keepers.size() == 1 && !mayLack) {
            return;
        }
        outputCapture.awaitResumed();
        List<String> complete =
                keepers.stream()
                        .filter(name ->
                                keeperOf(initialState, name)
                                        .filter(r -> hasAll(r.pid()))
                                        .isPresent())
                        .toList();
        if (!complete.isEmpty()) {
            replaced(eventLoop, complete.getFirst(), keeperOf(initialState, complete.getFirst()));
        } else if (keepers.stream().anyMatch(name -> keeperOf(initialState, name).isPresent())) {
            replaceKeeper(eventLoop);
        }
    }

    private static Optional<Run> keeperOf(InitialState initialState, String name) {
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
    public void replaceKeeper(EventLoop eventLoop) {
        if (asked.getAndIncrement() == 0) {
            Thread.ofPlatform()
                    .daemon()
                    .name("keeper")
                    .start(() -> {
                        int seen;
                        do {
                            seen = asked.get();
                            replaceOnce(eventLoop);
                        } while (!asked.compareAndSet(seen, 0));
                    });
        }
    }

    private void replaceOnce(EventLoop eventLoop) {
        String present = keepers.getFirst();
        // The keeper of an earlier attempt lacks the newest fifos.
        remove(eventLoop, others(present));
        String next = KEEPERS.get((KEEPERS.indexOf(present) + 1) % KEEPERS.size());
        keepers = List.of(present, next);
        Optional<Run> run = Optional.empty();
        if (eventLoop.submit(new Command.StartCompanion(keeper(next))).join()
                instanceof Reply.Done up) {
            run =
                    up.processes().stream()
                            .findFirst()
                            .flatMap(view -> view.process().state().run())
                            .filter(r -> hasAll(r.pid()));
        }
        if (run.isPresent()) {
            replaced(eventLoop, next, run);
        } else if (!eventLoop.snapshot().shuttingDown()) {
            LOG.warn("{} lacks fifos of new processes, and cannot be replaced", present);
            remove(eventLoop, others(present));
        }
    }

    /** A keeper that has all fifos is used from now on; the others are stopped. */
    private void replaced(EventLoop eventLoop, String name, Optional<Run> run) {
        List<String> old = others(name);
        keepers = List.of(name);
        outputCapture.heldBy(run.map(Run::pid).orElse(0));
        remove(eventLoop, old);
    }

    private List<String> others(String name) {
        return keepers.stream().filter(keeper -> !keeper.equals(name)).toList();
    }

    private void remove(EventLoop eventLoop, List<String> names) {
        keepers = keepers.stream().filter(keeper -> !names.contains(keeper)).toList();
        if (!names.isEmpty()) {
            CompletableFuture<Reply> _ = eventLoop.submit(new Command.Delete(names, true));
        }
    }

    private static Companion keeper(String name) {
        return new Companion(kept(name, KEEPER_EXEC), false);
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
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

    /** The fifos of all processes, also of those that have not run yet. */
    private List<Descriptor> fifos() {
        outputCapture.open(spec.processes());
        return outputCapture.held();
    }

    private static ProcessSpec kept(String name, Exec exec) {
        return ProcessSpec.of(name, exec, RestartPolicy.ALWAYS, AT_ONCE);
    }
}
