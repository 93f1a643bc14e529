package org.procmon.config.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How clients of the HTTP front come in.
 *
 * @param tls the certificate of the TCP sockets; empty for none, and no TLS
 * @param auth who may use the routes that ask for it; empty if none can ask
 * @param trustedProxies the addresses and networks of proxies that are believed when they name the
 *     client
 */
public record HttpAccess(Optional<Tls> tls, Optional<Auth> auth, List<String> trustedProxies) {
    /** Stands for the proxies that connect to a Unix socket. */
    public static final String UNIX = "unix";

    public HttpAccess {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Everybody, without TLS. */
    public static final HttpAccess OPEN =
            new HttpAccess(Optional.empty(), Optional.empty(), List.of());

    /**
     * A certificate and its private key, in PEM files.
     *
     * @param certificate with those that lead to its root
     * @param key perhaps the same file
     * @param isHanded whether the monitor opens them, since another user serves
     */
    public record Tls(Path certificate, Path key, boolean isHanded) {}

    /**
     * The files that say who may come in; at least one.
     *
     * @param users users and their hashed passwords
     * @param tokens hashed tokens of programs
     * @param session how long a browser stays logged in
     */
    public record Auth(Optional<Path> users, Optional<Path> tokens, Duration session) {
        public static final Duration USUAL_SESSION = Duration.ofHours(12);
    }
}
