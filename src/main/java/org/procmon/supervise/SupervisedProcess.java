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
import org.procmon.reload.plan.SpecFingerprint;
import org.procmon.status.ProcessView;

/** One process in the table, with the commands that wait for it. Loop thread only. */
final class SupervisedProcess {
    /** Why a process is in the table. */
    enum Kind {
        /** The configuration asks for it. */
        CONFIGURED,
        /** It still runs, but the configuration no longer asks for it. */
        ORPHAN,
        /** A pool of the configuration has started it, and removes it. */
        WORKER,
        /** One of the monitor's own programs; a shutdown stops it when all others are down. */
        COMPANION,
        /** One of the monitor's own programs; a shutdown leaves it running. */
        LAST_COMPANION
    }

    /** The process as readers see it; null until needed. */
    @Nullable ProcessView view;

    ProcessSpec spec;
    Kind kind;
    ProcessStatus process;

    /** The {@link SpecFingerprint} that the latest run started with; "" if that is unknown. */
    String startedWith = "";

    /** The keys in which the run that is alive differs from the specification. */
    List<String> outdated = List.of();

    /**
     * The entries that depend on this one by their specification, in the order of the
     * configuration.
     */
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

    /** A run starts, with the present specification. */
    void beginsRun() {
        startedWith = SpecFingerprint.of(spec);
        outdated = List.of();
    }

    /** Compares the run that is alive with the specification, which may have changed. */
    void compareRun() {
        outdated = isAlive() ? keysToRestartFor(spec) : List.of();
    }

    /**
     * Follows another specification; but while a run is alive that only a new one could follow, it
     * keeps that run's: should it be restarted, it must be as it was, since the new one may not
     * work.
     */
    void follow(ProcessSpec changed) {
        outdated = isAlive() ? keysToRestartFor(changed) : List.of();
        if (outdated.isEmpty()) {
            spec = changed;
        }
    }

    /** The keys for which the latest run would have to be replaced to match a specification. */
    List<String> keysToRestartFor(ProcessSpec now) {
        return SpecFingerprint.difference(startedWith, SpecFingerprint.of(now));
    }

    /** When its deadline is due, unless an event comes first. */
    Optional<Ticks> deadline() {
        return Lifecycle.deadline(spec, process);
    }

    /** Whether it is not one of the monitor's own programs. */
    boolean isProcess() {
        return kind == Kind.CONFIGURED || kind == Kind.ORPHAN || kind == Kind.WORKER;
    }

    /** Whether it is down, and will not start by itself. */
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

    /** Whether an operator has deleted it, as opposed to a configuration. */
    boolean isDeleted() {
        return kind == Kind.CONFIGURED && process.goal() == Goal.FORGOTTEN && !process.isRemoved();
    }

    /** Whether the previous monitor was removing it, though it is configured now. */
    boolean isWantedAgain() {
        return switch (kind) {
            case CONFIGURED -> process.isRemoved();
            case COMPANION, LAST_COMPANION -> process.goal() == Goal.FORGOTTEN;
            case ORPHAN, WORKER -> false;
        };
    }

    /** Whether it is down and no longer configured, so that it needs no record. */
    boolean isGone() {
        boolean replaced = !isProcess() && process.goal() == Goal.FORGOTTEN;
        return (kind == Kind.ORPHAN || process.isRemoved() || replaced) && !isAlive();
    }

    boolean isAlive() {
        return process.state().phase().isAlive();
    }
}
