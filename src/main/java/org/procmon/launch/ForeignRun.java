package org.procmon.launch;

import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.launch.Reaper.RunKey;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;

/**
 * The first process of an adopted run, which is somebody else's child, held by a pidfd. It is
 * guarded by the lock of its {@link ForeignRunWatcher}.
 */
final class ForeignRun {
    final RunKey run;
    final int pid;
    final long born;

    /** Tells it from a later one of the same pid. */
    long serial;

    /** Whether its end was told. */
    boolean ended;

    /** Whether its end was told, and nothing of its group was alive afterwards. */
    boolean alone;

    private final Kind kind;
    private boolean groupsByPidfd;
    private Optional<Pidfd> pidfd = Optional.empty();

    /** What is meant by its group. */
    enum Kind {
        /** It leads a session and a group of its own. */
        LEADER,
        /** It is in somebody else's group, and itself all that is meant. */
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
     * @param number tells it from a later one of the same pid
     * @param groups whether the kernel can signal a group by its leader's pidfd
     */
    void begin(long number, boolean groups) {
        serial = number;
        groupsByPidfd = groups;
    }

    /** What came of the attempt to hold it. */
    enum Hold {
        HELD,
        GONE,
        /** It is there, but cannot be held now: there are too many open files, for example. */
        DENIED
    }

    /** Holds the process, and looks only then whether it is the one that is meant. */
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

    /** The process as the kernel shows it, be it a zombie; empty if it was reaped. */
    Optional<ProcessStat> leader() {
        return ProcessStat.of(pid)
                .filter(stat -> stat.born() == born)
                .filter(stat -> kind == Kind.GUEST || stat.leadsSession());
    }

    /** How it ended, as far as the kernel tells. */
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

    /** Whether any process, be it a zombie, is in the group that it began. */
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
     * As long as the group has members, the kernel gives its number to no new process; so if there
     * is another process of that number, the group is somebody else's.
     */
    private boolean isGroupOurs() {
        return leader().isPresent() || !Signals.processExists(pid);
    }
}
