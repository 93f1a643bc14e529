package org.procmon.front.config;

import java.nio.file.Path;
import org.procmon.bytes.BytePath;

/**
 * The certificate that the HTTP front shows on its TCP sockets.
 *
 * @param certificate a PEM file: its own certificate, then those that lead to the root
 * @param key a PEM file with its private key; may be the same one
 */
public record FrontTls(String certificate, String key) {
    public Path certificateFile() {
        return BytePath.of(certificate);
    }

    public Path keyFile() {
        return BytePath.of(key);
    }
}
