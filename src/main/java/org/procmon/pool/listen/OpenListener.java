package org.procmon.pool.listen;

import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Descriptor;

/**
 * A listening socket of a pool.
 *
 * @param name see {@link ListenerName}
 * @param address as it is configured
 * @param socket its descriptor, which stays the same while it is open
 * @param boundName the name that accepted sockets carry, or "" for TCP
 * @param port the local port, or 0 for Unix
 * @param inode the number of the socket
 */
public record OpenListener(
        String name,
        PoolAddress address,
        Descriptor socket,
        String boundName,
        int port,
        long inode) {
    public boolean isUnix() {
        return port == 0;
    }
}
