package org.procmon.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of a file for systemd's {@code EnvironmentFile}. A value continues in the next line
 * after a backslash, and within quotes. Lines without {@code =}, and invalid variable names, are
 * ignored.
 *
 * <p>Source: systemd.exec(5), "EnvironmentFile".
 */
public final class UnitEnvText {
    private static final String COMMENTS = "#;";
    private static final String ESCAPED = "\"\\`$";

    private final String text;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private int at;

    private UnitEnvText(String text) {
        this.text = text;
    }

    /** The variables; if one is given twice, the last value. */
    public static Map<String, String> read(String text) {
        UnitEnvText reader = new UnitEnvText(text);
        while (reader.at < text.length()) {
            reader.line();
        }
        return reader.variables;
    }

    private void line() {
        skipBlanks();
        if (at < text.length() && COMMENTS.indexOf(text.charAt(at)) >= 0) {
            skipComment();
            return;
        }
        int start = at;
        while (at < text.length() && text.charAt(at) != '=' && !isEnd(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at).strip();
        if (at == text.length() || text.charAt(at) != '=') {
            at++;
            return;
        }
        at++;
        String value = value();
        boolean good = VariableName.isValid(name) && !VariableName.isReserved(name);
        if (good && value.indexOf(0) < 0) {
            variables.put(name, value);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Since version 254 a backslash does not continue a comment. */
    private void skipComment() {
        while (at < text.length() && !isEnd(text.charAt(at))) {
            at++;
        }
        at++;
    }

    /**
     * The text after the equals sign; quotes count only where the value, or another part of it,
     * starts.
     */
    private String value() {
        StringBuilder value = new StringBuilder();
        boolean begun = false;
        // Trailing blanks count only within quotes.
        int kept = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (isEnd(c)) {
                break;
            }
            if (c == '\\') {
                begun = true;
                if (at < text.length() && !isEnd(text.charAt(at))) {
                    value.append(text.charAt(at));
                    kept = value.length();
                }
                at++;
            } else if (!begun && (c == '\'' || c == '"')) {
                quoted(c, value);
                kept = value.length();
            } else if (begun || !isBlank(c)) {
                begun = true;
                value.append(c);
                kept = isBlank(c) ? kept : value.length();
            }
        }
        return value.substring(0, kept);
    }

    private void quoted(char quote, StringBuilder value) {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return;
            }
            if (c != '\\' || quote == '\'' || at == text.length()) {
                value.append(c);
                continue;
            }
            char next = text.charAt(at++);
            if (ESCAPED.indexOf(next) >= 0) {
                value.append(next);
            } else if (next != '\n') {
                value.append(c).append(next);
            }
        }
    }

    private static boolean isEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
