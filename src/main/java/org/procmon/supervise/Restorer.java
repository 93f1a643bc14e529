package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

/** Puts what an earlier monitor left together with what is asked for now. Loop thread only. */
final class Restorer {
    private final Map<String, JournalEntry> left = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final List<JournalEntry> abandoned = new ArrayList<>();
    private final Ticks now;

    Restorer(List<JournalEntry> past, Ticks now) {
        past.forEach(journalEntry -> left.put(journalEntry.name(), journalEntry));
        this.now = now;
    }

    /**
     * The entries to begin with: what is asked for, as it was left, and what still runs though
     * nothing asks for it. What was deleted stays deleted.
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
        for (Companion companion : initialState.attendants()) {
            JournalEntry journalEntry = left.remove(companion.spec().id());
            SupervisedProcess supervisedProcess = unstarted(companion, now);
            if (journalEntry != null) {
                supervisedProcess.process = journalEntry.process();
                supervisedProcess.begunWith = journalEntry.begunWith();
            }
            entries.add(supervisedProcess);
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

    /** The names that an operator has deleted; known after {@link #entries}. */
    Set<String> deleted() {
        return deleted;
    }

    /**
     * What has gone from the configuration while no monitor ran, and is down; known after {@link
     * #entries}. What an operator has stopped is not among it: that decision holds should the
     * configuration name it again.
     */
    List<JournalEntry> abandoned() {
        return abandoned;
    }

    /** A process that is named for the first time. */
    static ProcessStatus unstarted(ProcessSpec spec, Ticks now) {
        return ProcessStatus.unstarted(atFirst(spec), now);
    }

    /** Why a process is down before anything has started it. */
    static StopReason atFirst(ProcessSpec spec) {
        return spec.skip() ? StopReason.SKIPPED : StopReason.NEVER_STARTED;
    }

    /** Whether a process is to be started with the others when it is named for the first time. */
    static boolean startsAtFirst(ProcessSpec spec) {
        return !spec.skip() && !spec.triggers().startsByTime();
    }

    /** An attendant that was never needed before. */
    static SupervisedProcess unstarted(Companion companion, Ticks now) {
        Kind kind = companion.endsLast() ? Kind.LAST_ATTENDANT : Kind.ATTENDANT;
        return entry(
                companion.spec(), kind, ProcessStatus.unstarted(StopReason.NEVER_STARTED, now));
    }

    /**
     * Whether a process is to be started with the others: it is not skipped, nobody holds it down,
     * and it is not its schedule that starts it, or has stopped it.
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

    private static boolean mayBeAlive(JournalEntry journalEntry) {
        return journalEntry.process().state().run().isPresent()
                || journalEntry.intended().isPresent();
    }

    /** It is forgotten when it ends, but what it leaves in its group is ended before. */
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
        supervisedProcess.begunWith = journalEntry.begunWith();
        if (kind == Kind.CONFIGURED) {
            supervisedProcess.compareRun();
        }
        return supervisedProcess;
    }
}
