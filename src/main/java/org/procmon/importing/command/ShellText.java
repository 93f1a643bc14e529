package org.procmon.importing.command;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.EnvDraft;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.SourceLocation;

/**
 * Splits a text into words as a POSIX shell does, with its variables. Nothing is run; what only a
 * shell could do is refused.
 *
 * <p>Source: POSIX.1-2024, Shell Command Language, 2.2 Quoting, 2.6.2 Parameter Expansion, 2.6.5
 * Field Splitting.
 */
final class ShellText {
    /** Finds the value of a variable. */
    interface Variables {
        String value(String name) throws ImportAborted;
    }

    private static final int MOST_CHARACTERS = 1 << 20;
    private static final String CONTROL = ";&|<>()`";
    private static final String ESCAPED_IN_QUOTES = "$`\"\\";

    private final SourceLocation spot;
    private final String text;
    private final Variables variables;
    private final boolean splits;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int length;
    private int at;

    private ShellText(SourceLocation spot, String text, Variables variables, boolean splits) {
        this.spot = spot;
        this.text = text;
        this.variables = variables;
        this.splits = splits;
    }

    /** The words of a command; a comment ends it. */
    static List<String> words(SourceLocation spot, String text, Variables variables)
            throws ImportAborted {
        ShellText shell = new ShellText(spot, text, variables, true);
        while (shell.readWord()) {
            shell.skipBlanks();
        }
        return shell.words;
    }

    /**
     * The value of an assignment, which is one word.
     *
     * @param rest the text after it
     */
    record Value(String value, String rest) {}

    /** Reads the value at the start of a text. */
    static Value value(SourceLocation spot, String text, Variables variables) throws ImportAborted {
        ShellText shell = new ShellText(spot, text, variables, false);
        boolean _ = shell.readWord();
        String value = shell.words.isEmpty() ? "" : shell.words.getFirst();
        return new Value(value, text.substring(shell.at).strip());
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n';
    }

    /** Whether a word ends before this character; an assignment also before a semicolon. */
    private boolean ends(char c) {
        return isBlank(c) || (!splits && c == ';');
    }

    /** Reads up to the next blank; false at the end. */
    private boolean readWord() throws ImportAborted {
        if (splits) {
            skipBlanks();
        }
        if (at == text.length() || text.charAt(at) == '#') {
            at = text.length();
            return false;
        }
        while (at < text.length() && !ends(text.charAt(at))) {
            one(text.charAt(at));
        }
        endWord();
        return true;
    }

    private void one(char c) throws ImportAborted {
        if (CONTROL.indexOf(c) >= 0) {
            throw ImportAborted.at(
                    spot, "'" + c + "' outside of quotes needs a shell, and none is run");
        }
        at++;
        switch (c) {
            case '\'' -> {
                int close = text.indexOf('\'', at);
                if (close < 0) {
                    throw ImportAborted.at(spot, "a quote is never closed: '");
                }
                append(text.substring(at, close));
                at = close + 1;
            }
            case '"' -> doubleQuoted();
            case '\\' -> {
                if (at == text.length()) {
                    throw ImportAborted.at(spot, "a backslash at the end escapes nothing");
                }
                append(text.substring(at, ++at));
            }
            case '$' -> {
                String value = variable();
                if (splits) {
                    split(value);
                } else {
                    append(value);
                }
            }
            default -> append(String.valueOf(c));
        }
    }

    private void doubleQuoted() throws ImportAborted {
        append("");
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return;
            }
            boolean escapes =
                    c == '\\'
                            && at < text.length()
                            && ESCAPED_IN_QUOTES.indexOf(text.charAt(at)) >= 0;
            if (escapes) {
                append(text.substring(at, ++at));
            } else if (c == '$') {
                append(variable());
            } else if (c == '`') {
                throw ImportAborted.at(spot, "a command in ` needs a shell, and none is run");
            } else {
                append(String.valueOf(c));
            }
        }
        throw ImportAborted.at(spot, "a quote is never closed: \"");
    }

    /** The value of the variable whose name begins here, after the sign. */
    private String variable() throws ImportAborted {
        boolean braced = text.startsWith("{", at);
        int start = braced ? at + 1 : at;
        int end = start;
        // A digit is no start of a name, but may follow.
        while (end < text.length()
                && EnvDraft.isName((end == start ? "" : "_") + text.charAt(end))) {
            end++;
        }
        boolean isClosed = !braced || text.startsWith("}", end);
        if (end == start && !braced && !text.startsWith("(", at)) {
            return "$";
        }
        if (end == start || !isClosed) {
            String shown = text.substring(at - 1, Math.min(text.length(), at + 20));
            throw ImportAborted.at(
                    spot, PrintableText.quoted(shown, 20) + " needs a shell, and none is run");
        }
        at = braced ? end + 1 : end;
        return variables.value(text.substring(start, end));
    }

    /** Appends a value that is split at its blanks. */
    private void split(String value) throws ImportAborted {
        for (int i = 0; i < value.length(); i++) {
            if (isBlank(value.charAt(i))) {
                endWord();
            } else {
                append(value.substring(i, i + 1));
            }
        }
    }

    private void append(String part) throws ImportAborted {
        inWord = true;
        word.append(part);
        length += part.length();
        if (length > MOST_CHARACTERS) {
            throw ImportAborted.at(spot, "this is longer than any command");
        }
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
