package org.procmon.spec;

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

    /** It answers an HTTP request with a status from 200 to 399. */
    record Http(URI url) implements Probe {}

    /** This program, run as the process itself is, ends with code 0. */
    record Run(Exec exec) implements Probe {}
}
