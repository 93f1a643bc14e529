package org.procmon.config.reader;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.ByteText;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.SocketSharing;

/** Checks that the kernel takes the addresses of all pools, and that they differ. */
final class AddressCheck {
    /** The longest path of a Unix socket, in bytes; source: unix(7). */
    private static final int LONGEST = 107;

    /** More sockets than a monitor could open. */
    private static final int MOST = 100_000;

    /** All IPv6 addresses, and all addresses. */
    private static final String ALL = "0:0:0:0:0:0:0:0";

    private static final String ALL_IP4 = "0.0.0.0";

    /** For a port that is taken at some address. */
    private static final String ANY = "*";

    /** For a port that is taken at some address that is not of IPv6. */
    private static final String ANY_IP4 = "*4";

    /** What listens at an address. */
    private record Taken(String pool, int offset) {}

    private final Map<String, Taken> taken = new HashMap<>();

    /** The sockets of all pools. */
    private int count;

    /**
     * Adds a pool.
     *
     * @param spec of the entry, perhaps scaled
     * @param problems get what is wrong with it
     */
    void add(PoolEntry entry, PoolSpec spec, Problems problems) {
        int sockets = spec.sharing() == SocketSharing.SHARED ? 1 : spec.workers().max();
        boolean wasFull = count > MOST;
        count = Math.min(MOST + 1, count + sockets);
        if (count > MOST) {
            if (!wasFull) {
                problems.add(
                        entry.listenOffset(),
                        "all pools together have more than " + MOST + " sockets");
            }
            return;
        }
        // The last one has the longest address and the highest port.
        if (fits(entry, spec, sockets, problems)) {
            for (int worker = 1; worker <= sockets; worker++) {
                if (!isFree(entry, spec.id(), spec.address(worker), problems)) {
                    return;
                }
            }
        }
    }

    private static boolean fits(PoolEntry entry, PoolSpec spec, int last, Problems problems) {
        String complaint =
                switch (spec.address(last)) {
                    case PoolAddress.UnixPath unix -> length("path", BytePath.text(unix.path()));
                    case PoolAddress.AbstractName name -> length("name", name.name());
                    case PoolAddress.TcpPort tcp ->
                            tcp.port() <= PoolAddress.TcpPort.LAST
                                    ? ""
                                    : String.format(
                                            Locale.ROOT,
                                            "worker %d of '%s' would have the port %d; the highest"
                                                    + " is %d",
                                            last,
                                            Problems.shown(spec.id()),
                                            tcp.port(),
                                            PoolAddress.TcpPort.LAST);
                    case PoolAddress.FromSystemd _ -> "";
                };
        if (!complaint.isEmpty()) {
            problems.add(entry.listenOffset(), complaint);
        }
        return complaint.isEmpty();
    }

    private static String length(String what, String text) {
        int bytes = ByteText.encode(text).length;
        return bytes <= LONGEST
                ? ""
                : "the "
                        + what
                        + " in 'listen' has "
                        + bytes
                        + " bytes; that of a Unix socket has at most "
                        + LONGEST;
    }

    private boolean isFree(PoolEntry entry, String pool, PoolAddress address, Problems problems) {
        for (String key : clashing(address)) {
            Taken other = taken.get(key);
            if (other != null) {
                problems.add(
                        entry.listenOffset(),
                        () ->
                                "'"
                                        + Problems.shown(pool)
                                        + "' listens where '"
                                        + Problems.shown(other.pool())
                                        + "' in "
                                        + problems.where(other.offset(), entry.listenOffset())
                                        + " listens: "
                                        + shown(address));
                return false;
            }
        }
        Taken own = new Taken(pool, entry.listenOffset());
        keys(address).forEach(key -> taken.putIfAbsent(key, own));
        return true;
    }

    /** The keys under which an address is taken. */
    private static List<String> keys(PoolAddress address) {
        return switch (address) {
            case PoolAddress.UnixPath unix -> List.of(BytePath.text(unix.path().normalize()));
            case PoolAddress.AbstractName name -> List.of("@" + name.name());
            case PoolAddress.FromSystemd systemd -> List.of("systemd:" + systemd.name());
            case PoolAddress.TcpPort tcp -> {
                String host = canonical(tcp.host());
                String port = ":" + tcp.port();
                yield isIp6(host)
                        ? List.of(host + port, ANY + port)
                        : List.of(host + port, ANY + port, ANY_IP4 + port);
            }
        };
    }

    /** The keys of which none may be taken yet. */
    private static List<String> clashing(PoolAddress address) {
        if (!(address instanceof PoolAddress.TcpPort tcp)) {
            return keys(address);
        }
        String host = canonical(tcp.host());
        String port = ":" + tcp.port();
        // Linux gives IPv4 clients to a socket of all IPv6 addresses too.
        return switch (host) {
            case ALL -> List.of(ANY + port);
            case ALL_IP4 -> List.of(ALL + port, ANY_IP4 + port);
            default ->
                    isIp6(host)
                            ? List.of(ALL + port, host + port)
                            : List.of(ALL + port, ALL_IP4 + port, host + port);
        };
    }

    private static boolean isIp6(String canonical) {
        return canonical.indexOf(':') >= 0 && !canonical.equals(ALL);
    }

    /** The same text for the same host, as far as can be known without looking it up. */
    private static String canonical(String host) {
        if (host.isEmpty()) {
            return ALL;
        }
        if (host.equalsIgnoreCase("localhost")) {
            return "127.0.0.1";
        }
        return HostText.address(host)
                .map(InetAddress::getHostAddress)
                .orElse(host.toLowerCase(Locale.ROOT));
    }

    private static String shown(PoolAddress address) {
        return address instanceof PoolAddress.TcpPort tcp
                ? "port " + tcp.port()
                : Problems.shown(keys(address).getFirst());
    }
}
