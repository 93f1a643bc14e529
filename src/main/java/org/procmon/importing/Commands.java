package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;

/** Makes the key {@code exec} of words, which may have {@link Marks}. */
final class Commands {
    private Commands() {}

    /** The command itself; through a shell if it needs variables of the monitor's environment. */
    static Object exec(List<String> words) {
        boolean plain = true;
        for (String word : words) {
            if (Marks.areIn(word)) {
                return byShell("exec " + shellText(words));
            }
            plain &= isPlain(word);
        }
        return plain ? String.join(" ", words) : new ArrayList<>(words);
    }

    static Object byShell(String text) {
        return List.of("sh", "-c", text);
    }

    /** What a shell reads as the words. */
    static String shellText(List<String> words) {
        StringBuilder text = new StringBuilder();
        for (String word : words) {
            text.append(text.isEmpty() ? "" : " ");
            if (isPlain(word)) {
                text.append(word);
            } else {
                quote(word, text);
            }
        }
        return text.toString();
    }

    private static void quote(String word, StringBuilder text) {
        if (word.isEmpty()) {
            text.append("''");
            return;
        }
        StringBuilder literal = new StringBuilder();
        Marks.forEach(
                word,
                new Marks.Parts() {
                    @Override
                    public void plain(char c) {
                        literal.append(c == '\'' ? "'\\''" : String.valueOf(c));
                    }

                    @Override
                    public void variable(char mark, String name) {
                        flush(literal, text);
                        String quote = mark == Marks.WHOLE ? "\"" : "";
                        text.append(quote).append("${").append(name).append('}').append(quote);
                    }
                });
        flush(literal, text);
    }

    private static void flush(StringBuilder literal, StringBuilder text) {
        if (!literal.isEmpty()) {
            String quote = isPlain(literal.toString()) ? "" : "'";
            text.append(quote).append(literal).append(quote);
            literal.setLength(0);
        }
    }

    /** Whether neither a shell nor procmon sees more in a word than itself. */
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
