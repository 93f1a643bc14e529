package org.procmon.config.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;

/** Finds what only a shell would understand in a command line that no shell reads. */
final class ShellSyntax {
    /** Words that a shell takes for operators. */
    private static final Pattern OPERATOR =
            Pattern.compile("&&|\\|\\|?|;|&|[0-9]*(>>?|<)(&[0-9]|\\S+)?|\\(|\\)");

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(\\{[A-Za-z_][^}]*\\}|[A-Za-z_][A-Za-z0-9_]*|\\()");

    private ShellSyntax() {}

    static List<ConfigFinding> findings(MonitorSpec spec) {
        List<ConfigFinding> findings = new ArrayList<>();
        for (ProcessSpec process : spec.processes()) {
            add(process, findings);
        }
        return findings;
    }

    private static void add(ProcessSpec process, List<ConfigFinding> findings) {
        String line = process.exec().text();
        found(line)
                .ifPresent(syntax ->
                        findings.add(
                                new ConfigFinding(
                                        process.id(),
                                        List.of("exec"),
                                        "no shell reads 'exec', so '"
                                                + syntax
                                                + "' is an argument like any other; for a shell:"
                                                + " [\"sh\", \"-c\", "
                                                + quoted(line)
                                                + "]")));
    }

    /** The first such piece of a command line; empty if there is none. */
    static Optional<String> found(String line) {
        int at = 0;
        while (at < line.length()) {
            int end = endOfWord(line, at);
            String word = line.substring(at, end);
            if (OPERATOR.matcher(word).matches()) {
                return Optional.of(word);
            }
            Optional<String> inside = insideOf(word);
            if (inside.isPresent()) {
                return inside;
            }
            at = end;
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
        }
        return Optional.empty();
    }

    /** The next blank that is not quoted. */
    private static int endOfWord(String line, int from) {
        char quote = 0;
        int at = from;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '\\' && quote != '\'') {
                at++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (Character.isWhitespace(c)) {
                return at;
            }
            at++;
        }
        return line.length();
    }

    /** A variable, a command in back quotes, or an operator at the end: {@code a;}. */
    private static Optional<String> insideOf(String word) {
        String open = withoutQuoted(word);
        Matcher variable = VARIABLE.matcher(open);
        if (variable.find()) {
            return Optional.of(variable.group());
        }
        int first = open.indexOf('`');
        if (first >= 0 && open.indexOf('`', first + 1) > first) {
            return Optional.of("`");
        }
        return open.length() > 1 && open.endsWith(";") ? Optional.of(";") : Optional.empty();
    }

    /** Without what stands in single quotes or behind a backslash, which a shell leaves alone. */
    private static String withoutQuoted(String word) {
        StringBuilder open = new StringBuilder(word.length());
        boolean quoted = false;
        for (int at = 0; at < word.length(); at++) {
            char c = word.charAt(at);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == '\\' && !quoted) {
                at++;
            } else if (!quoted) {
                open.append(c);
            }
        }
        return open.toString();
    }

    private static String quoted(String line) {
        return "\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
