package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Ticks;
import org.procmon.reload.SpecFingerprint;
import org.procmon.status.ProcessView;

/**
 * One process in the table, with those who wait for something to become of it. Loop thread only.
 */
final class SupervisedProcess {
    /** What a process is to the monitor. */
    enum Kind {
        /** The configuration asks for it. */
        CONFIGURED,
        /** It still runs, but the configuration no longer asks for it. */
        ORPHAN,
        /** A program of the monitor's own, ended by a shutdown when all others are down. */
        ATTENDANT,
        /** A program of the monitor's own that a shutdown leaves running. */
        LAST_ATTENDANT
    }

    /** As readers see it; null until that is wanted. */
    @Nullable ProcessView view;

    ProcessSpec spec;
    Kind kind;
    ProcessStatus process;

    /** The {@link SpecFingerprint} that the latest run began with; "" if that is unknown. */
    String begunWith = "";

    /** The keys in which the run that is alive differs from the specification. */
    List<String> outdated = List.of();

    /** The entries whose specification depends on this one, in the order of the configuration. */
    final List<SupervisedProcess> dependents = new ArrayList<>();

    final List<PendingCommand> pursuits = new ArrayList<>();

    SupervisedProcess(ProcessSpec spec, Kind kind, ProcessStatus process) {
        this.spec = spec;
        this.kind = kind;
        this.process = process;
    }

    String name() {
        return spec.id();
    }

    /** A run begins, with the specification as it is now. */
    void beginsRun() {
        begunWith = SpecFingerprint.of(spec);
        outdated = List.of();
    }

    /** Compares the run that is alive with the specification, which may be another now. */
    void compareRun() {
        outdated = isAlive() ? keysToRestartFor(spec) : List.of();
    }

    /** The keys for which the latest run would have to be replaced to follow a specification. */
    List<String> keysToRestartFor(ProcessSpec now) {
        return SpecFingerprint.difference(begunWith, SpecFingerprint.of(now));
    }

    /** When something is to be done about it, unless something else happens before. */
    Optional<Ticks> deadline() {
        return Lifecycle.deadline(spec, process);
    }

    /** Whether it is none of the monitor's own programs. */
    boolean isProcess() {
        return kind == Kind.CONFIGURED || kind == Kind.ORPHAN;
    }

    /** Whether it is down, and will not come up by itself. */
    boolean isOver() {
        return switch (process.state()) {
            case Completed _ -> true;
            case Failed failed -> failed.retry().isEmpty();
            case Stopped _, Waiting _, Starting _, Running _, Stopping _, Backoff _ -> false;
        };
    }

    /** Whether it is to be stopped, and no signal was sent yet. */
    boolean isHeld() {
        return process.state() instanceof Stopping s && s.sent() == 0 && s.hook().isEmpty();
    }

    /** Whether an operator has deleted it, rather than a configuration. */
    boolean isDeleted() {
        return kind == Kind.CONFIGURED && process.goal() == Goal.FORGOTTEN && !process.isRemoved();
    }

    /** Whether the monitor before was removing it, though it is asked for now. */
    boolean isWantedAgain() {
        return switch (kind) {
            case CONFIGURED -> process.isRemoved();
            case ATTENDANT, LAST_ATTENDANT -> process.goal() == Goal.FORGOTTEN;
            case ORPHAN -> false;
        };
    }

    /** Whether it is down and no longer configured, so that nothing has to be known of it. */
    boolean isGone() {
        boolean replaced = !isProcess() && process.goal() == Goal.FORGOTTEN;
        return (kind == Kind.ORPHAN || process.isRemoved() || replaced) && !isAlive();
    }

    boolean isAlive() {
        return process.state().phase().isAlive();
    }
}
