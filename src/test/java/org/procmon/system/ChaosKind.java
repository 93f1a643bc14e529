package org.procmon.system;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.procmon.posix.CurrentProcess;

/**
 * What a chaos run does besides killing monitors and children and giving commands. {@code
 * -Dprocmon.chaos.kinds} names those of a run, with commas between them; all without it.
 */
enum ChaosKind {
    /** The keeper of the fifos is killed. */
    COMPANIONS,
    /** The control socket or the lock file is removed. */
    PATHS,
    /** The configuration is changed and read again. */
    RELOAD,
    /** The number of instances of a process is set by a command. */
    SCALE,
    /** Processes are deleted, and added again by a reload. */
    DELETE,
    /** Processes are stopped, and nobody waits for it. */
    NOWAIT,
    /** All is ended by {@code -x}, and started again. */
    ENDS,
    /** What monitors have written is cut, changed or removed while there is none. */
    RECORDS,
    /** A program of another user that may only look does its worst. Only by root. */
    VIEWER;

    private static final String PROPERTY = "procmon.chaos.kinds";

    /** Those of this run. */
    static Set<ChaosKind> ofThisRun() {
        String asked = System.getProperty(PROPERTY, "").toUpperCase(Locale.ROOT);
        Set<ChaosKind> kinds = EnumSet.allOf(ChaosKind.class);
        if (asked.isEmpty() || asked.equals("ALL")) {
            if (CurrentProcess.uid() != 0) {
                kinds.remove(VIEWER);
            }
            return kinds;
        }
        kinds.clear();
        List.of(asked.split(",", -1)).forEach(name -> kinds.add(valueOf(name.strip())));
        return kinds;
    }
}
