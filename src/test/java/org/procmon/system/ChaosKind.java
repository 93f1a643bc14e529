package org.procmon.system;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a chaos run does besides killing monitors and children and giving commands. {@code
 * -Dprocmon.chaos.kinds} names those of a run, with commas between them; {@code all} are all.
 */
enum ChaosKind {
    /** The keeper of the fifos is killed. */
    COMPANIONS(true),
    /** The control socket or the lock file is removed. */
    PATHS(true),
    /** The configuration is changed and read again. */
    RELOAD(false),
    /** The number of instances of a process is set by a command. */
    SCALE(false),
    /** Processes are deleted, and added again by a reload. */
    DELETE(false),
    /** Processes are stopped, and nobody waits for it. */
    NOWAIT(false),
    /** All is ended by {@code -x}, and started again. */
    ENDS(false),
    /** Records are cut, changed or removed while there is no monitor. */
    RECORDS(false),
    /** Another user, who may only look, does its worst. */
    VIEWER(false);

    private static final String PROPERTY = "procmon.chaos.kinds";

    private final boolean always;

    ChaosKind(boolean always) {
        this.always = always;
    }

    /** Those of this run. */
    static Set<ChaosKind> ofThisRun() {
        String asked = System.getProperty(PROPERTY, "").toUpperCase(Locale.ROOT);
        Set<ChaosKind> kinds = EnumSet.noneOf(ChaosKind.class);
        if (asked.equals("ALL")) {
            return EnumSet.allOf(ChaosKind.class);
        }
        if (asked.isEmpty()) {
            Arrays.stream(values()).filter(kind -> kind.always).forEach(kinds::add);
        } else {
            List.of(asked.split(",", -1)).forEach(name -> kinds.add(valueOf(name.strip())));
        }
        if (Boolean.getBoolean("procmon.chaos.records")) {
            kinds.add(RECORDS);
        }
        return kinds;
    }
}
