package org.procmon.config;

import java.net.URI;
import java.nio.file.Path;

/** How to probe whether a process works. */
public sealed interface Probe {
    /**
     * It accepts a TCP connection.
     *
     * @param host a name or an address; this machine's own loopback address when empty
     */
    record Tcp(String host, int port) implements Probe {}

    /** It accepts a connection to a Unix socket. */
    record Unix(Path socket) implements Probe {}

    /**
     * It answers an HTTP request with a status from 200 to 399.
     *
     * @param url an {@code http} or {@code https} URL
     * @param insecure whether to accept any certificate
     */
    record Http(URI url, boolean insecure) implements Probe {
        /** A server certificate, if there is one, must be valid. */
        public Http(URI url) {
            this(url, false);
        }

        public boolean isEncrypted() {
            return url.getScheme().equals("https");
        }
    }

    /** This program, run like the process itself, exits with code 0. */
    record Run(Exec exec) implements Probe {}
}
