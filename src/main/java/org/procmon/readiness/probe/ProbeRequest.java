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
 * What is asked over a socket.
 *
 * @param place who is asked
 * @param attempt what could not be done if it fails, in words
 * @param request what is asked once there is a connection; empty if that is answer enough
 */
record ProbeRequest(Place place, String attempt, Optional<HttpProbeRequest> request) {
    private static final String LOCAL = "localhost";

    /** Both loopback addresses; which of them a server listens on is its own business. */
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    /** Who is asked. */
    sealed interface Place {
        /** Several are tried in this order until one answers. */
        record At(List<Endpoint> endpoints) implements Place {}

        /** Has to be looked up, which takes its time, and may come out differently each time. */
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
     * The addresses of what needs no looking up: this machine, a number; empty for all else.
     * Source: RFC 6761, section 6.3.
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

    /** The complaint that it has failed. */
    ProbeResult failed(String reason) {
        return new ProbeResult.Bad(attempt + ": " + reason);
    }

    /** It has failed, perhaps for want of something that is not the run's to give. */
    ProbeResult failed(Errno errno) {
        return errno.isShortage()
                ? new ProbeResult.NotAsked(attempt + ": " + errno.words())
                : failed(errno.words());
    }

    /** Nobody could say in time what the addresses of a host are, which is not the run's fault. */
    static ProbeResult notFound(String host, String within) {
        return new ProbeResult.NotAsked("cannot look up " + host + ": no answer within " + within);
    }
}
