package org.procmon.config.reader;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces variables in a text, as shells and Docker Compose do: {@code ${NAME}}, {@code
 * ${NAME:-default}}, {@code ${NAME-default}}, {@code ${NAME:?message}}, and {@code $$} for a dollar
 * sign. A variable that is not set and has no default stays as it is: it may be one of a shell.
 */
final class VariableText {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^{}]*))?\\}");

    private VariableText() {}

    /** A variable with {@code :?} is not set. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    static String expanded(String text, Map<String, String> variables) throws Missing {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder expanded = new StringBuilder(text.length());
        Matcher matcher = REFERENCE.matcher(text);
        int at = 0;
        while (matcher.find()) {
            expanded.append(text, at, matcher.start()).append(value(matcher, variables));
            at = matcher.end();
        }
        return expanded.append(text, at, text.length()).toString();
    }

    private static String value(Matcher matcher, Map<String, String> variables) throws Missing {
        String name = matcher.group(1);
        if (name == null) {
            return "$";
        }
        String operator = matcher.group(2);
        String value = variables.get(name);
        boolean emptyCounts = operator == null || !operator.startsWith(":");
        if (value != null && (emptyCounts || !value.isEmpty())) {
            return value;
        }
        if (operator == null) {
            return matcher.group();
        }
        String word = matcher.group(3);
        if (operator.endsWith("?")) {
            throw new Missing(
                    "the variable " + name + " is not set" + (word.isEmpty() ? "" : ": " + word));
        }
        return word;
    }
}
