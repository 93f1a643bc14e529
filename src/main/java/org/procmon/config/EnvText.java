package org.procmon.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of an {@code env_file}: {@code NAME=VALUE} lines, also after {@code export}. Blank
 * lines and lines that start with {@code #} are ignored. A value is the rest of the line without
 * surrounding blanks, or is quoted: single quotes keep everything literally; in double quotes a
 * backslash escapes <code>" \ $ `</code>. Nothing is substituted.
 */
public final class EnvText {
    private static final String EXPORT = "export";
    private static final String ESCAPED = "\"\\$`";

    private EnvText() {}

    /** A line is wrong; the message names it without its content. */
    public static final class BadLine extends Exception {
        private static final long serialVersionUID = 1;

        BadLine(int line, String complaint) {
            super("line " + line + " " + complaint);
        }
    }

    /** The variables; if one is given twice, the last value. */
    public static Map<String, String> read(String text) throws BadLine {
        Map<String, String> variables = new LinkedHashMap<>();
        int number = 0;
        for (String whole : text.split("\n", -1)) {
            number++;
            String line = whole.strip();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                readLine(line, number, variables);
            }
        }
        return variables;
    }

    private static void readLine(String line, int number, Map<String, String> variables)
            throws BadLine {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new BadLine(number, "is no NAME=VALUE");
        }
        String name = line.substring(0, equals);
        if (name.startsWith(EXPORT) && name.length() > EXPORT.length()) {
            char next = name.charAt(EXPORT.length());
            name = next == ' ' || next == '\t' ? name.substring(EXPORT.length()).strip() : name;
        }
        if (!VariableName.isValid(name)) {
            throw new BadLine(number, "is no NAME=VALUE");
        }
        if (VariableName.isReserved(name)) {
            throw new BadLine(number, "sets " + name + ", which procmon sets itself");
        }
        String value = value(line.substring(equals + 1).strip(), number);
        if (value.indexOf(0) >= 0) {
            throw new BadLine(number, "contains NUL");
        }
        variables.put(name, value);
    }

    private static String value(String text, int number) throws BadLine {
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        if (quote != '"' && quote != '\'') {
            return text;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                if (i + 1 < text.length()) {
                    throw new BadLine(number, "has text after the closing quote");
                }
                return value.toString();
            }
            boolean escape = quote == '"' && c == '\\' && i + 1 < text.length();
            if (escape && ESCAPED.indexOf(text.charAt(i + 1)) >= 0) {
                i++;
                c = text.charAt(i);
            }
            value.append(c);
        }
        throw new BadLine(number, "has a quote that is never closed");
    }
}
