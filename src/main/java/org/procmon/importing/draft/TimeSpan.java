package org.procmon.importing.draft;

import org.procmon.config.DurationText;

/**
 * Time spans as systemd and procmon write them.
 *
 * <p>Source: systemd.time(7), "Parsing Time Spans".
 */
public final class TimeSpan {
    /** procmon's longest duration, a year. */
    public static final int LONGEST_SECONDS = 365 * 86_400;

    private TimeSpan() {}

    /** The span as procmon writes it. */
    public static String text(double seconds) {
        long millis = Math.round(seconds * 1000);
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** The seconds of {@code 1min 30s}, {@code 500ms}, {@code 5}; infinity is the longest. */
    public static double seconds(Setting setting) throws ImportAborted {
        String text = setting.value().strip();
        double seconds = text.equals("infinity") ? LONGEST_SECONDS : parsed(text);
        if (seconds < 0) {
            throw SettingValues.bad(setting, "a time such as 1min 30s");
        }
        return Math.min(seconds, LONGEST_SECONDS);
    }

    /** Whether there is no timeout: units write infinity or 0 for that. */
    public static boolean isNever(Setting setting) throws ImportAborted {
        double seconds = seconds(setting);
        return seconds == 0 || seconds >= LONGEST_SECONDS;
    }

    /** A timeout for procmon: a word if it is infinite, else a number. */
    public static String timeout(Setting setting) throws ImportAborted {
        return isNever(setting) ? "infinity" : text(seconds(setting));
    }

    /** The seconds of a time span; negative if the text is not one. */
    public static double parsed(String text) {
        double sum = 0;
        int at = 0;
        boolean any = false;
        while (at < text.length()) {
            int unitAt = skip(text, at, true);
            int next = skip(text, unitAt, false);
            double number = DurationText.seconds(text.substring(at, unitAt).strip());
            double unit = unit(text.substring(unitAt, next).strip());
            if (Double.isNaN(number) || Double.isNaN(unit)) {
                return -1;
            }
            sum += number * unit;
            any = true;
            at = next;
        }
        return any ? sum : -1;
    }

    /** The index after the number or unit that starts here. */
    private static int skip(String text, int from, boolean number) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean digit = c == '.' || (c >= '0' && c <= '9');
            if (c != ' ' && digit != number) {
                return at;
            }
            at++;
        }
        return at;
    }

    private static double unit(String unit) {
        return switch (unit) {
            case "usec", "us", "μs", "µs" -> 1e-6;
            case "msec", "ms" -> 1e-3;
            case "", "seconds", "second", "sec", "s" -> 1;
            case "minutes", "minute", "min", "m" -> 60;
            case "hours", "hour", "hr", "h" -> 3_600;
            case "days", "day", "d" -> 86_400;
            case "weeks", "week", "w" -> 7 * 86_400;
            case "months", "month", "M" -> 30.44 * 86_400;
            case "years", "year", "y" -> 365.25 * 86_400;
            default -> Double.NaN;
        };
    }
}
