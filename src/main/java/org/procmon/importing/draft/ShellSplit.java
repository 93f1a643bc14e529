package org.procmon.importing.draft;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command as supervisord does: quotes and backslashes as in a shell, nothing is expanded.
 * {@link EnvPlaceholders#WHOLE} outside of quotes becomes {@link EnvPlaceholders#SPLIT}, as
 * supervisord inserts the value before it splits.
 *
 * <p>Source: Python's {@code shlex.split}, which supervisord calls.
 */
public final class ShellSplit {
    private final SourceLocation sourceLocation;
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ShellSplit(SourceLocation sourceLocation, String text) {
        this.sourceLocation = sourceLocation;
        this.text = text;
    }

    /** The words of a command; at least one, and the first is not empty. */
    public static List<String> words(SourceLocation sourceLocation, String text)
            throws ImportAborted {
        List<String> words = new ShellSplit(sourceLocation, text).split();
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw ImportAborted.at(sourceLocation, "the command names no program");
        }
        return words;
    }

    private List<String> split() throws ImportAborted {
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
                        throw ImportAborted.at(
                                sourceLocation, "a backslash at the end escapes nothing");
                    }
                    word.append(text.charAt(at++));
                }
                case EnvPlaceholders.WHOLE -> word.append(EnvPlaceholders.SPLIT);
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

    private void quoted(char quote) throws ImportAborted {
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
        throw ImportAborted.at(sourceLocation, "a quote is never closed: " + quote);
    }
}
