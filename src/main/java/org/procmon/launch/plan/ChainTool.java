package org.procmon.launch.plan;

import java.util.Locale;

/** A program of the system that sees to something, and then executes the next one. */
public enum ChainTool {
    SH("dash"),
    NICE("coreutils"),
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

    /** The name of the package that it is in. */
    String distribution() {
        return distribution;
    }
}
