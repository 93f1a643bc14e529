package org.procmon.app;

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
import org.procmon.launch.Outfit;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.Supervised;
import org.procmon.output.Outputs;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Processes;
import org.procmon.posix.Self;
import org.procmon.posix.Spawn;
import org.procmon.posix.Spawn.Stream;
import org.procmon.spec.Exec;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.OutputSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.Signal;
import org.procmon.spec.StopPlan;
import org.procmon.supervise.Attendant;
import org.procmon.supervise.Beginning;
import org.procmon.supervise.Command;
import org.procmon.supervise.Kept;
import org.procmon.supervise.Loop;
import org.procmon.supervise.Observer;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Reply;
import org.procmon.supervise.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a primary runs for itself: the backup, and the keeper, which does nothing but hold the fifos
 * of all output open. What has been written to a fifo and not read is lost with the last process
 * that has it open, and both monitors may die together with the writer.
 */
final class OwnPrograms implements Observer {
    /** The names that keepers have in turn: the next one is up before the present one ends. */
    private static final List<String> KEEPERS = List.of("procmon-keeper", "procmon-keeper2");

    private static final Logger LOG = LoggerFactory.getLogger("procmon");
    private static final Exec KEEPER_EXEC =
            new Exec("sleep infinity", List.of("sleep", "infinity"));
    private static final Stream DEV_NULL = new Stream.DevNull();
    private static final StopPlan AT_ONCE =
            new StopPlan(List.of(new StopPlan.Step(Signal.KILL, Duration.ofSeconds(5))));

    private final Site site;
    private volatile MonitorSpec spec;
    private final Outputs outputs;

    /** The keepers that there are, the one that counts first; two while one replaces another. */
    private volatile List<String> keepers;

    /** How often a replacement was asked for since the last one was begun. */
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param runs whether a monitor has left a run of this name
     */
    OwnPrograms(Site site, MonitorSpec spec, Outputs outputs, Predicate<String> runs) {
        this.site = site;
        this.spec = spec;
        this.outputs = outputs;
        List<String> left = KEEPERS.stream().filter(runs).toList();
        this.keepers = left.isEmpty() ? KEEPERS.subList(0, 1) : left;
    }

    static boolean isKeeper(String name) {
        return KEEPERS.contains(name);
    }

    /** From now on they serve another configuration. */
    void follow(MonitorSpec other) {
        spec = other;
    }

    List<Attendant> attendants() {
        List<Attendant> attendants = new ArrayList<>(2);
        if (spec.processes().stream().anyMatch(OwnPrograms::isCaptured)) {
            keepers.forEach(name -> attendants.add(keeper(name)));
        }
        if (hasBackup()) {
            attendants.add(new Attendant(backup(site, Self.pid()), true));
        }
        return attendants;
    }

    /** What they get, by their names. */
    Map<String, Outfit> outfits() {
        Map<String, Outfit> outfits = new HashMap<>();
        Spawn.Streams none = new Spawn.Streams(DEV_NULL, DEV_NULL, DEV_NULL);
        KEEPERS.forEach(name -> outfits.put(name, new Outfit(none, Map.of(), this::fifos)));
        Map<String, String> notify = NotifySettings.in(site.environment());
        outfits.put(Snapshot.BACKUP, new Outfit(monitorStreams(), notify, List::of));
        return outfits;
    }

    /** The backup of a primary. */
    static ProcessSpec backup(Site site, int primary) {
        List<String> argv = site.command("--standby", Integer.toString(primary));
        return kept(Snapshot.BACKUP, new Exec("procmon -f " + site.file().toAbsolutePath(), argv));
    }

    /** What another monitor gets: the listening socket and this one's log. */
    static Spawn.Streams monitorStreams() {
        return new Spawn.Streams(new Stream.Inherit(), inheritable(1), inheritable(2));
    }

    private static Stream inheritable(int number) {
        return Descriptor.isOpen(number) ? new Stream.Inherit() : DEV_NULL;
    }

    /** Whether a keeper has all fifos of this configuration open. */
    private boolean hasAll(int keeper) {
        outputs.open(spec.processes());
        return Processes.openFiles(keeper).containsAll(outputs.fifos());
    }

    /** Lets fifos whose names somebody has removed be found with those that have them open. */
    static void seekFifos(Beginning beginning, Outputs outputs) {
        Map<String, Integer> runs = new HashMap<>();
        List<Integer> keepers = new ArrayList<>();
        for (Kept kept : beginning.past()) {
            Optional<Run> run = kept.process().state().run();
            if (run.isPresent()) {
                runs.put(kept.name(), run.get().pid());
                if (isKeeper(kept.name())) {
                    keepers.add(run.get().pid());
                }
            }
        }
        outputs.seekIn(runs, keepers);
    }

