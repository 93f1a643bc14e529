package org.procmon.fastcgi;

/**
 * Makes foreign text fit for one line of a log: characters that control a terminal, are invisible
 * or start another line are shown by their number, and too long a text is cut.
 */
public final class LogText {
    private LogText() {}

    /**
     * Escapes and cuts.
     *
     * @param most the most code points of the text to show
     */
    public static String of(String text, int most) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), most) + 16);
        int shown = 0;
        int at = 0;
        while (at < text.length() && shown < most) {
            int c = text.codePointAt(at);
            append(line, c);
            at += Character.charCount(c);
            shown++;
        }
        if (at < text.length()) {
            line.append("… (").append(text.length() - at).append(" more)");
        }
        return line.toString();
    }

    /** As in C: {@code \\u001b}, and {@code \\U000e0041} above the first 65,536. */
    private static void append(StringBuilder line, int c) {
        if (isVisible(c)) {
            line.appendCodePoint(c);
        } else if (Character.isBmpCodePoint(c)) {
            line.append("\\u").append(digits(c, 4));
        } else {
            line.append("\\U").append(digits(c, 8));
        }
    }

    private static String digits(int number, int count) {
        String digits = Integer.toHexString(number);
        return "0".repeat(count - digits.length()) + digits;
    }

    private static boolean isVisible(int c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    false;
            default -> !isIgnorable(c);
        };
    }

    /** Invisible letters and marks (Unicode, Default_Ignorable_Code_Point). */
    private static boolean isIgnorable(int c) {
        return c == 0x34f
                || c == 0x115f
                || c == 0x1160
                || c == 0x17b4
                || c == 0x17b5
                || (c >= 0x180b && c <= 0x180f)
                || c == 0x3164
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xffa0
                || (c >= 0xe0000 && c <= 0xe0fff);
    }
}
