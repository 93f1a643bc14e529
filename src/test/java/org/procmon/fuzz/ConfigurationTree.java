package org.procmon.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Makes configurations, most of which are good, and writes them in many ways. */
final class ConfigurationTree {
    /** Numbers, flags and null, as JSON has them. */
    private record Bare(String text) {}

    private static final List<String> WORDS =
            List.of(
                    "",
                    "a",
                    "web",
                    "all",
                    "-",
                    "TERM",
                    "RTMIN+3",
                    "15",
                    "always",
                    "10s",
                    "-1s",
                    "1h30m",
                    "infinity",
                    "9999999999d",
                    "64MiB",
                    "1kB",
                    "unlimited",
                    "64:128",
                    "0600",
                    "027",
                    "root",
                    "no such user",
                    "/",
                    "/no/such/file",
                    "*.none",
                    "${HOME}",
                    "${NOT_THERE}",
                    "$$",
                    "${",
                    "$(filename)",
                    "* * * * *",
                    "0 0 31 2 *",
                    "*/5 1-4 * * fri-mon",
                    "@daily",
                    "12-25",
                    "Europe/Berlin",
                    "main",
                    "group",
                    "null",
                    "stdout",
                    "inherit",
                    "systemd",
                    "net_bind_service",
                    ":80",
                    "http://localhost/",
                    "^(a|b)*$",
                    "(",
                    "'",
                    "a \"b c\" \\",
                    "\u0001\u001b[2J",
                    "\u202e\udb40\udc41",
                    "sp\u00e4\u20ac\ud83d\ude00",
                    "\ud800");

    private final Random random;
    private final List<String> keys;

    /**
     * @param keys of which some are taken where a known one would stand
     */
    ConfigurationTree(Random random, List<String> keys) {
        this.random = random;
        this.keys = keys;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Object raw(Object value) {
        return value instanceof String ? value : new Bare(String.valueOf(value));
    }

    /** A file of processes. */
    Map<String, Object> file() {
        Map<String, Object> file = new LinkedHashMap<>();
        if (random.nextInt(4) == 0) {
            file.put("defaults", keys(process(), 2));
        }
        for (int more = random.nextInt(4); more == 0 && file.size() < 3; more++) {
            file.put(
                    any(
                            List.of(
                                    "name",
                                    "orphans",
                                    "decisions",
                                    "output",
                                    "start_budget",
                                    "include")),
                    value(2));
        }
        List<Object> processes = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            Map<String, Object> process = new LinkedHashMap<>();
            process.put("id", "p" + count);
            process.put("exec", random.nextInt(5) == 0 ? value(1) : "sleep " + count);
            process.putAll(keys(process(), random.nextInt(6)));
            if (random.nextInt(12) == 0) {
                process.put(any(keys), value(3));
            }
            processes.add(process);
        }
        file.put("processes", processes);
        if (random.nextInt(20) == 0) {
            file.put(any(keys), value(2));
        }
        return file;
    }

    private static Map<String, Object> keys(Map<String, Supplier<Object>> all, int count) {
        Map<String, Object> some = new LinkedHashMap<>();
        all.forEach((key, value) -> {
            if (some.size() < count) {
                some.put(key, value.get());
            }
        });
        return some;
    }

