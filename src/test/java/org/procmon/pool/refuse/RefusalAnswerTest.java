package org.procmon.pool.refuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.procmon.fastcgi.wire.RecordParser;
import org.procmon.fastcgi.wire.Records;

class RefusalAnswerTest {
    private static final String TEXT =
            """
            Status: 503 Service Unavailable\r
            Retry-After: 5\r
            Cache-Control: no-store\r
            Content-Type: text/plain\r
            Content-Length: 6\r
            \r
            Busy.
            """;

    private final RefusalAnswer answer = new RefusalAnswer(Duration.ofSeconds(5), "Busy.");

    private static byte[] content(byte[] records) {
        return Arrays.copyOfRange(records, 8, 8 + TEXT.length());
    }

    /** Source: FastCGI specification, sections 3.3 and 5.5. */
    @Test
    void itHasTheseBytes() {
        byte[] records = answer.records(0x102);

        int length = TEXT.length();
        ByteBuffer wanted = ByteBuffer.allocate(8 + length + 8 + 16);
        wanted.put(new byte[] {1, 6, 1, 2, 0, (byte) length, 0, 0})
                .put(TEXT.getBytes(UTF_8))
                .put(new byte[] {1, 6, 1, 2, 0, 0, 0, 0})
                .put(new byte[] {1, 3, 1, 2, 0, 8, 0, 0})
                .put(new byte[8]);
        assertThat(records).isEqualTo(wanted.array());
    }

    @Test
    void ourOwnParserReadsIt() throws Exception {
        ByteBuffer in = ByteBuffer.wrap(answer.records(1));
        RecordParser parser = new RecordParser();
        byte[] content = new byte[TEXT.length()];

        assertThat(parser.nextHeader(in)).isTrue();
        assertThat(parser.type()).isEqualTo(Records.STDOUT);
        assertThat(parser.requestId()).isEqualTo(1);
        assertThat(parser.take(in, content, 0, content.length)).isEqualTo(content.length);
        assertThat(new String(content, UTF_8)).isEqualTo(TEXT);
        assertThat(parser.nextHeader(in)).isTrue();
        assertThat(parser.type()).isEqualTo(Records.STDOUT);
        assertThat(parser.contentLeft()).as("the end of the output").isZero();
        assertThat(parser.nextHeader(in)).isTrue();
        assertThat(parser.type()).isEqualTo(Records.END_REQUEST);
        assertThat(parser.nextHeader(in)).as("more").isFalse();
    }

    @Test
    void theTimeToRetryIsAtLeastASecondAndTheLengthIsInBytes() {
        byte[] records = new RefusalAnswer(Duration.ofMillis(1), "Größe").records(1);

        assertThat(new String(records, UTF_8))
                .contains("\r\nRetry-After: 1\r\n")
                .contains("\r\nContent-Length: 8\r\n\r\nGröße\n");
        assertThat(content(answer.records(1))).isEqualTo(TEXT.getBytes(UTF_8));
    }
}
