package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What is written is JSON for everybody, and what is read is what was written. */
class RecordWriterTest {
    private final RecordWriter written = new RecordWriter();

    @Test
    void anyTextComesBackFromAsciiAlsoHalfASurrogatePair() throws CorruptRecord {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            all.append((char) c);
        }
        written.beginRecord();
        written.text("text", all.toString());
        written.end();

        assertThat(text()).matches("[ -~]+");
        assertThat(fields().text("text")).isEqualTo(all.toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 9, 10, -10, 99, 100, 4711, Long.MAX_VALUE, Long.MIN_VALUE})
    void anyNumberComesBack(long number) throws CorruptRecord {
        written.beginRecord();
        written.number("number", number);
        written.end();

        assertThat(text()).isEqualTo("{\"number\":" + number + "}");
        assertThat(fields().whole("number")).isEqualTo(number);
    }

    @Test
    void separatesNestedValues() {
        writeNested();

        assertThat(text())
                .isEqualTo(
                        "{\"a\":{},\"b\":[],\"c\":[{\"d\":1},{\"d\":2}],\"e\":[\"x\",\"y\"],\"f\":true,\"g\":null}");
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text())) {
            int tokens = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                tokens++;
            }
            assertThat(tokens).isEqualTo(28);
        }
    }

    @Test
    void aLaterRecordHasNothingOfTheOneBefore() {
        writeNested();
        written.beginRecord();
        written.flag("last", false);
        written.end();

        assertThat(text()).isEqualTo("{\"last\":false}");
    }

    @Test
    void theShortEscapesAreReadToo() throws CorruptRecord {
        String escapes = "{\"text\":\"a\\b\\f\\n\\r\\t\\\"\\\\\\u00e9z\"}";
        RecordReader recordReader = new RecordReader(escapes.getBytes(StandardCharsets.US_ASCII));
        recordReader.begin();

        assertThat(recordReader.text("text")).isEqualTo("a\b\f\n\r\t\"\\\u00e9z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"",
                "{\"text\":\"\\",
                "{\"text\":\"\\u00e",
                "{\"text",
                "{",
                "{\"text\":"
            })
    void reportsATruncatedRecord(String start) {
        assertThatThrownBy(
                        () -> {
                            RecordReader recordReader =
                                    new RecordReader(start.getBytes(StandardCharsets.US_ASCII));
                            recordReader.begin();
                            recordReader.text("text");
                        })
                .isInstanceOf(CorruptRecord.class)
                .hasMessage("it ends too early");
    }

    private void writeNested() {
        written.beginRecord();
        written.begin("a");
        written.end();
        written.beginArray("b");
        written.endArray();
        written.beginArray("c");
        for (int i = 1; i <= 2; i++) {
            written.begin();
            written.number("d", i);
            written.end();
        }
        written.endArray();
        written.beginArray("e");
        written.text("x");
        written.text("y");
        written.endArray();
        written.flag("f", true);
        written.none("g");
        written.end();
    }

    private String text() {
        return new String(written.bytes(), 0, written.size(), StandardCharsets.UTF_8);
    }

    private RecordReader fields() throws CorruptRecord {
        RecordReader recordReader =
                new RecordReader(Arrays.copyOf(written.bytes(), written.size()));
        recordReader.begin();
        return recordReader;
    }
}
