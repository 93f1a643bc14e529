package org.procmon.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Changes records as only somebody who knows their format could. */
final class Journals {
    private static final String TRAILER = ",\"crc32\":\"";

    private Journals() {}

    /** Replaces a part of a record, and its checksum with it. */
    static void forge(Path record, String part, String replacement) throws IOException {
        String text = Files.readString(record);
        String body = text.substring(0, text.lastIndexOf(TRAILER));
        if (!body.contains(part)) {
            throw new IllegalArgumentException("no '" + part + "' in " + text);
        }
        String forged = body.replace(part, replacement);
        CRC32 crc = new CRC32();
        crc.update(forged.getBytes(StandardCharsets.US_ASCII));
        Files.writeString(record, forged + TRAILER + "%08x\"}".formatted(crc.getValue()));
    }
}
