package org.procmon.cli.console;

/**
 * How many columns of a terminal a text takes, and texts cut to columns. For text that {@code
 * TerminalSafe} has made harmless.
 */
public final class TextWidth {
    private static final char CUT = '\u2026';

    /** The first and the last of characters that take two columns; source: UAX #11, wide. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0x303E},
        {0x3041, 0x33FF},
        {0x3400, 0x4DBF},
        {0x4E00, 0x9FFF},
        {0xA000, 0xA4CF},
        {0xA960, 0xA97F},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F},
        {0x1F680, 0x1FAFF},
        {0x20000, 0x3FFFD}
    };

    private TextWidth() {}

    /** The columns of a text of one line. */
    public static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    private static int of(int c) {
        if (c < WIDE[0][0]) {
            return Character.getType(c) == Character.NON_SPACING_MARK ? 0 : 1;
        }
        for (int[] range : WIDE) {
            if (c >= range[0] && c <= range[1]) {
                return 2;
            }
        }
        return Character.getType(c) == Character.NON_SPACING_MARK ? 0 : 1;
    }

    /** The text, or as much of its beginning as fits, with an ellipsis. */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder(columns);
        int left = columns - 1;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            left -= of(c);
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(c);
            at += Character.charCount(c);
        }
        return columns < 1 ? "" : kept.toString().stripTrailing() + CUT;
    }
}
