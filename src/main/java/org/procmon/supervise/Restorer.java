package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.SupervisedProcess.Kind;
import org.procmon.supervise.port.Companion;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.JournalEntry;

/** Combines the journal of an earlier monitor with the present configuration. Loop thread only. */
final class Restorer {
    private final Map<String, JournalEntry> left = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final Set<String> stoppedPools = new HashSet<>();
    private final List<JournalEntry> abandoned = new ArrayList<>();
    private final Ticks now;

    Restorer(List<JournalEntry> past, Ticks now) {
        past.forEach(journalEntry -> left.put(journalEntry.name(), journalEntry));
        this.now = now;
    }

    /**
     * The initial entries: the configured processes, with their recorded state, and those that
     * still run without being configured. A deleted process stays deleted.
     */
    List<SupervisedProcess> entries(InitialState initialState) {
        List<SupervisedProcess> entries = new ArrayList<>();
        for (ProcessSpec spec : initialState.spec().processes()) {
            JournalEntry journalEntry = left.remove(spec.id());
            if (journalEntry == null) {
                entries.add(entry(spec, Kind.CONFIGURED, unstarted(spec, now)));
            } else if (isForgotten(journalEntry)) {
                deleted.add(journalEntry.name());
            } else {
                entries.add(entry(spec, Kind.CONFIGURED, journalEntry));
            }
        }
        for (Companion companion : initialState.companions()) {
            JournalEntry journalEntry = left.remove(companion.spec().id());
            SupervisedProcess supervisedProcess = unstarted(companion, now);
            if (journalEntry != null) {
                supervisedProcess.process = journalEntry.process();
                supervisedProcess.startedWith = journalEntry.startedWith();
            }
            entries.add(supervisedProcess);
        }
        PoolRegistry pools = new PoolRegistry(initialState.spec().pools(), Set.of());
        for (JournalEntry journalEntry : initialState.past()) {
            String name = journalEntry.name();
            if (left.containsKey(name) && pools.find(name).isPresent()) {
                left.remove(name);
                stoppedPools.add(name);
            } else if (left.containsKey(name) && !isOver(journalEntry)) {
                Optional<ProcessSpec> worker = pools.worker(name);
                worker.ifPresent(spec -> {
                    left.remove(name);
                    entries.add(entry(spec, Kind.WORKER, journalEntry));
                });
            }
        }
        for (JournalEntry journalEntry : initialState.past()) {
            if (left.containsKey(journalEntry.name()) && mayBeAlive(journalEntry)) {
                entries.add(entry(spec(journalEntry), Kind.ORPHAN, journalEntry));
            } else if (left.containsKey(journalEntry.name()) && isForgotten(journalEntry)) {
                deleted.add(journalEntry.name());
            } else if (left.containsKey(journalEntry.name())
                    && !journalEntry.process().isHeldDown()) {
                abandoned.add(journalEntry);
            }
        }
        return entries;
    }

    /** The pools that an operator has stopped; valid after {@link #entries}. */
    Set<String> stoppedPools() {
        return stoppedPools;
    }

    /** The names that an operator has deleted; valid after {@link #entries}. */
    Set<String> deleted() {
        return deleted;
    }

    /**
     * Processes that were removed from the configuration while no monitor ran, and that are down;
     * valid after {@link #entries}. Those that an operator has stopped are not included: that
     * decision holds if the configuration names the process again.
     */
    List<JournalEntry> abandoned() {
        return abandoned;
    }

    /** A process that the configuration names for the first time. */
    static ProcessStatus unstarted(ProcessSpec spec, Ticks now) {
        return ProcessStatus.unstarted(atFirst(spec), now);
    }

    /** Why a process is down before its first start. */
    static StopReason atFirst(ProcessSpec spec) {
        return spec.skip() ? StopReason.SKIPPED : StopReason.NEVER_STARTED;
    }

    /**
     * Whether a process starts with the others when the configuration names it for the first time.
     */
    static boolean startsAtFirst(ProcessSpec spec) {
        return !spec.skip() && !spec.triggers().startsByTime();
    }

    /** One of the monitor's own programs that was never started. */
    static SupervisedProcess unstarted(Companion companion, Ticks now) {
        Kind kind = companion.endsLast() ? Kind.LAST_COMPANION : Kind.COMPANION;
        return entry(
                companion.spec(), kind, ProcessStatus.unstarted(StopReason.NEVER_STARTED, now));
    }

    /**
     * Whether a process starts with the others: it is not skipped, no operator has stopped it, and
     * its schedule neither starts it nor has stopped it.
     */
    static boolean startsAgain(ProcessSpec spec, ProcessStatus process) {
        boolean stoppedByTime =
                spec.triggers().schedule().isPresent() && process.endedFor(StopReason.SCHEDULE);
        return startsAtFirst(spec) && !process.isHeldDown() && !stoppedByTime;
    }

    private static boolean isForgotten(JournalEntry journalEntry) {
        ProcessStatus process = journalEntry.process();
        return process.goal() == Goal.FORGOTTEN
                && !process.isRemoved()
                && !mayBeAlive(journalEntry);
    }

    /** Whether nothing is left of a worker, neither a run nor a wish. */
    private static boolean isOver(JournalEntry journalEntry) {
        return !mayBeAlive(journalEntry)
                && journalEntry.process().goal() != Goal.UP
                && !journalEntry.process().isHeldDown();
    }

    private static boolean mayBeAlive(JournalEntry journalEntry) {
        return journalEntry.process().state().run().isPresent()
                || journalEntry.intended().isPresent();
    }

    /** For an orphan: it is removed when it exits, after the rest of its group was stopped. */
    static ProcessSpec spec(JournalEntry journalEntry) {
        return ProcessSpec.of(
                journalEntry.name(),
                journalEntry.exec(),
                RestartPolicy.ALWAYS,
                journalEntry.stop());
    }

    private static SupervisedProcess entry(ProcessSpec spec, Kind kind, ProcessStatus process) {
        return new SupervisedProcess(spec, kind, process);
    }

    private static SupervisedProcess entry(ProcessSpec spec, Kind kind, JournalEntry journalEntry) {
        SupervisedProcess supervisedProcess =
                new SupervisedProcess(spec, kind, journalEntry.process());
        supervisedProcess.startedWith = journalEntry.startedWith();
        if (kind == Kind.CONFIGURED || kind == Kind.WORKER) {
            supervisedProcess.compareRun();
        }
        return supervisedProcess;
    }
}
