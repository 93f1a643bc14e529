package org.procmon.config;

import java.time.Duration;

/**
 * Durations as users write them: seconds ({@code 1}, {@code 0.5}), or numbers with units from the
 * longest to the shortest ({@code 500ms}, {@code 5m}, {@code 1h30m}).
 */
public final class DurationText {
    public static final Duration LONGEST = Duration.ofDays(365);

    /**
     * The value of {@code infinity} where a limit may be absent: longer than any allowed duration.
     */
    public static final Duration FOREVER = Duration.ofDays(36_500);

    public static final String INFINITY = "infinity";

    private static final double NANOS_PER_SECOND = 1e9;

    private DurationText() {}

    /** The length in seconds; negative after a minus sign; NaN if the text is not a duration. */
    public static double seconds(String text) {
        boolean minus = text.startsWith("-");
        int at = minus ? 1 : 0;
        if (at == text.length()) {
            return Double.NaN;
        }
        double sum = 0;
        double smallest = Double.POSITIVE_INFINITY;
        while (at < text.length()) {
            int unitAt = endOfNumber(text, at);
            if (unitAt < 0) {
                return Double.NaN;
            }
            int next = endOfUnit(text, unitAt);
            // Only a number on its own may lack a unit.
            boolean bare = unitAt == text.length() && smallest == Double.POSITIVE_INFINITY;
            double unit = bare ? 1 : unitSeconds(text.substring(unitAt, next));
            if (!(unit < smallest)) {
                return Double.NaN;
            }
            smallest = unit;
            sum += Double.parseDouble(text.substring(at, unitAt)) * unit;
            at = next;
        }
        return minus ? -sum : sum;
    }

    /** The duration of this many seconds, which must be between 0 and {@link #LONGEST}. */
    public static Duration ofSeconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS_PER_SECOND));
    }

    /** For messages: {@code 250 ms}, {@code 1.5 s}, {@code 30 s}, {@code 1 min 30 s}. */
    public static String inWords(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        long tenths = millis / 100;
        if (tenths < 600) {
            return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " s";
        }
        long seconds = millis / 1000;
        return seconds < 3600
                ? two(seconds / 60, "min", seconds % 60, "s")
                : two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }

    private static String two(long many, String unit, long rest, String lesser) {
        return many + " " + unit + (rest == 0 ? "" : " " + rest + " " + lesser);
    }

    /** The index after {@code 12} or {@code 1.5}; -1 if there is no number. */
    private static int endOfNumber(String text, int from) {
        int at = endOfDigits(text, from);
        if (at == from) {
            return -1;
        }
        if (at == text.length() || text.charAt(at) != '.') {
            return at;
        }
        int end = endOfDigits(text, at + 1);
        return end == at + 1 ? -1 : end;
    }

    private static int endOfDigits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static int endOfUnit(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        return at;
    }

    private static double unitSeconds(String unit) {
        return switch (unit) {
            case "d" -> 86_400;
            case "h" -> 3_600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 0.001;
            default -> Double.NaN;
        };
    }
}
