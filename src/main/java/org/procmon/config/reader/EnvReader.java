package org.procmon.config.reader;

import java.util.LinkedHashMap;
import java.util.Map;
import org.procmon.config.VariableName;

/**
 * Reads {@code env}. In its values the monitor's own variable replaces <code>${NAME}</code>, and
 * {@code $} replaces {@code $$}; any other {@code $} stays.
 */
final class EnvReader {
    /** A monitor finds its processes by this variable. */
    private static final String RESERVED = "PROCMON_ID";

    private final Map<String, String> environment;
    private final Problems problems;

    EnvReader(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    Map<String, String> read(ObjectReader process) {
        JsonValue.Members env = process.object("env");
        if (env == null) {
            return Map.of();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, JsonValue.Member> entry : env.members().entrySet()) {
            String name = entry.getKey();
            JsonValue.Member member = entry.getValue();
            if (name.equals(RESERVED)) {
                problems.add(member.offset(), "'" + RESERVED + "' is set by procmon itself");
            } else if (!VariableName.isValid(name)) {
                problems.add(
                        member.offset(),
                        () ->
                                "'"
                                        + Problems.shown(name)
                                        + "' is no name of a variable: it must be letters, digits"
                                        + " and '_', not starting with a digit");
            }
            variables.put(name, value(name, member.value()));
        }
        return variables;
    }

    private String value(String name, JsonValue jsonValue) {
        if (jsonValue instanceof JsonValue.Text text) {
            return StringCheck.check("env", text, problems) ? expand(text) : "";
        }
        if (jsonValue instanceof JsonValue.Numeral numeral) {
            return numeral.text();
        }
        if (jsonValue instanceof JsonValue.Flag flag) {
            return String.valueOf(flag.value());
        }
        problems.wrongKind(
                "variable '" + Problems.shown(name) + "'",
                "a string, a number, true or false",
                jsonValue);
        return "";
    }

    private String expand(JsonValue.Text text) {
        String value = text.value();
        int dollar = value.indexOf('$');
        if (dollar < 0) {
            return value;
        }
        StringBuilder out = new StringBuilder();
        int copied = 0;
        while (dollar >= 0 && dollar + 1 < value.length()) {
            out.append(value, copied, dollar);
            copied = dollar;
            char next = value.charAt(dollar + 1);
            if (next == '$') {
                out.append('$');
                copied = dollar + 2;
            } else if (next == '{') {
                int close = value.indexOf('}', dollar);
                if (close < 0) {
                    problems.addInside(text, dollar, "'${' is never closed");
                    return "";
                }
                out.append(lookUp(value.substring(dollar + 2, close), text, dollar));
                copied = close + 1;
            }
            dollar = value.indexOf('$', Math.max(copied, dollar + 1));
        }
        return out.append(value, copied, value.length()).toString();
    }

    private String lookUp(String name, JsonValue.Text text, int dollar) {
        String found = environment.get(name);
        if (found == null) {
            problems.addInside(
                    text,
                    dollar,
                    "variable '"
                            + Problems.shown(name)
                            + "' is not set in the monitor's environment"
                            + Suggestion.forWord(name, environment.keySet()));
            return "";
        }
        return found;
    }
}
