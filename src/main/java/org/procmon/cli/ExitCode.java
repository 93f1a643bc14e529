package org.procmon.cli;

/** The exit codes of the program. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_RUNNING = 3;
    static final int NO_SUCH_PROCESS = 4;
    static final int NOT_PERMITTED = 5;
    static final int NO_MONITOR = 6;
    static final int TIMED_OUT = 7;
    static final int CONFIGURATION_INVALID = 78;

    /** As shells report it for a program that SIGPIPE has killed. */
    static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
