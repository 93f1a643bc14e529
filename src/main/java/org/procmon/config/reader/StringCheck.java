package org.procmon.config.reader;

/** Finds characters that a string for the kernel cannot have. */
final class StringCheck {
    private StringCheck() {}

    /**
     * Reports the first NUL, which would end the string for the kernel, or half of a surrogate
     * pair, which has no bytes in UTF-8.
     *
     * @return whether there was none
     */
    static boolean check(String key, JsonValue.Text text, Problems problems) {
        String value = text.value();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                problems.addInside(text, i, "'" + key + "' must not contain NUL");
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair =
                        i + 1 < value.length() && Character.isSurrogatePair(c, value.charAt(i + 1));
                if (!pair) {
                    problems.addInside(text, i, "'" + key + "' contains half of a surrogate pair");
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
