package org.procmon.config;

/** Checks on the format of strings. */
public final class Strings {
    private Strings() {}

    /** Whether a text is a whole number without a sign. */
    public static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
