package org.procmon.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Ticks;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.RestartPolicy;
import org.procmon.supervise.Entry.Kind;

/** Puts what an earlier monitor left together with what is asked for now. Loop thread only. */
final class Past {
    private final Map<String, Kept> left = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final List<Kept> abandoned = new ArrayList<>();
    private final Ticks now;

    Past(List<Kept> past, Ticks now) {
        past.forEach(kept -> left.put(kept.name(), kept));
        this.now = now;
    }

    /**
     * The entries to begin with: what is asked for, as it was left, and what still runs though
     * nothing asks for it. What was deleted stays deleted.
     */
    List<Entry> entries(Beginning beginning) {
        List<Entry> entries = new ArrayList<>();
        for (ProcessSpec spec : beginning.spec().processes()) {
            Kept kept = left.remove(spec.id());
            if (kept == null) {
                entries.add(entry(spec, Kind.CONFIGURED, unstarted(spec, now)));
            } else if (isForgotten(kept)) {
                deleted.add(kept.name());
            } else {
                entries.add(entry(spec, Kind.CONFIGURED, kept));
            }
        }
        for (Attendant attendant : beginning.attendants()) {
            Kept kept = left.remove(attendant.spec().id());
            Entry entry = unstarted(attendant, now);
            if (kept != null) {
                entry.process = kept.process();
                entry.begunWith = kept.begunWith();
            }
            entries.add(entry);
        }
        for (Kept kept : beginning.past()) {
            if (left.containsKey(kept.name()) && mayBeAlive(kept)) {
                entries.add(entry(spec(kept), Kind.ORPHAN, kept));
            } else if (left.containsKey(kept.name()) && isForgotten(kept)) {
                deleted.add(kept.name());
            } else if (left.containsKey(kept.name()) && !kept.process().isHeldDown()) {
                abandoned.add(kept);
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
    List<Kept> abandoned() {
        return abandoned;
    }

    /** A process that is named for the first time. */
    static Supervised unstarted(ProcessSpec spec, Ticks now) {
        return Supervised.unstarted(atFirst(spec), now);
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
    static Entry unstarted(Attendant attendant, Ticks now) {
        Kind kind = attendant.endsLast() ? Kind.LAST_ATTENDANT : Kind.ATTENDANT;
        return entry(attendant.spec(), kind, Supervised.unstarted(StopReason.NEVER_STARTED, now));
    }

    /**
     * Whether a process is to be started with the others: it is not skipped, nobody holds it down,
     * and it is not its schedule that starts it, or has stopped it.
     */
    static boolean startsAgain(ProcessSpec spec, Supervised process) {
        boolean stoppedByTime =
                spec.triggers().schedule().isPresent() && process.endedFor(StopReason.SCHEDULE);
        return startsAtFirst(spec) && !process.isHeldDown() && !stoppedByTime;
    }

    private static boolean isForgotten(Kept kept) {
        Supervised process = kept.process();
        return process.goal() == Goal.FORGOTTEN && !process.isRemoved() && !mayBeAlive(kept);
    }

    private static boolean mayBeAlive(Kept kept) {
        return kept.process().state().run().isPresent() || kept.intended().isPresent();
    }

    /** It is forgotten when it ends, but what it leaves in its group is ended before. */
    static ProcessSpec spec(Kept kept) {
        return ProcessSpec.of(kept.name(), kept.exec(), RestartPolicy.ALWAYS, kept.stop());
    }

    private static Entry entry(ProcessSpec spec, Kind kind, Supervised process) {
        return new Entry(spec, kind, process);
    }

    private static Entry entry(ProcessSpec spec, Kind kind, Kept kept) {
        Entry entry = new Entry(spec, kind, kept.process());
        entry.begunWith = kept.begunWith();
        if (kind == Kind.CONFIGURED) {
            entry.compareRun();
        }
        return entry;
    }
}
