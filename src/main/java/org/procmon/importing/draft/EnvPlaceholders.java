package org.procmon.importing.draft;

import java.util.Map;

/**
 * Variables of the monitor's environment inside a text: a mark, the name, {@link #END}. The marks
 * are characters that no {@link SourceFile} contains.
 */
public final class EnvPlaceholders {
    /** Starts a variable whose value stays one word. */
    static final char WHOLE = '\u0001';

    /** Ends the name of a variable. */
    static final char END = '\u0002';

    /** Starts a variable whose value is split into words. */
    static final char SPLIT = '\u0003';

    private EnvPlaceholders() {}

    public static String whole(String name) {
        return WHOLE + name + END;
    }

    public static String split(String name) {
        return SPLIT + name + END;
    }

    static boolean isMark(char c) {
        return c == WHOLE || c == SPLIT;
    }

    public static boolean areIn(String text) {
        return text.indexOf(END) >= 0;
    }

    /** Converts each part of a text. */
    public interface Parts {
        void plain(char c);

        void variable(char mark, String name);
    }

    public static void forEach(String text, Parts parts) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isMark(c)) {
                int end = text.indexOf(END, at);
                parts.variable(c, text.substring(at + 1, end));
                at = end + 1;
            } else {
                parts.plain(c);
                at++;
            }
        }
    }

    /** The text with each variable as {@code ${NAME}}, and {@code $$} for each {@code $}. */
    static String asEnv(String text) {
        StringBuilder out = new StringBuilder();
        forEach(
                text,
                new Parts() {
                    @Override
                    public void plain(char c) {
                        out.append(c == '$' ? "$$" : String.valueOf(c));
                    }

                    @Override
                    public void variable(char mark, String name) {
                        out.append("${").append(name).append('}');
                    }
                });
        return out.toString();
    }

    /** The text with the current values of the variables; unset ones are empty. */
    public static String asNow(String text, Map<String, String> environment) {
        StringBuilder out = new StringBuilder();
        forEach(
                text,
                new Parts() {
                    @Override
                    public void plain(char c) {
                        out.append(c);
                    }

                    @Override
                    public void variable(char mark, String name) {
                        out.append(environment.getOrDefault(name, ""));
                    }
                });
        return out.toString();
    }

    /** The first variable of a text that is not set; empty if all are set. */
    public static String unset(String text, Map<String, String> environment) {
        StringBuilder found = new StringBuilder();
        forEach(
                text,
                new Parts() {
                    @Override
                    public void plain(char c) {}

                    @Override
                    public void variable(char mark, String name) {
                        if (found.isEmpty() && !environment.containsKey(name)) {
                            found.append(name);
                        }
                    }
                });
        return found.toString();
    }
}
