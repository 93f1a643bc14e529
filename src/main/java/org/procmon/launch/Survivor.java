package org.procmon.launch;

import java.util.ArrayList;
import java.util.List;
import org.procmon.posix.Pidfd;
import org.procmon.posix.Processes;
import org.procmon.spec.Signal;

/**
 * A process of a run that has begun a session of its own, and has outlived the group that it came
 * from. It is known by its environment.
 */
record Survivor(int pid) {
    /**
     * Those whose programs began with these variables. Their own children become orphans when they
     * are gone, and are found the next time.
     *
     * @param orphans whose parent is gone
     */
    static List<Survivor> among(int[] orphans, List<String> assignments) {
        List<Survivor> found = new ArrayList<>();
        for (int pid : orphans) {
            if (Processes.beganWith(pid, assignments)) {
                found.add(new Survivor(pid));
            }
        }
        return found;
    }

    /** For people. */
    String name() {
        return Processes.name(pid)
                .map(name -> "pid " + pid + " (" + name + ")")
                .orElse("pid " + pid);
    }

    /** Kills it, unless another process has its pid by now. */
    void kill(List<String> assignments) {
        if (Pidfd.open(pid) instanceof Pidfd.Result.Opened opened) {
            try (Pidfd held = opened.pidfd()) {
                if (Processes.beganWith(pid, assignments)) {
                    held.send(Signal.KILL.number());
                }
            }
        }
    }
}
