package org.procmon.config;

import java.util.List;

/**
 * Sizes as users write them: a number of bytes, or a number with a unit. {@code kB}, {@code MB},
 * {@code GB} and {@code TB} are powers of 1000; {@code KiB}, {@code MiB}, {@code GiB} and {@code
 * TiB} are powers of 1024.
 */
public final class SizeText {
    private SizeText() {}

    /** The size in bytes; NaN if the text is not a size. */
    public static double bytes(String text) {
        int at = digits(text, 0);
        if (at == 0) {
            return Double.NaN;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            int end = digits(text, at + 1);
            if (end == at + 1 || end == text.length()) {
                return Double.NaN;
            }
            at = end;
        }
        return Double.parseDouble(text.substring(0, at)) * unit(text.substring(at));
    }

    /** For messages: {@code 512 B}, {@code 1.5 MiB}, {@code 3 GiB}; rounded down. */
    public static String inWords(long bytes) {
        List<String> units = List.of("B", "KiB", "MiB", "GiB", "TiB");
        int unit = 0;
        long size = bytes;
        long tenths = 0;
        while (size >= 1024 && unit < units.size() - 1) {
            tenths = size % 1024 * 10 / 1024;
            size /= 1024;
            unit++;
        }
        return size + (tenths == 0 ? "" : "." + tenths) + " " + units.get(unit);
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static double unit(String unit) {
        return switch (unit) {
            case "", "B" -> 1;
            case "kB", "KB" -> 1e3;
            case "MB" -> 1e6;
            case "GB" -> 1e9;
            case "TB" -> 1e12;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "TiB" -> 1L << 40;
            default -> Double.NaN;
        };
    }
}
