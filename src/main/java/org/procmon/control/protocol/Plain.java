package org.procmon.control.protocol;

/**
 * Text from elsewhere, made harmless for a terminal, and for a log that has a line for each thing.
 */
public final class Plain {
    private Plain() {}

    /** Shows what would steer a terminal or hide itself as {@code \\u001b}. */
    public static String text(String text) {
        return plain(text, false);
    }

    /** As {@link #text}, but leaves line feeds and tabs. */
    public static String lines(String text) {
        return plain(text, true);
    }

    private static String plain(String text, boolean manyLines) {
        for (int i = 0; i < text.length(); i++) {
            if (!passes(text.charAt(i), manyLines)) {
                return escaped(text, manyLines);
            }
        }
        return text;
    }

    private static String escaped(String text, boolean manyLines) {
        StringBuilder plain = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (passes(c, manyLines)) {
                plain.append(c);
            } else {
                plain.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    plain.append(Character.forDigit(c >> shift & 15, 16));
                }
            }
        }
        return plain.toString();
    }

    private static boolean passes(char c, boolean manyLines) {
        return isVisible(c) || (manyLines && (c == '\n' || c == '\t'));
    }

    private static boolean isVisible(char c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
