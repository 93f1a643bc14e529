package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;

/** Reads a file {@code .env}: {@code KEY=VALUE}, with quotes, and {@code export} before it. */
final class DotEnv {
    private static final String EXPORT = "export ";

    private DotEnv() {}

    /** The variables, in the order of the file. */
    static List<Setting> read(SourceFile file) throws Refusal {
        List<Setting> variables = new ArrayList<>();
        for (int i = 0; i < file.lines().size(); i++) {
            String line = file.lines().get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                variables.add(variable(file.spot(i), line));
            }
        }
        return variables;
    }

    private static Setting variable(Spot spot, String line) throws Refusal {
        String text = line.startsWith(EXPORT) ? line.substring(EXPORT.length()).strip() : line;
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw Refusal.at(spot, "this is not KEY=VALUE");
        }
        String name = text.substring(0, equals).strip();
        return new Setting(spot, "", name, value(spot, text.substring(equals + 1).strip()));
    }

    private static String value(Spot spot, String text) throws Refusal {
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        if (quote != '"' && quote != '\'') {
            return text;
        }
        StringBuilder value = new StringBuilder();
        int at = 1;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                String rest = text.substring(at).strip();
                if (!rest.isEmpty() && !rest.startsWith("#")) {
                    throw Refusal.at(spot, "something follows the closing quote");
                }
                return value.toString();
            }
            if (c == '\\' && quote == '"' && at < text.length()) {
                char escaped = text.charAt(at++);
                value.append(escaped == 'n' ? '\n' : escaped);
            } else {
                value.append(c);
            }
        }
        throw Refusal.at(spot, "a quote is never closed: " + quote);
    }
}
