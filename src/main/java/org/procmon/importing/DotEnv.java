package org.procmon.importing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file {@code .env}: {@code KEY=VALUE}, and values in quotes. Lines that are nothing of the
 * kind mean nothing.
 *
 * <p>Source: foreman(1), "ENVIRONMENT".
 */
final class DotEnv {
    private static final String EXPORT = "export ";

    private DotEnv() {}

    /** The variables, in the order of the file. */
    static List<Setting> read(SourceFile file, Notes notes) {
        List<Setting> variables = new ArrayList<>();
        for (int i = 0; i < file.lines().size(); i++) {
            String line = file.lines().get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Spot spot = file.spot(i);
            boolean exported = line.startsWith(EXPORT);
            String text = exported ? line.substring(EXPORT.length()).strip() : line;
            int equals = text.indexOf('=');
            if (equals < 1) {
                notes.tell(new Setting(spot, "", "", ""), "skipped, since it is not KEY=VALUE");
                continue;
            }
            String name = text.substring(0, equals).strip();
            String written = text.substring(equals + 1).strip();
            @Nullable String quoted = quoted(written);
            Setting variable = new Setting(spot, "", name, quoted == null ? written : quoted);
            if (quoted == null && isQuote(written)) {
                notes.tell(
                        variable, "the quote is not closed at the end, so it is part of the value");
            }
            if (exported) {
                notes.tell(variable, "taken, though foreman skips a line that begins with export");
            }
            variables.add(variable);
        }
        return variables;
    }

    private static boolean isQuote(String text) {
        return text.startsWith("\"") || text.startsWith("'");
    }

    /** What is in quotes, perhaps before a comment; null if it is not, or more follows. */
    private static @Nullable String quoted(String text) {
        if (!isQuote(text)) {
            return null;
        }
        char quote = text.charAt(0);
        StringBuilder value = new StringBuilder();
        int at = 1;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                String rest = text.substring(at).strip();
                return rest.isEmpty() || rest.startsWith("#") ? value.toString() : null;
            }
            if (c == '\\' && quote == '"' && at < text.length()) {
                char escaped = text.charAt(at++);
                value.append(escaped == 'n' ? '\n' : escaped);
            } else {
                value.append(c);
            }
        }
        return null;
    }
}
