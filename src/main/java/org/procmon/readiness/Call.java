package org.procmon.readiness;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.posix.Endpoint;
import org.procmon.posix.Errno;
import org.procmon.spec.Probe;

/**
 * What is asked over a socket.
 *
 * @param place who is asked
 * @param attempt what could not be done if it fails, in words
 * @param request what is asked once there is a connection; empty if that is answer enough
 */
record Call(Place place, String attempt, Optional<HttpRequest> request) {
    private static final String LOCAL = "localhost";

    /** Who is asked. */
    sealed interface Place {
        record At(Endpoint endpoint) implements Place {}

        /** Has to be looked up, which takes its time, and may come out differently each time. */
        record Named(String host, int port) implements Place {
            /** Blocks; empty if there is no such host. */
            Optional<Endpoint> lookUp() {
                try {
                    return Optional.of(Endpoint.of(InetAddress.getByName(host), port));
                } catch (UnknownHostException _) {
                    return Optional.empty();
                }
            }
        }
    }

    static Call of(Probe.Tcp tcp) {
        String where = tcp.host().isEmpty() ? "port " : tcp.host() + ":";
        return new Call(
                place(tcp.host(), tcp.port()),
                "cannot connect to " + where + tcp.port(),
                Optional.empty());
    }

    static Call of(Probe.Unix unix) {
        Path socket = unix.socket();
        return new Call(
                new Place.At(Endpoint.of(socket)), "cannot connect to " + socket, Optional.empty());
    }

    static Call of(Probe.Http http) {
        HttpRequest request = new HttpRequest(http.url());
        return new Call(
                place(request.host(), request.port()),
                "cannot ask " + http.url(),
                Optional.of(request));
    }

    /** Needs no looking up: this machine, a number. Source: RFC 6761, section 6.3. */
    private static Place place(String host, int port) {
        if (host.isEmpty() || host.equalsIgnoreCase(LOCAL)) {
            return new Place.At(Endpoint.of(InetAddress.getLoopbackAddress(), port));
        }
        try {
            return new Place.At(Endpoint.of(InetAddress.ofLiteral(host), port));
        } catch (IllegalArgumentException _) {
            return new Place.Named(host, port);
        }
    }

    /** The complaint that it has failed. */
    Verdict failed(String reason) {
        return new Verdict.Bad(attempt + ": " + reason);
    }

    /** It has failed, perhaps for want of something that is not the run's to give. */
    Verdict failed(Errno errno) {
        return errno.isShortage()
                ? new Verdict.NotAsked(attempt + ": " + errno.words())
                : failed(errno.words());
    }
}
