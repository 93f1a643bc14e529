package org.procmon.fastcgi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The web servers that may connect over TCP ({@code FCGI_WEB_SERVER_ADDRS}, FastCGI specification,
 * section 3.2). A Unix socket is guarded by its file mode instead.
 */
public final class AllowedPeers {
    private static final AllowedPeers ANY = new AllowedPeers(Optional.empty());

    private final Optional<Set<InetAddress>> allowed;

    private AllowedPeers(Optional<Set<InetAddress>> allowed) {
        this.allowed = allowed;
    }

    /** All peers. */
    public static AllowedPeers any() {
        return ANY;
    }

    /**
     * The peers of a list such as {@code 127.0.0.1,::1}; names are not resolved.
     *
     * @throws IllegalArgumentException if an entry is not an IP address
     */
    public static AllowedPeers of(String addresses) {
        return new AllowedPeers(
                Optional.of(
                        Arrays.stream(addresses.split(",", -1))
                                .map(address -> InetAddress.ofLiteral(address.strip()))
                                .collect(Collectors.toUnmodifiableSet())));
    }

    boolean include(SocketAddress peer) {
        return !(peer instanceof InetSocketAddress internet)
                || allowed.isEmpty()
                || allowed.get().contains(internet.getAddress());
    }
}
