package org.procmon.readiness.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.config.Probe;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Errno;

/**
 * A probe over a socket.
 *
 * @param place the server to connect to
 * @param attempt the action that failed, in words, for a complaint
 * @param request the request to send on the connection; empty if connecting is enough
 */
record ProbeRequest(Place place, String attempt, Optional<HttpProbeRequest> request) {
    private static final String LOCAL = "localhost";

    /** Both loopback addresses; a server may listen on either. */
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    /** The server to connect to. */
    sealed interface Place {
        /** Known addresses, tried in this order until one answers. */
        record At(List<Endpoint> endpoints) implements Place {}

        /** A host name. A lookup takes time, and its result may change. */
        record Named(String host, int port) implements Place {
            /** All its addresses; blocks. Empty if there is no such host. */
            List<Endpoint> lookUp() {
                try {
                    return endpoints(List.of(InetAddress.getAllByName(host)), port);
                } catch (UnknownHostException _) {
                    return List.of();
                }
            }
        }
    }

    private static List<Endpoint> endpoints(List<InetAddress> addresses, int port) {
        List<Endpoint> endpoints = new ArrayList<>(addresses.size());
        addresses.forEach(address -> endpoints.add(Endpoint.of(address, port)));
        return endpoints;
    }

    static ProbeRequest of(Probe.Tcp tcp) {
        String where = tcp.host().isEmpty() ? "port " : tcp.host() + ":";
        return new ProbeRequest(
                place(tcp.host(), tcp.port()),
                "cannot connect to " + where + tcp.port(),
                Optional.empty());
    }

    static ProbeRequest of(Probe.Unix unix) {
        Path socket = unix.socket();
        return new ProbeRequest(
                new Place.At(List.of(Endpoint.of(socket))),
                "cannot connect to " + socket,
                Optional.empty());
    }

    static ProbeRequest of(Probe.Http http) {
        HttpProbeRequest request = new HttpProbeRequest(http.url());
        return new ProbeRequest(
                place(request.host(), request.port()),
                "cannot ask " + http.url(),
                Optional.of(request));
    }

    private static Place place(String host, int port) {
        Optional<List<InetAddress>> known = known(host);
        return known.isPresent()
                ? new Place.At(endpoints(known.get(), port))
                : new Place.Named(host, port);
    }

    /**
     * The addresses of a host that needs no lookup: this machine or a numeric address; empty for
     * any other. Source: RFC 6761, section 6.3.
     */
    static Optional<List<InetAddress>> known(String host) {
        if (host.isEmpty() || host.equalsIgnoreCase(LOCAL)) {
            return Optional.of(LOOPBACK);
        }
        try {
            return Optional.of(List.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The complaint about a failure. */
    ProbeResult failed(String reason) {
        return new ProbeResult.Bad(attempt + ": " + reason);
    }

    /**
     * The result of a failure, which may be a shortage on this machine that is not the run's fault.
     */
    ProbeResult failed(Errno errno) {
        return errno.isShortage()
                ? new ProbeResult.NotAsked(attempt + ": " + errno.words())
                : failed(errno.words());
    }

    /** The addresses of a host were not found in time, which is not the run's fault. */
    static ProbeResult notFound(String host, String within) {
        return new ProbeResult.NotAsked("cannot look up " + host + ": no answer within " + within);
    }
}
