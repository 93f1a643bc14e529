package org.procmon.front.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the file that the monitor writes for the HTTP front. Any thread; blocks. */
public final class FrontConfigReader {
    /** Much more than a thousand applications need. */
    private static final int LARGEST = 16 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .build();

    private FrontConfigReader() {}

    /**
     * Reads a configuration.
     *
     * @throws IOException with the reason, for people
     */
    public static FrontConfig read(Path file) throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new IOException("it has more than " + LARGEST + " bytes");
        }
        try {
            return MAPPER.readValue(bytes, FrontConfig.class);
        } catch (JacksonException e) {
            throw new IOException(e.getOriginalMessage(), e);
        }
    }
}