    /** What a process may say, in an order of its own; most values are good. */
    private Map<String, Supplier<Object>> process() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("restart", () -> either(List.of("always", "on-failure", "never")));
        all.put("depends", () -> either(List.of("p1", List.of("p1"))));
        all.put("skip", () -> either(List.of(true, false)));
        all.put("env", () -> members("A", "B_C", "d1"));
        all.put("env_file", () -> object("path", "/e", "optional", true, "override", true));
        all.put("stop", () -> object("signal", "INT", "timeout", "3s", "to", "main"));
        all.put("backoff", () -> object("initial", "1s", "factor", 2, "max", "1m", "jitter", 0.5));
        all.put("give_up", () -> object("restarts", 3, "period", "1m", "retry_after", "1h"));
        all.put("limits", () -> object("nofile", "64:128", "core", 0, "as", "1GiB"));
        all.put("umask", () -> either(List.of("027", "0")));
        all.put("user", () -> either(List.of("nobody", 65_534, "0")));
        all.put("groups", () -> either(List.of(List.of("daemon", 4), List.of())));
        all.put("capabilities", () -> either(List.of(List.of("chown", "CAP_KILL"), List.of())));
        all.put("schedule", () -> object("start", "0 4 * * *", "timezone", "UTC"));
        all.put("ready", () -> object("tcp", ":80", "timeout", "3s"));
        all.put("health", () -> object("http", "http://localhost/", "failures", 2));
        all.put("stdout", () -> object("max_size", "1MB", "keep", 3, "timestamps", true));
        all.put("stderr", () -> either(List.of("stdout", "null", "inherit")));
        all.put("stdin", () -> either(List.of("open", "null", "/etc/hosts")));
        all.put("hooks", () -> object("before_start", "true", "after_stop", List.of("a", "b")));
        all.put("watch", () -> either(List.of("/w", List.of("/w", "x"))));
        all.put("instances", () -> either(List.of(0, 2, 7)));
        all.put("max_runtime", () -> either(List.of("1h", 60)));
        all.put("memory_max", () -> either(List.of("64MiB")));
        all.put("cwd", () -> either(List.of("/", "x")));
        List<String> order = new ArrayList<>(all.keySet());
        Collections.shuffle(order, random);
        Map<String, Supplier<Object>> shuffled = new LinkedHashMap<>();
        order.forEach(key -> shuffled.put(key, all.getOrDefault(key, () -> "")));
        return shuffled;
    }

    /** One of them, or seldom something else. */
    private Object either(List<?> good) {
        return random.nextInt(25) == 0 ? value(2) : any(good);
    }

    private Object members(String... names) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (String name : names) {
            members.put(name, either(List.of("v", 1, true, "${HOME}/x", "$$")));
        }
        return members;
    }

    /** Keys and values in turn, of which some may be missing. */
    private Object object(Object... pairs) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (i == 0 || random.nextInt(3) > 0) {
                object.put(String.valueOf(pairs[i]), either(List.of(pairs[i + 1])));
            }
        }
        if (random.nextInt(30) == 0) {
            object.put(any(keys), value(1));
        }
        return object;
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 ->
                    new Bare(
                            any(
                                    List.of(
                                            "null",
                                            "-0",
                                            "1e9",
                                            "0.5",
                                            "123456789012345678901",
                                            "-3")));
            case 1 -> random.nextInt(2000) - 1000;
            case 2 -> random.nextBoolean();
            case 6 -> {
                List<Object> items = new ArrayList<>();
                for (int count = random.nextInt(4); count > 0; count--) {
                    items.add(value(depth - 1));
                }
                yield items;
            }
            case 7 -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (int count = random.nextInt(4); count > 0; count--) {
                    members.put(any(keys), value(depth - 1));
                }
                yield members;
            }
            default -> any(WORDS);
        };
    }

    /** A tree as JSON with comments, commas and blanks wherever there may be some. */
    String text(Object tree) {
        StringBuilder out = new StringBuilder();
        write(tree, out);
        gap(out);
        return out.toString();
    }

    private void write(Object tree, StringBuilder out) {
        gap(out);
        switch (tree) {
            case Map<?, ?> map -> {
                out.append('{');
                String comma = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(comma);
                    gap(out);
                    quoted(String.valueOf(entry.getKey()), out);
                    gap(out);
                    out.append(':');
                    write(entry.getValue(), out);
                    gap(out);
                    comma = ",";
                }
                out.append(comma.isEmpty() || random.nextBoolean() ? "" : ",");
                gap(out);
                out.append('}');
            }
            case List<?> list -> {
                out.append('[');
                String comma = "";
                for (Object item : list) {
                    out.append(comma);
                    write(item, out);
                    gap(out);
                    comma = ",";
                }
                out.append(comma.isEmpty() || random.nextBoolean() ? "" : ",");
                gap(out);
                out.append(']');
            }
            case String text -> quoted(text, out);
            case Bare bare -> out.append(bare.text());
            default -> write(raw(tree), out);
        }
    }

    private void gap(StringBuilder out) {
        if (random.nextInt(3) == 0) {
            out.append(any(List.of(" ", "\n", "\t", "\r\n", "// {\n", "/* \" */", "# }\n", "  ")));
        }
    }

    private void quoted(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || Character.isSurrogate(c) || random.nextInt(12) == 0) {
                out.append(String.format("\\u%04x", (int) c));
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
