package org.procmon.config.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;

/**
 * The key {@code http}.
 *
 * @param listen the sockets, which the monitor opens; at least one
 * @param hosts names by which browsers may know this machine, in lower case, besides its own
 * @param routes in the order in which they are tried
 * @param access how clients come in
 * @param limits what clients may use
 * @param accessLog how requests are logged; empty for not at all
 * @param sendable the folders whose files applications may have the front send
 * @param compress whether text is compressed for clients that accept it
 */
public record HttpSpec(
        List<ListenSpec> listen,
        Set<String> hosts,
        List<HttpRoute> routes,
        HttpAccess access,
        HttpLimits limits,
        Optional<AccessLog> accessLog,
        List<Path> sendable,
        boolean compress) {
    /** The name of the process that serves it. */
    public static final String PROCESS = "http";

    /** The most sockets. */
    public static final int MOST_SOCKETS = 16;

    /** The descriptor on which the process says that it serves; above those of the sockets. */
    public static final int READY_DESCRIPTOR = 40;

    /** Names could lead elsewhere. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|::1|\\[::1]|127\\.\\d+\\.\\d+\\.\\d+");

    /** How a request is written to the access log. */
    public enum AccessLog {
        COMBINED,
        JSON
    }

    /** Whether one of these sockets can be reached from elsewhere. */
    public static boolean isOpen(List<ListenSpec> sockets) {
        return sockets.stream()
                .anyMatch(one ->
                        switch (one.address()) {
                            case PoolAddress.TcpPort(String host, int _) ->
                                    !LOOPBACK.matcher(host).matches();
                            case PoolAddress.FromSystemd _ -> true;
                            case PoolAddress.UnixPath _, PoolAddress.AbstractName _ -> false;
                        });
    }

    public HttpSpec {
        listen = List.copyOf(listen);
        hosts = Set.copyOf(hosts);
        routes = List.copyOf(routes);
        sendable = List.copyOf(sendable);
    }
}
