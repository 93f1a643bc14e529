package org.procmon.cli.console;

/** The exit codes of the program. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int NOT_RUNNING = 3;
    public static final int NO_SUCH_PROCESS = 4;
    public static final int NOT_PERMITTED = 5;
    public static final int NO_MONITOR = 6;
    public static final int TIMED_OUT = 7;
    public static final int CONFIGURATION_INVALID = 78;

    /** As shells report it for a program that SIGPIPE has killed. */
    public static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
