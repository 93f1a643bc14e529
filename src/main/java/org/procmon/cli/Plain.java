package org.procmon.cli;

/** Text from elsewhere, made harmless for a terminal. */
final class Plain {
    private Plain() {}

    /** Shows what would steer a terminal or hide itself as {@code \\u001b}. */
    static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isVisible(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        StringBuilder plain = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isVisible(c)) {
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
