package org.procmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

class TextFormatTest {
    private static final long AT = 1_764_519_851_042L;

    private static LogLine line(String words, LogField... fields) {
        return new LogLine(AT, Level.WARN, "process", words, List.of(fields), null);
    }

    private static String text(LogLine line) {
        return new TextFormat(LineTime.UTC).line(line);
    }

    private static String value(@Nullable Object value) {
        String text = text(line("event", LogField.of("key", value)));
        assertThat(text).startsWith("2025-11-30T16:24:11.042Z WARN process: event key=");
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        return text.strip().substring(text.indexOf('=') + 1);
    }

    @Test
    void writesTheProcessAmongTheWordsAndOtherKeysAfterThem() {
        assertThat(
                        text(
                                line(
                                        "{process} exited",
                                        LogField.of("process", "web"),
                                        LogField.of("code", 1))))
                .isEqualTo("2025-11-30T16:24:11.042Z WARN process: web exited code=1\n");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "plain,plain",
                "/run/a-b_c:d@e.sock,/run/a-b_c:d@e.sock",
                "two words,`\"two words\"`",
                "a=b,`\"a=b\"`",
                "say \"no\",`\"say \\\"no\\\"\"`",
                "back\\slash,`\"back\\\\slash\"`",
                "größe,größe"
            })
    void quotesAsLogfmtDoes(String value, String expected) {
        assertThat(value(value)).isEqualTo(expected);
    }

    @Test
    void escapesControlAndFormatCharacters() {
        assertThat(value("a\nb\tc\u001b[2Jd\u202ee\u2028f\ud800g"))
                .isEqualTo("\"a\\nb\\tc\\u001b[2Jd\\u202ee\\u2028f\\ud800g\"");
        assertThat(value("")).isEqualTo("\"\"");
        assertThat(value(null)).isEqualTo("null");
    }

    @Test
    void escapesTheWordsToo() {
        assertThat(text(line("a\nb"))).endsWith(" process: a\\nb\n");
    }

    @Test
    void quotesAProcessThatLooksLikeAKey() {
        LogField name = LogField.of("process", "web ok user=root");
        assertThat(text(line("stop {process} ok", name)))
                .endsWith(" process: stop \"web ok user=root\" ok\n");
        assertThat(text(line("stop {process} ok", LogField.of("process", "web db"))))
                .endsWith(" process: stop web db ok\n");
        assertThat(text(line("stop {process}, {other}", LogField.of("process", "{process}"))))
                .endsWith(" process: stop {process}, {other}\n");
    }

    @Test
    void boundsALineInBytes() {
        LogField[] fields =
                IntStream.range(0, 50)
                        .mapToObj(i -> LogField.of("key" + i, "\u0001\ud83d\ude00".repeat(5000)))
                        .toArray(LogField[]::new);
        String text = text(line("event", fields));
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(3000, LineText.LONGEST);
        assertThat(text).contains("...").endsWith("\n");
        assertThat(text.codePoints()).doesNotContain(0xfffd);
    }

    @Test
    void writesTheStackInLinesThatBeginWithATab() {
        LogLine line =
                new LogLine(
                        AT,
                        Level.ERROR,
                        "control",
                        "bug",
                        List.of(),
                        new IllegalStateException("no\nway"));
        List<String> lines = text(line).lines().toList();
        assertThat(lines.getFirst())
                .endsWith(
                        " ERROR control: bug error=\"java.lang.IllegalStateException: no\\nway\"");
        assertThat(lines).hasSizeBetween(3, 61);
        assertThat(lines.subList(1, lines.size())).allMatch(l -> l.startsWith("\t"));
        assertThat(lines).anyMatch(l -> l.startsWith("\tat org.procmon.log.TextFormatTest."));
    }

    @Test
    void leavesTheTimeToSystemdAndGivesAPriority() {
        TextFormat format = new TextFormat(LineTime.JOURNAL);
        assertThat(format.line(line("event"))).isEqualTo("<4>WARN process: event\n");
        LogLine failed =
                new LogLine(AT, Level.ERROR, "a", "event", List.of(), new RuntimeException());
        assertThat(format.line(failed).lines()).allMatch(l -> l.startsWith("<3>"));
    }

    @Test
    void showsPeopleTheLocalTimeOfDay() {
        assertThat(LineTime.local(AT, ZoneId.of("Asia/Kolkata"))).isEqualTo("21:54:11");
        assertThat(new TextFormat(LineTime.LOCAL).line(line("event")))
                .matches("\\d\\d:\\d\\d:\\d\\d WARN process: event\n");
    }
}
