package org.procmon.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.launch.DiscoveredRun;
import org.procmon.launch.StartMarkers;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Accounts;
import org.procmon.posix.Processes;
import org.procmon.spec.Exec;
import org.procmon.spec.MonitorSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.spec.StopPlan;
import org.procmon.supervise.Attendant;
import org.procmon.supervise.Kept;
import org.procmon.supervise.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the runs that are there although their records do not say so: a disk was full, or a record
 * was spoiled or removed. Without that, each of them would be started a second time.
 */
final class RunDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger("procmon");

    private final Ticks now;

    /** The latest run of each process that has left a proof that it began. */
    private final Map<String, Long> begun;

    private final int uid;
    private final Map<String, DiscoveredRun> runs;
    private final List<Kept> found = new ArrayList<>();

    /** Looks at all processes of the machine. */
    RunDiscovery(Path state, int uid, Ticks now) {
        this.now = now;
        this.uid = uid;
        this.begun = StartMarkers.latest(state.resolve(Primary.START_MARKERS));
        this.runs = new HashMap<>(DiscoveredRun.all(state, state.resolve(Primary.FIFOS)));
    }

    /**
     * The records, as they should be.
     *
     * @param past the records that could be read
     * @param others whether to believe variables alone of runs that neither the configuration nor a
     *     record names
     */
    List<Kept> completed(
            MonitorSpec spec, List<Attendant> attendants, List<Kept> past, boolean others) {
        Map<String, Kept> all = new LinkedHashMap<>();
        past.forEach(kept -> all.put(kept.name(), kept));
        runs.remove(Snapshot.PRIMARY);
        runs.remove(Snapshot.BACKUP);
        for (ProcessSpec process : spec.processes()) {
            add(process, all);
        }
        for (Attendant attendant : attendants) {
            add(attendant.spec(), all);
        }
        for (DiscoveredRun run : List.copyOf(runs.values())) {
            Kept kept = all.get(run.name());
            if (kept != null) {
                add(
                        ProcessSpec.of(run.name(), kept.exec(), RestartPolicy.ALWAYS, kept.stop()),
                        all);
            } else if (others || run.proven() || OwnPrograms.isKeeper(run.name())) {
                // A keeper of the name that is not in use now is ended like what has left the
                // configuration.
                add(unconfigured(run), all);
            }
        }
        return List.copyOf(all.values());
    }

    /** The runs that no record told. */
    List<Kept> found() {
        return List.copyOf(found);
    }

    private void add(ProcessSpec spec, Map<String, Kept> all) {
        DiscoveredRun run = runs.remove(spec.id());
        Optional<Kept> before = Optional.ofNullable(all.get(spec.id()));
        if (before.filter(kept -> isTold(kept, run)).isPresent()) {
            return;
        }
        if (run != null
                && isTrusted(run, spec)
                && before.filter(kept -> isKnown(kept, run)).isEmpty()) {
            all.put(spec.id(), running(spec, before, run));
            return;
        }
        long runs = begun.getOrDefault(spec.id(), 0L);
        if (runs > before.map(RunDiscovery::latestRun).orElse(0L)) {
            LOG.warn(
                    "{}: its record is {}; if an operator stopped or deleted it, that is lost",
                    spec.id(),
                    before.isPresent() ? "older than its latest run" : "gone");
            all.put(spec.id(), ended(spec, before, runs));
        }
    }

    /**
     * Whether nothing can be learned beside the record: the run that it names is there, or one is
     * being started, which is looked for by itself. Proofs of later runs are then those of an
     * earlier process of that name.
     */
    private static boolean isTold(Kept kept, @Nullable DiscoveredRun run) {
        return kept.intended().isPresent()
                ? run == null || isKnown(kept, run)
                : run != null && isRunOf(kept, run);
    }

    private static boolean isRunOf(Kept kept, DiscoveredRun run) {
        Optional<Run> alive = kept.process().state().run();
        return alive.isPresent()
                && alive.get().pid() == run.pid()
                && (run.born() == 0 || alive.get().born() == run.born());
    }

    /** The number of the latest run that a record tells of; 0 if of none. */
    static long latestRun(Kept kept) {
        return Math.max(kept.process().tally().runs(), kept.intended().orElse(0));
    }

    /** Of what is not there any more, the count goes on. */
    private Kept ended(ProcessSpec spec, Optional<Kept> before, long runs) {
        Tally tally = new Tally(runs, 0, Optional.empty(), Optional.empty(), 0);
        boolean held = before.filter(kept -> kept.process().isHeldDown()).isPresent();
        StopReason why = held ? StopReason.OPERATOR : StopReason.NEVER_STARTED;
        ProcessState down = new ProcessState.Stopped(why, now);
        return new Kept(
                spec.id(), spec.exec(), spec.stop(), new Supervised(Goal.DOWN, down, tally));
    }

    /** Variables alone are believed of the users only as whom the process may run. */
    private boolean isTrusted(DiscoveredRun run, ProcessSpec spec) {
        if (run.proven() || run.uid() == uid) {
            return true;
        }
        Optional<String> user = spec.identity().user();
        boolean trusted = user.isPresent() && uidOf(user.get()) == run.uid();
        if (!trusted) {
            LOG.warn(
                    "{}: pid {} of uid {} claims to be run {} of it, which cannot be verified",
                    spec.id(),
                    run.pid(),
                    run.uid(),
                    run.number());
        }
        return trusted;
    }

    private static int uidOf(String user) {
        if (user.chars().allMatch(c -> c >= '0' && c <= '9') && user.length() <= 10) {
            return (int) Long.parseLong(user);
        }
        return Accounts.user(user) instanceof Accounts.Found.There found
                ? found.account().uid()
                : -1;
    }

    /**
     * Whether the record tells of this run: it is the one that the record names, or what is left of
     * one that has ended. A run whose number nobody knows is a later one if it is younger than the
     * last one of the record.
     */
    private static boolean isKnown(Kept kept, DiscoveredRun run) {
        Optional<Run> alive = kept.process().state().run();
        if (alive.isPresent() && alive.get().pid() == run.pid()) {
            return isRunOf(kept, run);
        }
        if (run.number() != DiscoveredRun.UNKNOWN) {
            return run.number() <= latestRun(kept);
        }
        // A start that was intended is looked for by itself.
        return kept.intended().isPresent() || run.born() <= bornLast(kept);
    }

    private static long bornLast(Kept kept) {
        Supervised process = kept.process();
        long ended = process.tally().lastExit().map(RunExit::run).map(Run::born).orElse(0L);
        return Math.max(ended, process.state().run().map(Run::born).orElse(0L));
    }

    private Kept running(ProcessSpec spec, Optional<Kept> before, DiscoveredRun discovered) {
        Tally old = before.map(kept -> kept.process().tally()).orElse(Tally.NONE);
        long number =
                discovered.number() != DiscoveredRun.UNKNOWN
                        ? discovered.number()
                        : Math.max(old.runs() + 1, begun.getOrDefault(spec.id(), 0L));
        Run run = new Run(discovered.pid(), discovered.born(), number, now);
        Tally tally =
                new Tally(
                        number,
                        discovered.pid(),
                        old.lastExit(),
                        Optional.empty(),
                        old.streak(),
                        old.restarts(),
                        old.diary());
        Kept kept =
                new Kept(
                        spec.id(),
                        spec.exec(),
                        spec.stop(),
                        new Supervised(Goal.UP, new ProcessState.Running(run), tally));
        found.add(kept);
        LOG.warn(
                "{}: found run {} (pid {}), which the journal does not list",
                spec.id(),
                number,
                discovered.pid());
        return kept;
    }

    private static ProcessSpec unconfigured(DiscoveredRun run) {
        String program = Processes.program(run.pid()).orElse("unknown");
        return ProcessSpec.of(
                run.name(),
                new Exec(program, List.of(program)),
                RestartPolicy.ALWAYS,
                StopPlan.DEFAULT);
    }
}
