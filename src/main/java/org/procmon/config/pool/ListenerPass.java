package org.procmon.config.pool;

/** The key {@code pass}: how a worker finds the socket that it accepts connections from. */
public enum ListenerPass {
    /** As its standard input. */
    FD0,
    /**
     * Also as descriptor 3, which {@code LISTEN_FDS} and {@code LISTEN_PID} announce. Source:
     * sd_listen_fds(3).
     */
    LISTEN_FDS,
    /** As the path of a socket that the worker opens itself; the monitor opens none. */
    ARGUMENT
}
