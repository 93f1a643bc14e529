package org.procmon.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.procmon.config.Signal;
import org.procmon.posix.Pidfd;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Processes;

/** A process of a run that has started a session of its own, and has outlived its group. */
record EscapedProcess(int pid) {
    /**
     * The escaped processes of one run. Their own children become orphans when they are gone, and
     * are found the next time.
     *
     * @param orphans those without their original parent
     * @param ofRun whether a pid is a process of the run
     */
    static List<EscapedProcess> among(int[] orphans, IntPredicate ofRun) {
        List<EscapedProcess> found = new ArrayList<>();
        for (int pid : orphans) {
            if (isAlive(pid) && ofRun.test(pid)) {
                found.add(new EscapedProcess(pid));
            }
        }
        return found;
    }

    private static boolean isAlive(int pid) {
        return ProcessStat.of(pid).filter(stat -> !stat.hasEnded()).isPresent();
    }

    /** For people. */
    String name() {
        return Processes.name(pid)
                .map(name -> "pid " + pid + " (" + name + ")")
                .orElse("pid " + pid);
    }

    /** Kills it, unless another process has its pid by now. */
    void kill(IntPredicate ofRun) {
        if (Pidfd.open(pid) instanceof Pidfd.Result.Opened opened) {
            try (Pidfd held = opened.pidfd()) {
                if (ofRun.test(pid)) {
                    held.send(Signal.KILL.number());
                }
            }
        }
    }
}
