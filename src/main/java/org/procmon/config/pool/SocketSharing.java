package org.procmon.config.pool;

/** The key {@code socket}. */
public enum SocketSharing {
    /** All workers accept from one socket. */
    SHARED,
    /** Each worker has its own, so that the web server chooses. */
    PER_WORKER
}
