package org.procmon.output.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.posix.Buffer;

class TimestampFormatTest {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z '").withZone(ZoneOffset.UTC);

    private final Buffer buffer = new Buffer(TimestampFormat.LENGTH);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00.000Z",
                "2000-02-29T23:59:59.999Z",
                "2024-02-29T12:00:00.001Z",
                "2024-03-01T00:00:00.000Z",
                "2026-12-31T23:59:59.999Z",
                "2100-02-28T23:59:59.999Z",
                "2100-03-01T00:00:00.000Z"
            })
    void aMomentIsWrittenAsRfc3339(String moment) {
        assertThat(stamp(Instant.parse(moment).toEpochMilli())).isEqualTo(moment + " ");
    }

    @Test
    void everyOtherMomentToo() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long millis = random.nextLong(4_102_444_800_000L * 10);
            assertThat(stamp(millis)).isEqualTo(FORMAT.format(Instant.ofEpochMilli(millis)));
        }
    }

    private String stamp(long millis) {
        TimestampFormat.write(buffer, 0, millis);
        byte[] bytes = new byte[TimestampFormat.LENGTH];
        buffer.copyTo(bytes, 0, TimestampFormat.LENGTH);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
