package org.procmon.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.procmon.cli.console.UsageException;
import org.procmon.control.protocol.StandardStream;

class OutputLineTest {
    private static final String NOON = "2026-11-20T12:00:00.500Z ";
    private static final long NOON_MS = Instant.parse(NOON.strip()).toEpochMilli();

    @Test
    void aTimeAtTheBeginningIsTheTimeOfTheLine() {
        OutputLine line = line(NOON + "hello", OptionalLong.empty());
        assertThat(line.millis()).hasValue(NOON_MS);
        assertThat(line.message()).isEqualTo("hello");
        assertThat(line.text()).isEqualTo(NOON + "hello");
    }

    @Test
    void aLineWithoutOneHasThatOfTheLineBefore() {
        assertThat(line("  at x", OptionalLong.of(7)).millis()).hasValue(7);
        assertThat(line("  at x", OptionalLong.of(7)).message()).isEqualTo("  at x");
        assertThat(line("2026-99-20T12:00:00.500Z x", OptionalLong.empty()).millis()).isEmpty();
    }

    @Test
    void aClockThatWasSetBackDoesNotChangeTheOrder() {
        assertThat(line(NOON + "x", OptionalLong.of(NOON_MS + 9)).millis()).hasValue(NOON_MS + 9);
    }

    @Test
    void streamsAreMergedByTimeAndUnknownTimesComeFirst() {
        List<OutputLine> lines =
                List.of(
                        line("2026-11-20T12:00:03.000Z c", OptionalLong.empty()),
                        line("more of c", OptionalLong.of(NOON_MS + 2500)),
                        line("2026-11-20T12:00:01.000Z b", OptionalLong.empty()),
                        line("unknown", OptionalLong.empty()));
        assertThat(LogsCommand.merged(lines))
                .extracting(OutputLine::message)
                .containsExactly("unknown", "b", "c", "more of c");
    }

    @Test
    void sinceIsADurationOrATime() throws UsageException {
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(LogChoice.time("1h", now)).isEqualTo(Instant.parse("2026-11-20T11:00:00Z"));
        assertThat(LogChoice.time("90s", now)).isEqualTo(Instant.parse("2026-11-20T11:58:30Z"));
        assertThat(LogChoice.time("2026-11-29T17:35:00Z", now))
                .isEqualTo(Instant.parse("2026-11-29T17:35:00Z"));
        assertThatThrownBy(() -> LogChoice.time("yesterday", now))
                .hasMessageStartingWith("'yesterday' is no time; one is 1h,");
    }

    private static OutputLine line(String text, OptionalLong before) {
        return OutputLine.of("web", StandardStream.STDOUT, text, before);
    }
}
