package org.procmon.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes messages for the control socket: good calls, and what becomes of them when one errs. */
final class VarlinkMessages {
    private static final List<String> METHODS =
            List.of(
                    "List",
                    "Pools",
                    "Status",
                    "Explain",
                    "Start",
                    "Stop",
                    "Restart",
                    "Refresh",
                    "Delete",
                    "Signal",
                    "ReadOutput",
                    "Watch",
                    "Reopen",
                    "Check",
                    "Reload",
                    "Scale",
                    "Upgrade",
                    "Shutdown",
                    "Nothing");
    private static final List<String> KEYS =
            List.of(
                    "names",
                    "name",
                    "wait",
                    "timeout_ms",
                    "signal",
                    "interface",
                    "stream",
                    "lines",
                    "position",
                    "follow",
                    "since",
                    "on_behalf",
                    "dry_run",
                    "instances",
                    "rolling",
                    "usage",
                    "surprise");
    private static final List<String> TEXTS =
            List.of(
                    "web",
                    "job",
                    "all",
                    "procmon1",
                    "procmon2",
                    "*",
                    "zz[w]*",
                    "[",
                    "w?b",
                    "../x",
                    "",
                    "stdout",
                    "TERM",
                    "9",
                    "at:0",
                    "\\u001b[2J",
                    "\\u0000",
                    "\\ud800",
                    "\\udb40\\udc41",
                    "\u20ac\u20ac",
                    "\u202e",
                    "\u009b31m",
                    "http:ada");

    private final Random random;

    VarlinkMessages(Random random) {
        this.random = random;
    }

    /** One message without its NUL, mostly. */
    byte[] next() {
        byte[] call = call().getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> call;
            case 3 -> Arrays.copyOf(call, random.nextInt(call.length + 1));
            case 4 -> flipped(call);
            case 5 -> spliced(call);
            case 6 -> deep();
            default -> noise();
        };
    }

    private String call() {
        StringBuilder json = new StringBuilder("{\"method\":\"");
        json.append(random.nextInt(12) == 0 ? "org.varlink.service." : "org.procmon.Monitor.");
        json.append(random.nextInt(12) == 0 ? "GetInfo" : pick(METHODS)).append('"');
        int groups = random.nextInt(20) == 0 ? 2 : 1;
        for (int i = 0; i < groups; i++) {
            json.append(",\"parameters\":").append(random.nextInt(15) == 0 ? value() : object());
        }
        if (random.nextInt(4) == 0) {
            json.append(",\"more\":").append(random.nextInt(9) == 0 ? value() : "true");
        }
        if (random.nextInt(12) == 0) {
            json.append(",\"oneway\":true");
        }
        return json.append('}').toString();
    }

    private String object() {
        StringBuilder json = new StringBuilder("{");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String key = pick(KEYS);
            json.append(i == 0 ? "" : ",").append('"').append(key).append("\":");
            json.append(random.nextInt(3) == 0 ? value() : fitting(key));
        }
        return json.append('}').toString();
    }

    private String fitting(String key) {
        return switch (key) {
            case "names" -> names();
            case "name", "signal", "interface", "stream", "position" -> text();
            case "timeout_ms", "lines", "since", "instances" -> number();
            case "on_behalf" -> "{\"user\":" + text() + ",\"address\":" + text() + "}";
            default -> random.nextBoolean() ? "true" : "false";
        };
    }

    private String names() {
        int count = random.nextInt(60) == 0 ? random.nextInt(9_000) : random.nextInt(4);
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",");
            json.append(count > 9 ? "\"zz[w]*" + i + "\"" : text());
        }
        return json.append(']').toString();
    }

    private String value() {
        return switch (random.nextInt(7)) {
            case 0 -> "null";
            case 1 -> "tru";
            case 2 -> number();
            case 3 -> "[]";
            case 4 -> "{\"x\":[1,{}]}";
            case 5 -> names();
            default -> text();
        };
    }

    private String text() {
        String text = pick(TEXTS);
        return '"' + (random.nextInt(40) == 0 ? text.repeat(random.nextInt(1_000)) : text) + '"';
    }

    private String number() {
        return switch (random.nextInt(6)) {
            case 0 -> "-1";
            case 1 -> "1".repeat(1 + random.nextInt(1_200));
            case 2 -> "1e999999";
            case 3 -> "9223372036854775807";
            case 4 -> "0.5";
            default -> String.valueOf(random.nextInt(100));
        };
    }

    private byte[] deep() {
        int depth = random.nextInt(200);
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        return ("{\"method\":\"org.procmon.Monitor.List\",\"parameters\":{\"x\":"
                        + open.repeat(depth))
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] flipped(byte[] call) {
        byte[] bytes = call.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private byte[] spliced(byte[] call) {
        byte[] other = call().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(call, 0, random.nextInt(call.length + 1));
        int from = random.nextInt(other.length + 1);
        bytes.write(other, from, other.length - from);
        return bytes.toByteArray();
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
