package org.procmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonFormatTest {
    private static final long AT = 1_764_519_851_000L;

    private static LogLine line(String words, LogField... fields) {
        return new LogLine(AT, Level.WARN, "process", words, List.of(fields), null);
    }

    private static String json(LogLine line) {
        return new JsonFormat(LineTime.UTC).line(line);
    }

    /** As another parser reads it. */
    private static Map<String, String> parsed(LogLine line) {
        String text = json(line);
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        Map<String, String> all = new LinkedHashMap<>();
        try (JsonParser parser =
                JsonFactory.builder().build().createParser(ObjectReadContext.empty(), text)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                JsonToken token = parser.nextToken();
                String value = parser.getString();
                assertThat(all.put(key, token.isNumeric() ? value : "'" + value + "'")).isNull();
            }
            assertThat(parser.nextToken()).isNull();
        }
        return all;
    }

    @Test
    void writesOneObjectWithAllKeys() {
        assertThat(
                        json(
                                line(
                                        "{process} exited",
                                        LogField.of("process", "web"),
                                        LogField.of("code", 1),
                                        LogField.of("last", true),
                                        LogField.of("cause", "a \"b\""))))
                .isEqualTo(
                        "{\"time\":\"2025-11-30T16:24:11.000Z\",\"level\":\"warn\","
                                + "\"area\":\"process\",\"event\":\"exited\","
                                + "\"message\":\"web exited\",\"process\":\"web\",\"code\":1,"
                                + "\"last\":true,\"cause\":\"a \\\"b\\\"\"}\n");
    }

    @Test
    void keepsTheEventTheSameForEachProcess() {
        assertThat(line("restart {process} ok", LogField.of("process", "x")).event())
                .isEqualTo("restart ok");
        assertThat(line("{process} exited", LogField.of("process", "x")).event())
                .isEqualTo("exited");
    }

    @Test
    void staysParseableWithAnyCharacters() {
        String odd = "\u0000\n\"\\\u202e\ud800\ud83d\ude00";
        Map<String, String> parsed =
                parsed(line(odd, LogField.of("key", odd), LogField.of("time", "x")));
        assertThat(parsed)
                .containsEntry("key", "'" + odd + "'")
                .containsEntry("message", "'" + odd + "'")
                .containsEntry("time_", "'x'");
    }

    @Test
    void staysParseableWhenItIsCut() {
        LogField[] fields =
                IntStream.range(0, 50)
                        .mapToObj(i -> LogField.of("key" + i, "\n".repeat(5000)))
                        .toArray(LogField[]::new);
        LogLine line = line("event", fields);
        assertThat(parsed(line)).containsKeys("time", "key0").hasSizeLessThan(20);
        assertThat(json(line).getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(LineText.LONGEST);
    }

    @Test
    void holdsTheStackInAKey() {
        Map<String, String> parsed =
                parsed(
                        new LogLine(
                                AT,
                                Level.ERROR,
                                "control",
                                "bug",
                                List.of(),
                                new IllegalStateException("why")));
        assertThat(parsed.get("error")).isEqualTo("'java.lang.IllegalStateException: why'");
        assertThat(parsed.get("stack")).startsWith("'at org.procmon.log.JsonFormatTest.");
    }
}
