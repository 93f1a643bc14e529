package org.procmon.launch.plan;

import java.util.Locale;

/** A program of the system that changes one thing, and then executes the next program. */
public enum ChainTool {
    SH("dash"),
    NICE("coreutils"),
    TASKSET("util-linux"),
    PRLIMIT("util-linux"),
    CHROOT("coreutils"),
    SETPRIV("util-linux"),
    ENV("coreutils"),
    TIMEOUT("coreutils");

    private final String distribution;

    ChainTool(String distribution) {
        this.distribution = distribution;
    }

    String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of its package. */
    String distribution() {
        return distribution;
    }
}
