package org.procmon.cli.table;

import java.util.Locale;

/** Numbers for narrow columns. */
final class ShortWords {
    private static final int UNIT = 1024;
    private static final int TEN = 10;

    private ShortWords() {}

    /** The two largest units: {@code 13s}, {@code 12m01s}, {@code 1h02m}, {@code 3d12h}. */
    static String age(long millis) {
        long seconds = Math.max(millis, 0) / 1000;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (minutes == 0) {
            return seconds + "s";
        }
        if (hours == 0) {
            return "%dm%02ds".formatted(minutes, seconds % 60);
        }
        return hours < 24
                ? "%dh%02dm".formatted(hours, minutes % 60)
                : "%dd%02dh".formatted(hours / 24, hours % 24);
    }

    /** {@code 812K}, {@code 9.4M}, {@code 120M}, {@code 1.2G}. */
    static String bytes(long bytes) {
        double value = bytes / (double) UNIT;
        String units = "KMGT";
        int unit = 0;
        while (value >= UNIT && unit < units.length() - 1) {
            value /= UNIT;
            unit++;
        }
        return unit > 0 && value < TEN
                ? String.format(Locale.ROOT, "%.1f%c", value, units.charAt(unit))
                : String.format(Locale.ROOT, "%.0f%c", value, units.charAt(unit));
    }

    static String percent(double percent) {
        return String.format(Locale.ROOT, percent < TEN ? "%.1f%%" : "%.0f%%", percent);
    }
}
