package org.procmon.launch;

import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;

/**
 * The first process of an adopted run, which is the child of another process, held by a pidfd.
 * Guarded by the lock of its {@link ForeignRunWatcher}.
 */
final class ForeignRun {
    final RunKey run;
    final int pid;
    final long born;

    /** Distinguishes it from a later one with the same pid. */
    long serial;

    /** Whether its exit was reported. */
    boolean ended;

    /** Whether its exit was reported, and no process of its group was alive afterwards. */
    boolean alone;

    private final Kind kind;
    private boolean groupsByPidfd;
    private Optional<Pidfd> pidfd = Optional.empty();

    /** Which group it stands for. */
    enum Kind {
        /** It leads a session and a group of its own. */
        LEADER,
        /** It is in the group of another process; only the process itself counts. */
        GUEST
    }

    ForeignRun(RunKey run, int pid, long born, Kind kind) {
        this.run = run;
        this.kind = kind;
        this.pid = pid;
        this.born = born;
    }

    /** A session leader that is held already. */
    ForeignRun(RunKey run, int pid, long born, Pidfd held) {
        this(run, pid, born, Kind.LEADER);
        this.pidfd = Optional.of(held);
    }

    /**
     * To be called first.
     *
     * @param number distinguishes it from a later one with the same pid
     * @param groups whether the kernel can signal a group by its leader's pidfd
     */
    void begin(long number, boolean groups) {
        serial = number;
        groupsByPidfd = groups;
    }

    /** The result of the attempt to hold it. */
    enum Hold {
        HELD,
        GONE,
        /** It exists, but cannot be held now: there are too many open files, for example. */
        DENIED
    }

    /** Holds the process, and only then checks that it is the right one. */
    Hold hold() {
        if (pidfd.isPresent()) {
            return Hold.HELD;
        }
        Hold hold =
                switch (Pidfd.open(pid)) {
                    case Pidfd.Result.Opened opened -> {
                        pidfd = Optional.of(opened.pidfd().aside());
                        yield Hold.HELD;
                    }
                    case Pidfd.Result.Gone _ -> Hold.GONE;
                    case Pidfd.Result.NotOpened _ -> Hold.DENIED;
                };
        if (hold != Hold.GONE && leader().isEmpty()) {
            release();
            return Hold.GONE;
        }
        return hold;
    }

    Optional<Pidfd> pidfd() {
        return pidfd;
    }

    void release() {
        pidfd.ifPresent(Pidfd::close);
        pidfd = Optional.empty();
    }

    /** The process as the kernel shows it, zombies included; empty if it was reaped. */
    Optional<ProcessStat> leader() {
        return ProcessStat.of(pid)
                .filter(stat -> stat.born() == born)
                .filter(stat -> kind == Kind.GUEST || stat.leadsSession());
    }

    /** How it ended, as far as the kernel reports it. */
    OptionalInt exitStatus(Optional<ProcessStat> stat) {
        if (stat.isPresent()) {
            return stat.get().exitStatus();
        }
        return pidfd.isPresent() ? pidfd.get().reapedStatus() : OptionalInt.empty();
    }

    boolean signal(int signal) {
        if (pidfd.isPresent()) {
            return pidfd.get().send(signal);
        }
        return leader().isPresent() && Signals.send(pid, signal);
    }

    void signalGroup(int signal) {
        if (kind == Kind.GUEST) {
            signal(signal);
        } else if (groupsByPidfd && pidfd.isPresent()) {
            pidfd.get().sendToGroup(signal);
        } else if (isGroupOurs()) {
            Signals.sendToGroup(pid, signal);
        }
    }

    /** Whether any process, zombies included, is in the group that it started. */
    boolean groupExists() {
        if (kind == Kind.GUEST) {
            return !ended;
        }
        if (groupsByPidfd && pidfd.isPresent()) {
            return pidfd.get().groupExists();
        }
        return Signals.groupExists(pid) && isGroupOurs();
    }

    /**
     * While the group has members, the kernel gives its number to no new process; so if another
     * process has that number, the group is not this run's.
     */
    private boolean isGroupOurs() {
        return leader().isPresent() || !Signals.processExists(pid);
    }
}
