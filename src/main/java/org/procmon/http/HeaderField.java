package org.procmon.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.procmon.bytes.TerminalSafe;

/**
 * A field of a header, as in {@code Retry-After: 1}.
 *
 * @param name its name, in the case in which it is sent
 * @param value its value, on one line, with one char per byte (ISO 8859-1)
 */
public record HeaderField(String name, String value) {
    public HeaderField {
        if (name.isEmpty() || name.indexOf(':') >= 0 || !isOneLine(name) || !isOneLine(value)) {
            throw new IllegalArgumentException(
                    "cannot send a header field: " + TerminalSafe.text(name + ": " + value, 100));
        }
    }

    /** A field whose value is any text, which is sent in UTF-8. */
    public static HeaderField ofText(String name, String text) {
        return new HeaderField(name, new String(text.getBytes(UTF_8), ISO_8859_1));
    }

    private static boolean isOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }
}
