package org.procmon.config.pool;

import java.util.Optional;

/**
 * The keys {@code listen}, {@code listen_owner}, {@code listen_group} and {@code backlog}.
 *
 * @param address where web servers connect; of a worker with a socket of its own, a template
 * @param owner the user who owns a Unix socket; the monitor's own when empty
 * @param group the group of a Unix socket; {@link #AUTO} for that of the web server
 * @param backlog how many clients may wait; the kernel cuts it to net.core.somaxconn
 */
public record ListenSpec(
        PoolAddress address, Optional<String> owner, Optional<String> group, int backlog) {
    /** The group of the web server, found by the names that distributions use. */
    public static final String AUTO = "auto";

    /** The permissions of a Unix socket that is configured without any. */
    public static final int MODE = 0660;

    public static final int BACKLOG = 511;
}
