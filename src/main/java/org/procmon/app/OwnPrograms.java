package org.procmon.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.procmon.supervise.Kept;
import org.procmon.supervise.Observer;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Snapshot;

/**
 * What a primary runs for itself: the backup, and the keeper, which does nothing but hold the fifos
 * of all output open. What has been written to a fifo and not read is lost with the last process
 * that has it open, and both monitors may die together with the writer.
 */
final class OwnPrograms implements Observer {
    /** The name of the keeper. */
    static final String KEEPER = "procmon-keeper";

    private static final Exec KEEPER_EXEC =
            new Exec("sleep infinity", List.of("sleep", "infinity"));
    private static final Stream DEV_NULL = new Stream.DevNull();
    private static final StopPlan AT_ONCE =
            new StopPlan(List.of(new StopPlan.Step(Signal.KILL, Duration.ofSeconds(5))));

    private final Site site;
    private volatile MonitorSpec spec;
    private final Outputs outputs;

    OwnPrograms(Site site, MonitorSpec spec, Outputs outputs) {
        this.site = site;
        this.spec = spec;
        this.outputs = outputs;
    }

    /** From now on they serve another configuration. */
    void follow(MonitorSpec other) {
        spec = other;
    }

    List<Attendant> attendants() {
        List<Attendant> attendants = new ArrayList<>(2);
        if (spec.processes().stream().anyMatch(OwnPrograms::isCaptured)) {
            attendants.add(new Attendant(kept(KEEPER, KEEPER_EXEC), false));
        }
        if (hasBackup()) {
            attendants.add(new Attendant(backup(site, Self.pid()), true));
        }
        return attendants;
    }

    /** What they get, by their names. */
    Map<String, Outfit> outfits() {
        Map<String, Outfit> outfits = new HashMap<>();
        outfits.put(
                KEEPER, new Outfit(new Spawn.Streams(DEV_NULL, DEV_NULL, DEV_NULL), this::fifos));
        outfits.put(Snapshot.BACKUP, new Outfit(monitorStreams(), List::of));
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

    /** Whether a keeper, started for another configuration, lacks fifos of this one. */
    boolean isOfLittleUse(int keeper) {
        outputs.open(spec.processes());
        return !Processes.openFiles(keeper).containsAll(outputs.fifos());
    }

    /** Lets fifos whose names somebody has removed be found with those that have them open. */
    static void seekFifos(Beginning beginning, Outputs outputs) {
        Map<String, Integer> runs = new HashMap<>();
        List<Integer> keepers = new ArrayList<>();
        for (Kept kept : beginning.past()) {
            Optional<Run> run = kept.process().state().run();
            if (run.isPresent()) {
                runs.put(kept.name(), run.get().pid());
                if (kept.name().equals(KEEPER)) {
                    keepers.add(run.get().pid());
                }
            }
        }
        outputs.seekIn(runs, keepers);
    }

    /** Goes on with the keeper that another monitor has started. */
    void resume(Run keeper) {
        outputs.heldBy(keeper.pid());
    }

    @Override
    public void changed(Supervised before, ProcessView after) {
        if (after.name().equals(KEEPER)) {
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
