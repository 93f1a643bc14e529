package org.procmon.cli.logs;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.procmon.cli.console.UsageException;
import org.procmon.config.DurationText;

/**
 * What of the output is shown, and how.
 *
 * @param follow whether new output is shown as it comes
 * @param since the oldest line with a known time
 * @param grep found in each line that is shown
 * @param json whether each line is an object of JSON
 * @param lines how many lines of each stream; empty for the default
 */
public record LogChoice(
        boolean follow,
        Optional<Instant> since,
        Optional<Pattern> grep,
        boolean json,
        OptionalInt lines) {
    private static final int USUAL_LINES = 50;

    /** More than the monitor sends at once. */
    private static final int ALL_LINES = 1 << 16;

    private static final double MILLIS = 1000;

    /**
     * Reads the values of options.
     *
     * @param since a duration before now, or a time of ISO 8601; null for no limit
     * @param grep a regular expression; null for every line
     */
    public static LogChoice of(
            boolean follow,
            @Nullable String since,
            @Nullable String grep,
            boolean json,
            OptionalInt lines)
            throws UsageException {
        return new LogChoice(
                follow,
                since == null ? Optional.empty() : Optional.of(time(since, Instant.now())),
                grep == null ? Optional.empty() : Optional.of(pattern(grep)),
                json,
                lines);
    }

    static Instant time(String text, Instant now) throws UsageException {
        double seconds = DurationText.seconds(text);
        if (seconds >= 0 && seconds < Duration.ofDays(36_500).toSeconds()) {
            return now.minusMillis(Math.round(seconds * MILLIS));
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            throw new UsageException(
                    "'"
                            + text
                            + "' is no time; one is 1h, 10m or 30s ago, or 2026-11-29T17:35:00Z");
        }
    }

    private static Pattern pattern(String text) throws UsageException {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new UsageException(
                    "'" + text + "' is no regular expression: " + e.getDescription());
        }
    }

    /** How many lines are asked for: a filter needs more than it keeps. */
    int linesToRead() {
        return since.isPresent() || grep.isPresent() ? ALL_LINES : lines.orElse(USUAL_LINES);
    }

    /** How many of those that pass the filter are shown at first. */
    int linesToShow() {
        return lines.orElse(since.isPresent() || grep.isPresent() ? ALL_LINES : USUAL_LINES);
    }

    boolean shows(OutputLine line) {
        boolean isLate =
                since.isEmpty() || line.millis().isEmpty() || !line.at().isBefore(since.get());
        return isLate && (grep.isEmpty() || grep.get().matcher(line.text()).find());
    }
}
