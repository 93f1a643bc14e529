package org.procmon.importing.systemd;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportWarnings;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.Setting;

/**
 * Splits a systemd value into words: quotes may appear anywhere, and backslashes escape as in C.
 *
 * <p>Source: systemd.syntax(7), "Quoting".
 */
final class UnitWords {
    /** The word for a lone semicolon, which separates commands. */
    static final String SEPARATOR = "\u0004";

    private static final int FIRST_FREE = 5;

    private final Setting setting;
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int at;

    /** The index at which the current word starts. */
    private int start;

    private UnitWords(Setting setting) {
        this.setting = setting;
        this.text = setting.value();
    }

    static List<String> of(Setting setting) throws ImportAborted {
        UnitWords reader = new UnitWords(setting);
        reader.split();
        return reader.words;
    }

    /**
     * Like {@link #of}; words that systemd skips with a warning are skipped with a warning here,
     * too.
     */
    static List<String> valid(Setting setting, ImportWarnings importWarnings) {
        UnitWords reader = new UnitWords(setting);
        try {
            reader.split();
        } catch (ImportAborted e) {
            String rest = PrintableText.quoted(reader.text.substring(reader.start), 60);
            importWarnings.add(setting, "systemd skips " + rest + ", since " + e.getMessage());
        }
        return reader.words;
    }

    private void split() throws ImportAborted {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            start = at;
            word.setLength(0);
            word();
            String raw = text.substring(start, at);
            if (raw.equals(";")) {
                words.add(SEPARATOR);
            } else {
                words.add(raw.equals("\\;") ? ";" : word.toString());
            }
        }
    }

    private void word() throws ImportAborted {
        char quote = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                escape(text.charAt(at++));
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (Character.isWhitespace(c)) {
                at--;
                return;
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw ImportAborted.at(setting.spot(), "a quote is never closed: " + quote);
        }
    }

    private void escape(char c) throws ImportAborted {
        switch (c) {
            case 'a' -> word.append('\u0007');
            case 'b' -> word.append('\b');
            case 'f' -> word.append('\f');
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'v' -> word.append('\u000b');
            case 's' -> word.append(' ');
            case '\\', '"', '\'' -> word.append(c);
            case 'x' -> number(2, 16);
            case 'u' -> number(4, 16);
            case 'U' -> number(8, 16);
            case '0', '1', '2', '3' -> {
                at--;
                number(3, 8);
            }
            // systemd keeps unknown escapes as they are.
            default -> word.append('\\').append(c);
        }
    }

    private void number(int digits, int radix) throws ImportAborted {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at++), radix) : -1;
            value = value * radix + digit;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw bad();
            }
        }
        boolean half = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        boolean byteOnly = value > 0x7f && digits < 4;
        if (value < FIRST_FREE || half || byteOnly) {
            throw bad();
        }
        word.appendCodePoint(value);
    }

    private ImportAborted bad() {
        return ImportAborted.at(
                setting.spot(), setting.key() + " has an escape that stands for no character");
    }
}
