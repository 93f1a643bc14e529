package org.procmon.config;

import java.net.URI;
import java.nio.file.Path;

/** How a process is asked whether it works. */
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
     * @param url of {@code http} or {@code https}
     * @param insecure whether any certificate will do
     */
    record Http(URI url, boolean insecure) implements Probe {
        /** Whose certificate, if it shows one, has to be good. */
        public Http(URI url) {
            this(url, false);
        }

        public boolean isEncrypted() {
            return url.getScheme().equals("https");
        }
    }

    /** This program, run as the process itself is, ends with code 0. */
    record Run(Exec exec) implements Probe {}
}
