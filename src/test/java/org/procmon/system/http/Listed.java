package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of {@code ?list}, byte for byte as it has always been.
 *
 * @param exec as it stands in the JSON text, escapes included
 */
record Listed(String name, long pid, int runcount, String since, String state, String exec) {
    private static final String ROW =
            "\\{\"name\": \"([A-Za-z0-9][A-Za-z0-9._@:-]*)\",\"pid\": ([0-9]+),\"runcount\": ([0-9]+),"
                    + "\"since\": \"((?:(?:(?:[0-9]+d[0-9]{2}|[0-9]+)h[0-9]{2}|[0-9]+)m[0-9]{2}|[0-9]+)s)\","
                    + "\"state\": \"(running|stopped)\","
                    + "\"exec\": \"((?:[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\]|\\\\u[0-9a-f]{4})*)\"\\}";
    private static final Pattern ONE = Pattern.compile(ROW);
    private static final Pattern ALL = Pattern.compile("\\[" + ROW + "(?:," + ROW + ")*\\]");

    static List<Listed> parse(String body) {
        assertThat(body).matches(ALL);
        List<Listed> rows = new ArrayList<>();
        Matcher row = ONE.matcher(body);
        while (row.find()) {
            rows.add(
                    new Listed(
                            row.group(1),
                            Long.parseLong(row.group(2)),
                            Integer.parseInt(row.group(3)),
                            row.group(4),
                            row.group(5),
                            row.group(6)));
        }
        return rows;
    }

    static Listed find(String body, String name) {
        return parse(body).stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** For a process that is younger than a minute. */
    int seconds() {
        return Integer.parseInt(since.replaceFirst("s$", ""));
    }
}
