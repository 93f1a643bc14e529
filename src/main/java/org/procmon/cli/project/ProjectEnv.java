package org.procmon.cli.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.config.Problem;

/**
 * The file {@code .env}: a variable in each line, {@code NAME=VALUE}, perhaps after {@code export};
 * a value may be in quotes. Empty lines and those with {@code #} are comments.
 */
final class ProjectEnv {
    static final String NAME = ".env";

    private static final Pattern LINE =
            Pattern.compile("(?:export +)?([A-Za-z_][A-Za-z0-9_]*) *= *(.*)");

    private ProjectEnv() {}

    /** What came of reading it. */
    sealed interface Read {
        record Good(Map<String, String> variables) implements Read {
            public Good {
                variables = Map.copyOf(variables);
            }
        }

        record Bad(Problem problem) implements Read {}
    }

    static Read read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            return bad(file, 1, "cannot read the file: " + e.getMessage());
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                return bad(file, i + 1, "a line must be NAME=VALUE");
            }
            variables.put(matcher.group(1), unquoted(matcher.group(2)));
        }
        return new Read.Good(variables);
    }

    private static Read bad(Path file, int line, String message) {
        return new Read.Bad(new Problem(file.toString(), line, 1, message));
    }

    private static String unquoted(String value) {
        for (String quote : List.of("\"", "'")) {
            if (value.length() > 1 && value.startsWith(quote) && value.endsWith(quote)) {
                return value.substring(1, value.length() - 1);
            }
        }
        // A comment stands behind a blank.
        return value.replaceFirst("\\s+#.*$", "");
    }
}
