package org.procmon.front.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.procmon.http.AddressRange;

/** The proxies that are believed when they name the client. Immutable. */
public final class TrustedProxies {
    /** Stands for all programs that connect to a Unix socket. */
    private static final String UNIX = "unix";

    private final List<AddressRange> ranges;
    private final boolean isUnixTrusted;

    /**
     * @param proxies addresses, networks such as {@code 10.0.0.0/8}, and {@code unix}
     */
    public TrustedProxies(List<String> proxies) {
        this.isUnixTrusted = proxies.contains(UNIX);
        this.ranges = proxies.stream().flatMap(one -> AddressRange.parse(one).stream()).toList();
    }

    /** Whether what is at the other end of a connection is one of them. */
    public boolean include(SocketAddress peer) {
        if (peer instanceof InetSocketAddress inet) {
            return inet.getAddress() != null && include(inet.getAddress());
        }
        return isUnixTrusted;
    }

    boolean include(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.includes(address));
    }
}