    /** Goes on with the keeper that another monitor has started. */
    void resume(Beginning beginning) {
        keeperOf(beginning, keepers.getFirst()).ifPresent(run -> outputs.heldBy(run.pid()));
    }

    /**
     * Replaces a keeper that another monitor has started, if it lacks fifos that it should have.
     *
     * @param mayLack whether it may have been started for another configuration
     */
    void renew(Loop loop, Beginning beginning, boolean mayLack) throws InterruptedException {
        if (keepers.size() == 1 && !mayLack) {
            return;
        }
        outputs.awaitResumed();
        List<String> complete =
                keepers.stream()
                        .filter(name ->
                                keeperOf(beginning, name).filter(r -> hasAll(r.pid())).isPresent())
                        .toList();
        if (!complete.isEmpty()) {
            replaced(loop, complete.getFirst(), keeperOf(beginning, complete.getFirst()));
        } else if (keepers.stream().anyMatch(name -> keeperOf(beginning, name).isPresent())) {
            replaceKeeper(loop);
        }
    }

    private static Optional<Run> keeperOf(Beginning beginning, String name) {
        return beginning.past().stream()
                .filter(kept -> kept.name().equals(name))
                .findFirst()
                .flatMap(kept -> kept.process().state().run());
    }

    /**
     * Has another keeper take the place of the present one, which has only the fifos that there
     * were when it was started: that ends once the other has all of them open. Any thread; done
     * later, on a thread of its own.
     */
    void replaceKeeper(Loop loop) {
        if (asked.getAndIncrement() == 0) {
            Thread.ofPlatform()
                    .daemon()
                    .name("keeper")
                    .start(() -> {
                        int seen;
                        do {
                            seen = asked.get();
                            replaceOnce(loop);
                        } while (!asked.compareAndSet(seen, 0));
                    });
        }
    }

    private void replaceOnce(Loop loop) {
        String present = keepers.getFirst();
        // What was left of an earlier attempt has not all that there is now.
        remove(loop, others(present));
        String next = KEEPERS.get((KEEPERS.indexOf(present) + 1) % KEEPERS.size());
        keepers = List.of(present, next);
        Optional<Run> run = Optional.empty();
        if (loop.submit(new Command.Attend(keeper(next))).join() instanceof Reply.Done up) {
            run =
                    up.processes().stream()
                            .findFirst()
                            .flatMap(view -> view.process().state().run())
                            .filter(r -> hasAll(r.pid()));
        }
        if (run.isPresent()) {
            replaced(loop, next, run);
        } else if (!loop.snapshot().shuttingDown()) {
            LOG.warn("{} lacks fifos of new processes, and cannot be replaced", present);
            remove(loop, others(present));
        }
    }

    /** A keeper that has all fifos counts from now on, and others end. */
    private void replaced(Loop loop, String name, Optional<Run> run) {
        List<String> old = others(name);
        keepers = List.of(name);
        outputs.heldBy(run.map(Run::pid).orElse(0));
        remove(loop, old);
    }

    private List<String> others(String name) {
        return keepers.stream().filter(keeper -> !keeper.equals(name)).toList();
    }

    private void remove(Loop loop, List<String> names) {
        keepers = keepers.stream().filter(keeper -> !names.contains(keeper)).toList();
        if (!names.isEmpty()) {
            CompletableFuture<Reply> _ = loop.submit(new Command.Delete(names, true));
        }
    }

    private static Attendant keeper(String name) {
        return new Attendant(kept(name, KEEPER_EXEC), false);
    }

    @Override
    public void changed(Supervised before, ProcessView after) {
        if (after.name().equals(keepers.getFirst())) {
            ProcessState state = after.process().state();
            boolean isThere = state.phase() == Phase.RUNNING;
            outputs.heldBy(isThere ? state.run().map(Run::pid).orElse(0) : 0);
        }
    }

    private boolean hasBackup() {
        return site.options().role() != RunOptions.Role.ALONE;
    }

    private static boolean isCaptured(ProcessSpec process) {
        return process.stdout() instanceof OutputSpec.Captured
                || process.stderr() instanceof OutputSpec.Captured;
    }

    /** Those of all processes, also of those that have not run yet. */
    private List<Descriptor> fifos() {
        outputs.open(spec.processes());
        return outputs.held();
    }

    private static ProcessSpec kept(String name, Exec exec) {
        return ProcessSpec.of(name, exec, RestartPolicy.ALWAYS, AT_ONCE);
    }
}
