package org.procmon.pair;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Exec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.StopPlan;
import org.procmon.launch.DiscoveredRun;
import org.procmon.launch.StartMarkers;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunCounters;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Accounts;
import org.procmon.posix.Processes;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.JournalEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs that exist although their records do not list them: a disk was full, or a record was
 * corrupted or removed. Otherwise each of them would be started a second time.
 */
final class RunDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger("process");

    private final Ticks now;

    /** The latest run of each process that has left a marker of its start. */
    private final Map<String, Long> begun;

    private final int uid;
    private final Map<String, DiscoveredRun> runs;
    private final List<JournalEntry> found = new ArrayList<>();

    /** Looks at all processes of the machine. */
    RunDiscovery(Path state, int uid, Ticks now) {
        this.now = now;
        this.uid = uid;
        this.begun = StartMarkers.latest(state.resolve(MonitorContext.START_MARKERS));
        this.runs = new HashMap<>(DiscoveredRun.all(state, state.resolve(MonitorContext.FIFOS)));
    }

    /**
     * The records, corrected.
     *
     * @param past the records that could be read
     * @param others whether to believe variables alone for runs that neither the configuration nor
     *     a record names
     */
    List<JournalEntry> completed(
            MonitorSpec spec, List<Companion> companions, List<JournalEntry> past, boolean others) {
        Map<String, JournalEntry> all = new LinkedHashMap<>();
        past.forEach(journalEntry -> all.put(journalEntry.name(), journalEntry));
        runs.remove(Snapshot.PRIMARY);
        runs.remove(Snapshot.BACKUP);
        for (ProcessSpec process : spec.processes()) {
            add(process, all);
        }
        for (Companion companion : companions) {
            add(companion.spec(), all);
        }
        for (DiscoveredRun run : List.copyOf(runs.values())) {
            JournalEntry journalEntry = all.get(run.name());
            if (journalEntry != null) {
                add(
                        ProcessSpec.of(
                                run.name(),
                                journalEntry.exec(),
                                RestartPolicy.ALWAYS,
                                journalEntry.stop()),
                        all);
            } else if (others || run.proven() || Companions.isKeeper(run.name())) {
                // A keeper under the name that is not in use now is stopped like a process that has
                // left the configuration.
                add(unconfigured(run), all);
            }
        }
        return List.copyOf(all.values());
    }

    /** The runs that no record lists. */
    List<JournalEntry> found() {
        return List.copyOf(found);
    }

    private void add(ProcessSpec spec, Map<String, JournalEntry> all) {
        DiscoveredRun run = runs.remove(spec.id());
        Optional<JournalEntry> before = Optional.ofNullable(all.get(spec.id()));
        if (before.filter(journalEntry -> isTold(journalEntry, run)).isPresent()) {
            return;
        }
        if (run != null
                && isTrusted(run, spec)
                && before.filter(journalEntry -> isKnown(journalEntry, run)).isEmpty()) {
            all.put(spec.id(), running(spec, before, run));
            return;
        }
        long runs = begun.getOrDefault(spec.id(), 0L);
        if (runs > before.map(RunDiscovery::latestRun).orElse(0L)) {
            LOG.atWarn()
                    .addKeyValue("process", spec.id())
                    .addKeyValue(
                            "record", before.isPresent() ? "older than its latest run" : "gone")
                    .addKeyValue("effect", "if an operator stopped or deleted it, that is lost")
                    .log("{process} record is missing or old");
            all.put(spec.id(), ended(spec, before, runs));
        }
    }

    /**
     * Whether the record is enough: the run that it names exists, or one is being started, which is
     * looked for elsewhere. Markers of later runs then belong to an earlier process of that name.
     */
    private static boolean isTold(JournalEntry journalEntry, @Nullable DiscoveredRun run) {
        return journalEntry.intended().isPresent()
                ? run == null || isKnown(journalEntry, run)
                : run != null && isRunOf(journalEntry, run);
    }

    private static boolean isRunOf(JournalEntry journalEntry, DiscoveredRun run) {
        Optional<Run> alive = journalEntry.process().state().run();
        return alive.isPresent()
                && alive.get().pid() == run.pid()
                && (run.born() == 0 || alive.get().born() == run.born());
    }

    /** The number of the latest run that a record lists; 0 if none. */
    static long latestRun(JournalEntry journalEntry) {
        return Math.max(journalEntry.process().tally().runs(), journalEntry.intended().orElse(0));
    }

    /** Where the runs are gone, the count continues. */
    private JournalEntry ended(ProcessSpec spec, Optional<JournalEntry> before, long runs) {
        RunCounters runCounters = new RunCounters(runs, 0, Optional.empty(), Optional.empty(), 0);
        boolean held =
                before.filter(journalEntry -> journalEntry.process().isHeldDown()).isPresent();
        StopReason why = held ? StopReason.OPERATOR : StopReason.NEVER_STARTED;
        ProcessState down = new ProcessState.Stopped(why, now);
        return new JournalEntry(
                spec.id(),
                spec.exec(),
                spec.stop(),
                new ProcessStatus(Goal.DOWN, down, runCounters));
    }

    /** Variables alone are believed only for the users that the process may run as. */
    private boolean isTrusted(DiscoveredRun run, ProcessSpec spec) {
        if (run.proven() || run.uid() == uid) {
            return true;
        }
        Optional<String> user = spec.identity().user();
        boolean trusted = user.isPresent() && uidOf(user.get()) == run.uid();
        if (!trusted) {
            LOG.atWarn()
                    .addKeyValue("process", spec.id())
                    .addKeyValue("pid", run.pid())
                    .addKeyValue("uid", run.uid())
                    .addKeyValue("run", run.number())
                    .log("{process} has an unverified run, ignoring it");
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
     * Whether the record lists this run: it is the one that the record names, or the rest of one
     * that has exited. A run of unknown number is a later one if it is younger than the last one of
     * the record.
     */
    private static boolean isKnown(JournalEntry journalEntry, DiscoveredRun run) {
        Optional<Run> alive = journalEntry.process().state().run();
        if (alive.isPresent() && alive.get().pid() == run.pid()) {
            return isRunOf(journalEntry, run);
        }
        if (run.number() != DiscoveredRun.UNKNOWN) {
            return run.number() <= latestRun(journalEntry);
        }
        // A start that was intended is looked for elsewhere.
        return journalEntry.intended().isPresent() || run.born() <= bornLast(journalEntry);
    }

    private static long bornLast(JournalEntry journalEntry) {
        ProcessStatus process = journalEntry.process();
        long ended = process.tally().lastExit().map(RunExit::run).map(Run::born).orElse(0L);
        return Math.max(ended, process.state().run().map(Run::born).orElse(0L));
    }

    private JournalEntry running(
            ProcessSpec spec, Optional<JournalEntry> before, DiscoveredRun discovered) {
        RunCounters old =
                before.map(journalEntry -> journalEntry.process().tally()).orElse(RunCounters.NONE);
        long number =
                discovered.number() != DiscoveredRun.UNKNOWN
                        ? discovered.number()
                        : Math.max(old.runs() + 1, begun.getOrDefault(spec.id(), 0L));
        Run run = new Run(discovered.pid(), discovered.born(), number, now);
        RunCounters runCounters =
                new RunCounters(
                        number,
                        discovered.pid(),
                        old.lastExit(),
                        Optional.empty(),
                        old.streak(),
                        old.restarts(),
                        old.diary());
        JournalEntry journalEntry =
                new JournalEntry(
                        spec.id(),
                        spec.exec(),
                        spec.stop(),
                        new ProcessStatus(Goal.UP, new ProcessState.Running(run), runCounters));
        found.add(journalEntry);
        LOG.atWarn()
                .addKeyValue("process", spec.id())
                .addKeyValue("pid", discovered.pid())
                .addKeyValue("run", number)
                .log("{process} runs, but the journal does not list it");
        return journalEntry;
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
