package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command as supervisord does: quotes and backslashes as in a shell, nothing is expanded.
 * {@link Marks#WHOLE} outside of quotes becomes {@link Marks#SPLIT}, as supervisord splits after it
 * has put the value there.
 *
 * <p>Source: Python's {@code shlex.split}, which supervisord calls.
 */
final class ShellSplit {
    private final Spot spot;
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellSplit(Spot spot, String text) {
        this.spot = spot;
        this.text = text;
    }

    /** The words of a command; at least one, and the first is not empty. */
    static List<String> words(Spot spot, String text) throws Refusal {
        List<String> words = new ShellSplit(spot, text).split();
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw Refusal.at(spot, "the command names no program");
        }
        return words;
    }

    private List<String> split() throws Refusal {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ' ' || c == '\t' || c == '\n') {
                endWord();
                continue;
            }
            inWord = true;
            switch (c) {
                case '\'', '"' -> quoted(c);
                case '\\' -> {
                    if (at == text.length()) {
                        throw Refusal.at(spot, "a backslash at the end escapes nothing");
                    }
                    word.append(text.charAt(at++));
                }
                case Marks.WHOLE -> word.append(Marks.SPLIT);
                default -> word.append(c);
            }
        }
        endWord();
        return words;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private void quoted(char quote) throws Refusal {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return;
            }
            boolean escapes =
                    c == '\\'
                            && quote == '"'
                            && at < text.length()
                            && (text.charAt(at) == '"' || text.charAt(at) == '\\');
            word.append(escapes ? text.charAt(at++) : c);
        }
        throw Refusal.at(spot, "a quote is never closed: " + quote);
    }
}
