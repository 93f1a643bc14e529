package org.procmon.log;

import org.jspecify.annotations.Nullable;

/**
 * A key and its value.
 *
 * @param plain whether JSON writes the value without quotes: a number, or true or false
 */
record LogField(String key, String value, boolean plain) {
    /** Longer values are cut, so that a line that is kept is small. */
    private static final int LONGEST = 1000;

    static LogField of(String key, @Nullable Object value) {
        boolean plain =
                value instanceof Integer || value instanceof Long || value instanceof Boolean;
        return new LogField(key, cut(String.valueOf(value)), plain);
    }

    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "...";
    }
}
