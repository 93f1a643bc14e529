package org.procmon.control.server.calls;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * The other end of a connection, as the kernel reports it.
 *
 * @param user the user it ran as when it connected
 * @param group the group it ran as then
 */
public record Peer(UserPrincipal user, GroupPrincipal group) {
    /** The source of peers. */
    @FunctionalInterface
    public interface Origin {
        Peer of(SocketChannel channel) throws IOException;
    }

    /** Asks the kernel. Source: unix(7), "SO_PEERCRED". */
    public static Peer of(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return new Peer(peer.user(), peer.group());
    }

    /** The user's name, or the uid of a user without a name. */
    public String name() {
        return user.getName();
    }
}
