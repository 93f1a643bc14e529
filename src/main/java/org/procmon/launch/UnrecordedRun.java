package org.procmon.launch;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/**
 * A run that was being started when its monitor died, and is in no record: recognised by its
 * environment.
 *
 * @param pid its first process, or the one that its group has outlived
 * @param born when the kernel started that; 0 if it has exited and was reaped
 */
record UnrecordedRun(int pid, long born) {
    /**
     * How long to wait for a child that was between its fork and its exec when the monitor died,
     * which are some hundred microseconds apart. Until then it shows the monitor's environment, and
     * then for a moment none.
     */
    private static final long EXEC_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /**
     * The oldest session leader whose program started with these variables, since descendants that
     * have made sessions of their own are younger; or else the group that such a leader has left.
     *
     * @param known whether a pid need not be looked at
     */
    static Optional<UnrecordedRun> find(List<String> assignments, IntPredicate known) {
        long giveUp = System.nanoTime() + EXEC_TIMEOUT_NANOS;
        Optional<String> monitor = Processes.program(CurrentProcess.pid()).map(UnrecordedRun::name);
        Optional<ProcessStat> oldest = Optional.empty();
        Optional<UnrecordedRun> orphaned = Optional.empty();
        for (int pid : Processes.pids()) {
            if (known.test(pid)) {
                continue;
            }
            Optional<ProcessStat> stat = ProcessStat.of(pid);
            if (stat.isPresent()) {
                stat = awaitProgram(stat.get(), monitor, giveUp);
            }
            if (stat.isEmpty()
                    || stat.get().hasEnded()
                    || stat.get().group() != stat.get().session()
                    || !Processes.beganWith(pid, assignments)) {
                continue;
            }
            if (!stat.get().leadsSession()) {
                orphaned = Optional.of(leftBy(stat.get().group()));
            } else if (oldest.isEmpty() || stat.get().born() < oldest.get().born()) {
                oldest = stat;
            }
        }
        return oldest.isPresent()
                ? oldest.map(leader -> new UnrecordedRun(leader.pid(), leader.born()))
                : orphaned.filter(group -> !known.test(group.pid()));
    }

    /** While the group exists, a process with its number is its leader, zombies included. */
    private static UnrecordedRun leftBy(int leader) {
        return new UnrecordedRun(leader, ProcessStat.of(leader).map(ProcessStat::born).orElse(0L));
    }

    /**
     * Whether it may become one of ours in a moment: it is a copy of a program like this one, of
     * which a Java program leaves none for long, or the kernel is loading its program.
     */
    private static boolean isBeginning(ProcessStat stat, Optional<String> monitor) {
        if (stat.hasEnded() || (!stat.isBareFork() && !isBeingLoaded(stat))) {
            return false;
        }
        // Neither a thread of the kernel nor a process that we may not look into has one.
        Optional<String> program = Processes.program(stat.pid()).map(UnrecordedRun::name);
        return stat.isBareFork()
                ? program.isPresent() && program.equals(monitor)
                : program.isPresent();
    }

    private static boolean isBeingLoaded(ProcessStat stat) {
        return stat.leadsSession() && stat.environmentEnd() == 0;
    }

    /** The kernel reports an exec only to the parent, hence the polling. */
    private static Optional<ProcessStat> awaitProgram(
            ProcessStat first, Optional<String> monitor, long giveUp) {
        Optional<ProcessStat> stat = Optional.of(first);
        while (stat.isPresent()
                && isBeginning(stat.get(), monitor)
                && giveUp - System.nanoTime() > 0) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            stat = ProcessStat.of(first.pid());
        }
        return stat;
    }

    /** The name of a program's file; the kernel adds a word when the file was replaced. */
    private static String name(String program) {
        String file = program.substring(program.lastIndexOf('/') + 1);
        int end = file.indexOf(' ');
        return end < 0 ? file : file.substring(0, end);
    }
}
