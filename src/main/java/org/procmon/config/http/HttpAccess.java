package org.procmon.config.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How clients of the HTTP front come in.
 *
 * @param tls the certificate of the TCP sockets; empty for none, and no TLS
 */
public record HttpAccess(Optional<Tls> tls) {
    /** Everybody, without TLS. */
    public static final HttpAccess OPEN = new HttpAccess(Optional.empty());

    /**
     * A certificate and its private key, in PEM files.
     *
     * @param certificate with those that lead to its root
     * @param key perhaps the same file
     * @param isHanded whether the monitor opens them, since another user serves
     */
    public record Tls(Path certificate, Path key, boolean isHanded) {}
}
