package org.procmon.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Words and their quoting as in a POSIX shell, without the shell: quotes and backslashes have the
 * same meaning, every other character stands for itself. Nothing is expanded.
 *
 * <p>Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting.
 */
public final class ShellWords {
    /** A quotation without end, with its index in the text. */
    public static final class Unfinished extends Exception {
        private static final long serialVersionUID = 1L;

        private final int index;

        Unfinished(String message, int index) {
            super(message);
            this.index = index;
        }

        public int index() {
            return index;
        }
    }

    private ShellWords() {}

    /** The words of the text; none if it is blank. */
    public static List<String> split(String text) throws Unfinished {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n') {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
                at++;
            } else if (c == '\'') {
                int close = text.indexOf('\'', at + 1);
                if (close < 0) {
                    throw new Unfinished("has a single quote that is never closed", at);
                }
                word.append(text, at + 1, close);
                inWord = true;
                at = close + 1;
            } else if (c == '"') {
                at = doubleQuoted(text, at, word);
                inWord = true;
            } else if (c == '\\') {
                if (at + 1 == text.length()) {
                    throw new Unfinished("ends with a backslash that escapes nothing", at);
                }
                // A backslash before a newline joins the lines.
                if (text.charAt(at + 1) != '\n') {
                    word.append(text.charAt(at + 1));
                    inWord = true;
                }
                at += 2;
            } else {
                word.append(c);
                inWord = true;
                at++;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** A text that splits into the words, quoted only where that is needed. */
    public static String join(List<String> words) {
        StringBuilder out = new StringBuilder();
        for (String word : words) {
            if (!out.isEmpty()) {
                out.append(' ');
            }
            if (isPlain(word)) {
                out.append(word);
            } else {
                out.append('\'').append(word.replace("'", "'\\''")).append('\'');
            }
        }
        return out.toString();
    }

    private static int doubleQuoted(String text, int open, StringBuilder word) throws Unfinished {
        int at = open + 1;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return at;
            }
            boolean escapes =
                    c == '\\' && at < text.length() && "$`\"\\\n".indexOf(text.charAt(at)) >= 0;
            if (!escapes) {
                word.append(c);
            } else {
                if (text.charAt(at) != '\n') {
                    word.append(text.charAt(at));
                }
                at++;
            }
        }
        throw new Unfinished("has a double quote that is never closed", open);
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (!Character.isLetterOrDigit(c) && "%+,-./:=@_".indexOf(c) < 0) {
                return false;
            }
        }
        return !word.isEmpty();
    }
}
