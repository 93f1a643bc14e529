package org.procmon.system;

/** Configurations, in few words. In the keys that a test gives, {@code '} stands for {@code "}. */
final class Config {
    static final String KEPT = "'monitored': true";

    private Config() {}

    static String of(String... processes) {
        return "{\"processes\": [\n" + String.join(",\n", processes) + "\n]}\n";
    }

    /** A process that is a program and its arguments. */
    static String program(String id, String exec, String... keys) {
        return process(id, text(exec), keys);
    }

    /** A process that is a script for {@code sh}, which knows the test's folder as {@code $DIR}. */
    static String script(String id, String script, String... keys) {
        return process(id, "[\"sh\", \"-c\", " + text(script) + "]", keys);
    }

    private static String process(String id, String exec, String... keys) {
        StringBuilder json = new StringBuilder("{\"id\": " + text(id) + ", \"exec\": " + exec);
        for (String key : keys) {
            json.append(", ").append(key.replace('\'', '"'));
        }
        return json.append('}').toString();
    }

    private static String text(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
