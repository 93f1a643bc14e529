package org.procmon.log;

import java.nio.charset.StandardCharsets;

/**
 * A line in the making, bounded in bytes. Text is escaped as in JSON, control characters and those
 * that change the direction of text included, so nothing in a value can look like another line.
 */
final class LineText {
    /** Lines up to this size are written to a pipe in one piece. Source: pipe(7), PIPE_BUF. */
    static final int LONGEST = 4096;

    /** Left for what follows a value: quotes, the mark of a cut line and the line's end. */
    private static final int RESERVE = 64;

    private static final String CUT = "...";

    private final StringBuilder text = new StringBuilder(256);
    private int bytes;

    /** Whether this many more bytes fit. */
    boolean hasRoomFor(int more) {
        return bytes + more + RESERVE <= LONGEST;
    }

    /** Appends text that needs no escape. */
    LineText plain(String part) {
        text.append(part);
        bytes += part.getBytes(StandardCharsets.UTF_8).length;
        return this;
    }

    /** Appends text without quotes, as far as it fits. */
    LineText escaped(String part) {
        for (int i = 0; i < part.length(); ) {
            int c = part.codePointAt(i);
            String one = isSafe(c) ? Character.toString(c) : escape(c);
            if (!hasRoomFor(utf8Length(c, one))) {
                return plain(CUT);
            }
            text.append(one);
            bytes += utf8Length(c, one);
            i += Character.charCount(c);
        }
        return this;
    }

    LineText quoted(String part) {
        return plain("\"").escaped(part).plain("\"");
    }

    /** As in logfmt: with quotes if there is a blank, an equals sign or anything to escape. */
    LineText value(String part) {
        return part.isEmpty() || part.codePoints().anyMatch(c -> c == ' ' || c == '=' || !isSafe(c))
                ? quoted(part)
                : escaped(part);
    }

    /** Among words: with quotes if it could be mistaken for a key and its value. */
    LineText subject(String part) {
        return part.codePoints().anyMatch(c -> c == '=' || !isSafe(c))
                ? quoted(part)
                : escaped(part);
    }

    private static int utf8Length(int c, String written) {
        return written.length() > 2 || c < 0x80
                ? written.length()
                : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static boolean isSafe(int c) {
        if (c >= ' ' && c < 0x7f) {
            return c != '"' && c != '\\';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }

    private static String escape(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                StringBuilder units = new StringBuilder();
                for (char unit : Character.toChars(c)) {
                    units.append("\\u");
                    String hex = Integer.toHexString(unit);
                    units.append("0".repeat(4 - hex.length())).append(hex);
                }
                yield units.toString();
            }
        };
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
