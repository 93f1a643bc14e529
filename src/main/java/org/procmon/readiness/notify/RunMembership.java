package org.procmon.readiness.notify;

import java.util.List;
import java.util.Optional;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/**
 * Distinguishes the processes of a run from all others. Any thread.
 *
 * @param leader the pid of the run's first process
 * @param assignments the variables that its processes started with
 */
public record RunMembership(int leader, List<String> assignments) {
    private static final int MOST_GENERATIONS = 64;

    /** How a process relates to a run. */
    enum Degree {
        OF_THE_RUN,
        STRANGER,
        /** The process has exited. */
        GONE
    }

    public RunMembership {
        assignments = List.copyOf(assignments);
    }

    Degree of(int pid) {
        Optional<ProcessStat> stat = ProcessStat.of(pid);
        if (stat.isEmpty()) {
            return Degree.GONE;
        }
        boolean known =
                stat.get().session() == leader
                        || stat.get().group() == leader
                        || Processes.beganWith(pid, assignments)
                        || descends(stat.get());
        return known ? Degree.OF_THE_RUN : Degree.STRANGER;
    }

    private boolean descends(ProcessStat from) {
        Optional<ProcessStat> at = Optional.of(from);
        for (int i = 0; i < MOST_GENERATIONS && at.isPresent(); i++) {
            if (at.get().pid() == leader) {
                return true;
            }
            at = at.get().parent() <= 1 ? Optional.empty() : ProcessStat.of(at.get().parent());
        }
        return false;
    }
}
