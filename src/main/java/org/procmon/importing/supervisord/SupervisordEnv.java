package org.procmon.importing.supervisord;

import java.util.ArrayList;
import java.util.List;
import org.procmon.importing.draft.EnvPlaceholders;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.Setting;

/** Reads {@code KEY="a,b",OTHER='x'}, the syntax of supervisord's {@code environment}. */
final class SupervisordEnv {
    /**
     * A variable.
     *
     * @param setting the setting that sets it
     * @param value may have {@link EnvPlaceholders}
     */
    record Variable(Setting setting, String name, String value) {}

    private final Setting setting;
    private final String text;
    private int at;

    private SupervisordEnv(Setting setting, String text) {
        this.setting = setting;
        this.text = text;
    }

    /**
     * The variables.
     *
     * @param text the value of the setting, with its expressions replaced
     */
    static List<Variable> variables(Setting setting, String text) throws ImportAborted {
        return new SupervisordEnv(setting, text).read();
    }

    private List<Variable> read() throws ImportAborted {
        List<Variable> variables = new ArrayList<>();
        skipBlanks();
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                throw ImportAborted.at(setting.spot(), "after a variable's name '=' is missing");
            }
            String name = text.substring(at, equals).strip();
            at = equals + 1;
            skipBlanks();
            variables.add(new Variable(setting, name, value()));
            skipBlanks();
            if (at < text.length() && text.charAt(at++) != ',') {
                throw ImportAborted.at(
                        setting.spot(), "between variables ',' is missing, after " + name);
            }
            skipBlanks();
        }
        return variables;
    }

    private String value() throws ImportAborted {
        char first = at < text.length() ? text.charAt(at) : ',';
        int start = at;
        if (first == '"' || first == '\'') {
            int close = text.indexOf(first, at + 1);
            if (close < 0) {
                throw ImportAborted.at(setting.spot(), "a quote is never closed: " + first);
            }
            at = close + 1;
            return withoutQuotes(text.substring(start + 1, close));
        }
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
            at++;
        }
        return text.substring(start, at).strip();
    }

    /** supervisord removes all quotes at the ends of a value, even those inside other quotes. */
    private static String withoutQuotes(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isQuote(text.charAt(start))) {
            start++;
        }
        while (end > start && isQuote(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
