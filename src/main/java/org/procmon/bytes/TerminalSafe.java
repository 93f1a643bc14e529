package org.procmon.bytes;

/**
 * Makes foreign text harmless for a terminal, and for a log with one line per entry. The only place
 * that decides what is shown: by code point, so that half a surrogate pair and the planes beyond
 * the first are covered too.
 */
public final class TerminalSafe {
    /** Its characters are invisible tags and selectors. */
    private static final int INVISIBLE_PLANE = 0xE0000;

    private static final int BEYOND_INVISIBLE_PLANE = 0xF0000;

    /** Invisible, although by their category they are letters and marks. */
    private static final String FILLERS =
            "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";

    private static final String CUT = "...";

    private TerminalSafe() {}

    /** Shows characters that control a terminal or are invisible as {@code \\u001b}. */
    public static String text(String text) {
        return plain(text, false);
    }

    /** As {@link #text}, but keeps line feeds and tabs. */
    public static String lines(String text) {
        return plain(text, true);
    }

    /**
     * As {@link #text}, but cut to a length; three dots mark the cut.
     *
     * @param most the length of the rest, in {@code char}s, without the dots
     */
    public static String text(String text, int most) {
        // Escaped text is never shorter than the original.
        String plain = text(cut(text, most));
        return plain.length() <= most + CUT.length() ? plain : cut(plain, most);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean inPair = most > 0 && Character.isHighSurrogate(text.charAt(most - 1));
        return text.substring(0, inPair ? most - 1 : most) + CUT;
    }

    private static String plain(String text, boolean manyLines) {
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!passes(c, manyLines)) {
                return escaped(text, at, manyLines);
            }
            at += Character.charCount(c);
        }
        return text;
    }

    private static String escaped(String text, int from, boolean manyLines) {
        StringBuilder plain = new StringBuilder(text.length() + 16).append(text, 0, from);
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (passes(c, manyLines)) {
                plain.appendCodePoint(c);
            } else {
                escape(c, plain);
            }
            at += Character.charCount(c);
        }
        return plain.toString();
    }

    private static void escape(int c, StringBuilder to) {
        boolean isShort = Character.isBmpCodePoint(c);
        to.append(isShort ? "\\u" : "\\U");
        for (int shift = isShort ? 12 : 28; shift >= 0; shift -= 4) {
            to.append(Character.forDigit(c >> shift & 15, 16));
        }
    }

    private static boolean passes(int c, boolean manyLines) {
        if (c < 0x7f) {
            return c >= ' ' || (manyLines && (c == '\n' || c == '\t'));
        }
        return isVisible(c);
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default ->
                    FILLERS.indexOf(c) < 0 && (c < INVISIBLE_PLANE || c >= BEYOND_INVISIBLE_PLANE);
        };
    }
}
