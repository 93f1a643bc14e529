package org.procmon.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.event.Level;

/**
 * Folds repeated events of a process, such as those of one that crashes in a loop. The first lines
 * of a series are written as they are; after that one line a period says how often the event was
 * repeated. Once a period passes without it, the end of the series is written. While a series is
 * folded, other lines of the same process and area below a warning are left out, since each
 * repetition brings its own. Times are in nanoseconds of a clock that only moves forward. Not
 * thread-safe.
 */
final class RepeatFilter {
    /** The lines of a series that are written as they are. */
    static final int FIRST = 5;

    static final Duration PERIOD = Duration.ofMinutes(1);

    /** The most series at a time; of further ones each line is written. */
    static final int MOST_SERIES = 1000;

    private record Source(String area, String process) {}

    private record Key(Source source, String event) {}

    private static final class Series {
        private final long begun;
        private long periodStart;
        private long total;
        private long repeated;
        private LogLine latest;

        private Series(LogLine first, long now) {
            begun = now;
            periodStart = now;
            latest = first;
        }

        private boolean isFolded() {
            return total > FIRST;
        }
    }

    /** In the order in which their periods end. */
    private final Map<Key, Series> all = new LinkedHashMap<>();

    /** How many series of a process are folded. */
    private final Map<Source, Integer> folded = new HashMap<>();

    /** Whether a line is to be written now. */
    boolean admits(LogLine line, long now) {
        Optional<String> process = line.value(LogLine.PROCESS);
        if (process.isEmpty()) {
            return true;
        }
        Source source = new Source(line.area(), process.get());
        Key key = new Key(source, line.event());
        Series series = all.get(key);
        boolean isKnown = series != null && series.isFolded();
        if (!isKnown && line.level().toInt() < Level.WARN.toInt() && folded.containsKey(source)) {
            return false;
        }
        if (series == null) {
            if (all.size() == MOST_SERIES) {
                return true;
            }
            series = new Series(line, now);
            all.put(key, series);
        }
        series.total++;
        series.latest = line;
        if (!series.isFolded()) {
            return true;
        }
        if (series.total == FIRST + 1) {
            folded.merge(source, 1, Integer::sum);
        }
        series.repeated++;
        return false;
    }

    /** When {@link #due} has something to do; empty if there is no series. */
    OptionalLong nextDue() {
        return all.values().stream()
                .mapToLong(series -> series.periodStart + PERIOD.toNanos())
                .findFirst();
    }

    /** What there is to write about series whose period is over. */
    List<LogLine> due(long now, long wallMillis) {
        List<LogLine> lines = new ArrayList<>();
        while (!all.isEmpty()) {
            Map.Entry<Key, Series> first = all.entrySet().iterator().next();
            Series series = first.getValue();
            if (now - series.periodStart < PERIOD.toNanos()) {
                break;
            }
            all.remove(first.getKey());
            if (series.repeated > 0) {
                lines.add(repeated(series, now).at(wallMillis));
                series.repeated = 0;
                series.periodStart = now;
                all.put(first.getKey(), series);
            } else {
                close(first.getKey(), series, now)
                        .ifPresent(line -> lines.add(line.at(wallMillis)));
            }
        }
        return lines;
    }

    /** Ends all series; returns what there is to write about them. */
    List<LogLine> end(long now, long wallMillis) {
        List<LogLine> lines = new ArrayList<>();
        for (Series series : all.values()) {
            if (series.repeated > 0) {
                lines.add(repeated(series, now).at(wallMillis));
            }
        }
        all.clear();
        folded.clear();
        return lines;
    }

    private Optional<LogLine> close(Key key, Series series, long now) {
        if (!series.isFolded()) {
            return Optional.empty();
        }
        folded.computeIfPresent(key.source(), (_, count) -> count > 1 ? count - 1 : null);
        List<LogField> fields =
                List.of(
                        LogField.of(LogLine.PROCESS, key.source().process()),
                        LogField.of("of", key.event()),
                        LogField.of("total", series.total),
                        LogField.of("seconds", seconds(now - series.begun)));
        return Optional.of(
                new LogLine(
                        0,
                        Level.INFO,
                        key.source().area(),
                        "{process} repetition ended",
                        fields,
                        null));
    }

    private static LogLine repeated(Series series, long now) {
        return series.latest.with(
                LogField.of("repeated", series.repeated),
                LogField.of("seconds", seconds(now - series.periodStart)));
    }

    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds();
    }
}
