package org.procmon.importing.draft;

/**
 * A user's text, made safe for a message: without marks, and without characters that control a
 * terminal.
 */
public final class PrintableText {
    private PrintableText() {}

    /** The text; variables as <code>${NAME}</code>, and invisible characters as escapes. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int end =
                    c < ' ' && EnvPlaceholders.isMark((char) c)
                            ? text.indexOf(EnvPlaceholders.END, at)
                            : -1;
            if (end >= 0) {
                out.append("${").append(of(text.substring(at + 1, end))).append('}');
                at = end + 1;
                continue;
            }
            if (isVisible(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
            at += Character.charCount(c);
        }
        return out.toString();
    }

    /** Like {@link #of}, but shortened if it is long. */
    public static String quoted(String text, int most) {
        String cut = text.length() <= most ? text : text.substring(0, most) + "…";
        return "'" + of(cut) + "'";
    }

    static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE ->
                    false;
            default -> true;
        };
    }
}
