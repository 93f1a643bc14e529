package org.procmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class RepeatFilterTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RepeatFilter filter = new RepeatFilter();
    private final List<String> written = new ArrayList<>();
    private long now = Long.MAX_VALUE - 30 * SECOND;

    private static LogLine line(Level level, String process, String event) {
        return new LogLine(
                0,
                level,
                "process",
                "{process} " + event,
                List.of(LogField.of("process", process), LogField.of("code", 1)),
                null);
    }

    /** Logs as the log does: what is due first. */
    private void log(Level level, String process, String event) {
        writeDue();
        LogLine line = line(level, process, event);
        if (filter.admits(line, now)) {
            write(line);
        }
    }

    private void writeDue() {
        filter.due(now, 0).forEach(this::write);
    }

    private void write(LogLine line) {
        written.add(new TextFormat(LineTime.JOURNAL).line(line).strip());
    }

    private void crash() {
        log(Level.WARN, "crasher", "exited");
    }

    private void pass(int seconds) {
        now += seconds * SECOND;
    }

    private List<String> taken() {
        List<String> lines = List.copyOf(written);
        written.clear();
        return lines;
    }

    @Test
    void writesTheFirstLinesAndThenOneAMinute() {
        for (int i = 0; i < 63; i++) {
            crash();
            pass(1);
        }
        crash();
        List<String> lines = taken();
        assertThat(lines).hasSize(RepeatFilter.FIRST + 1);
        assertThat(lines.subList(0, RepeatFilter.FIRST))
                .containsOnly("<4>WARN process: crasher exited code=1");
        assertThat(lines.getLast())
                .isEqualTo("<4>WARN process: crasher exited code=1 repeated=55 seconds=60");
    }

    @Test
    void writesTheEndOfASeries() {
        for (int i = 0; i < 10; i++) {
            crash();
        }
        pass(60);
        writeDue();
        assertThat(taken()).hasSize(RepeatFilter.FIRST + 1);
        pass(59);
        writeDue();
        assertThat(taken()).isEmpty();
        pass(1);
        writeDue();
        assertThat(taken())
                .containsExactly(
                        "<6>INFO process: crasher repetition ended of=exited total=10 seconds=120");
        assertThat(filter.nextDue()).isEmpty();
        crash();
        assertThat(taken()).containsExactly("<4>WARN process: crasher exited code=1");
    }

    @Test
    void writesTheRemainingCountAtExit() {
        for (int i = 0; i < 8; i++) {
            crash();
        }
        taken();
        pass(7);
        filter.end(now, 0).forEach(this::write);
        assertThat(taken())
                .containsExactly("<4>WARN process: crasher exited code=1 repeated=3 seconds=7");
        assertThat(filter.nextDue()).isEmpty();
    }

    @Test
    void doesNotFoldRareEvents() {
        for (int i = 0; i < 50; i++) {
            crash();
            pass(15);
        }
        assertThat(taken()).hasSize(50);
    }

    @Test
    void foldsEachProcessAndEventByItself() {
        for (int i = 0; i < 20; i++) {
            crash();
        }
        log(Level.WARN, "other", "exited");
        log(Level.ERROR, "crasher", "failed");
        assertThat(taken())
                .hasSize(RepeatFilter.FIRST + 2)
                .endsWith(
                        "<4>WARN process: other exited code=1",
                        "<3>ERROR process: crasher failed code=1");
    }

    @Test
    void leavesOutOtherLinesOfAProcessOnlyWhileItsSeriesIsFolded() {
        for (int i = 0; i < RepeatFilter.FIRST; i++) {
            crash();
            log(Level.INFO, "crasher", "running");
        }
        assertThat(taken()).hasSize(2 * RepeatFilter.FIRST);
        crash();
        log(Level.INFO, "crasher", "running");
        log(Level.INFO, "other", "running");
        assertThat(taken()).containsExactly("<6>INFO process: other running code=1");
        pass(60);
        writeDue();
        pass(60);
        log(Level.INFO, "crasher", "running");
        assertThat(taken()).hasSize(3).endsWith("<6>INFO process: crasher running code=1");
    }

    @Test
    void foldsAProcessThatSucceedsInALoop() {
        for (int i = 0; i < 50; i++) {
            log(Level.INFO, "once", "exited");
            log(Level.INFO, "once", "running");
        }
        assertThat(taken()).hasSize(2 * RepeatFilter.FIRST);
        pass(60);
        writeDue();
        assertThat(taken())
                .containsExactly("<6>INFO process: once exited code=1 repeated=45 seconds=60");
    }

    @Test
    void neverFoldsLinesWithoutAProcess() {
        LogLine line = new LogLine(0, Level.WARN, "control", "refused", List.of(), null);
        for (int i = 0; i < 50; i++) {
            assertThat(filter.admits(line, now)).isTrue();
        }
        assertThat(filter.nextDue()).isEmpty();
    }

    @Test
    void keepsABoundedNumberOfSeries() {
        for (int i = 0; i < RepeatFilter.MOST_SERIES; i++) {
            log(Level.WARN, "p" + i, "exited");
        }
        taken();
        for (int i = 0; i < 20; i++) {
            log(Level.WARN, "one-more", "exited");
        }
        assertThat(taken()).hasSize(20);
        pass(60);
        writeDue();
        for (int i = 0; i < 20; i++) {
            log(Level.WARN, "one-more", "exited");
        }
        assertThat(taken()).hasSize(RepeatFilter.FIRST);
    }
}
