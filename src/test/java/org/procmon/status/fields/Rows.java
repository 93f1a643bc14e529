package org.procmon.status.fields;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.History;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Instance;
import org.procmon.status.fields.ProcessRow.Run;
import org.procmon.status.fields.ProcessRow.Signs;
import org.procmon.status.fields.ProcessRow.Usage;
import org.procmon.status.fields.ProcessRow.Warnings;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** A process with every field and one with the fewest, and their JSON. */
final class Rows {
    static final ProcessRow FULL =
            new ProcessRow(
                    new Identity(
                            "web",
                            "sh -c \"\u00e4\u0001\uD83D\uDE00\uD83D\"",
                            List.of("a", "b"),
                            true,
                            Optional.of(new Instance("web", 3))),
                    new Condition("backoff", "up", "2026-01-01T00:00:00.000Z", 5, "why"),
                    new Run(7, 9, 8, OptionalLong.of(6)),
                    Optional.of(
                            new LastExit(
                                    OptionalInt.of(3),
                                    Optional.empty(),
                                    "2026-01-01T00:00:01.000Z",
                                    1,
                                    2,
                                    3,
                                    4096)),
                    Optional.of(new NextChange("restart", "2026-01-01T00:00:02.000Z", 1000)),
                    Optional.of(new LostOutput(1L << 40, "cannot write \"x\"", true)),
                    new Warnings(
                            Optional.of("on_failure: exited with code 1"), Optional.of("no room")),
                    new Signs(
                            Optional.of(false),
                            Optional.of("unhealthy"),
                            Optional.of("refused"),
                            Optional.of("busy"),
                            OptionalInt.of(11),
                            Optional.of("not its own")),
                    new History(
                            List.of(
                                    new LastExit(
                                            OptionalInt.empty(),
                                            Optional.of("KILL"),
                                            "2026-01-01T00:00:03.000Z",
                                            5,
                                            6,
                                            7,
                                            8)),
                            9),
                    Optional.of(new Usage(12.34, 4096)));

    static final String FULL_JSON =
            "{\"name\":\"web\",\"state\":\"backoff\",\"goal\":\"up\",\"pid\":7,\"runcount\":9,"
                    + "\"restarts\":8,\"since\":\"2026-01-01T00:00:00.000Z\",\"age_ms\":5,"
                    + "\"uptime_ms\":6,\"exec\":\"sh -c \\\"\u00e4\\u0001\uD83D\uDE00\uFFFD\\\"\","
                    + "\"cause\":\"why\",\"last_exit\":{\"code\":3,"
                    + "\"at\":\"2026-01-01T00:00:01.000Z\",\"run_ms\":1,\"user_ms\":2,"
                    + "\"system_ms\":3,\"max_rss\":4096},\"next\":{\"what\":\"restart\","
                    + "\"at\":\"2026-01-01T00:00:02.000Z\",\"in_ms\":1000},"
                    + "\"depends\":[\"a\",\"b\"],\"output\":{\"lost_bytes\":1099511627776,"
                    + "\"reason\":\"cannot write \\\"x\\\"\",\"failing\":true},"
                    + "\"hook\":\"on_failure: exited with code 1\",\"unkept\":\"no room\","
                    + "\"orphan\":true,\"group\":\"web\",\"instance\":3,\"cpu_percent\":12.34,"
                    + "\"rss\":4096,\"ready\":false,\"health\":\"unhealthy\","
                    + "\"complaint\":\"refused\",\"status\":\"busy\",\"main_pid\":11,"
                    + "\"ignored\":\"not its own\",\"history\":[{\"signal\":\"KILL\","
                    + "\"at\":\"2026-01-01T00:00:03.000Z\",\"run_ms\":5,\"user_ms\":6,"
                    + "\"system_ms\":7,\"max_rss\":8}],\"skipped\":9}";

    static final ProcessRow BARE =
            new ProcessRow(
                    new Identity("job", "true", List.of(), false, Optional.empty()),
                    new Condition(
                            "stopped", "down", "2026-01-01T00:00:00.000Z", 5, "never started"),
                    new Run(0, 0, 0, OptionalLong.empty()));

    static final String BARE_JSON =
            "{\"name\":\"job\",\"state\":\"stopped\",\"goal\":\"down\",\"pid\":0,\"runcount\":0,"
                    + "\"restarts\":0,\"since\":\"2026-01-01T00:00:00.000Z\",\"age_ms\":5,"
                    + "\"exec\":\"true\",\"cause\":\"never started\",\"depends\":[]}";

    private Rows() {}

    static <R> String write(FieldTable<R> table, R value) {
        MessageBuffer buffer = new MessageBuffer();
        try (JsonGenerator json = Json.generator(buffer)) {
            table.write(json, value);
        }
        return buffer.text();
    }

    static <R> R read(FieldTable<R> table, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (JsonParser json = Json.parser(bytes, 0, bytes.length)) {
            json.nextToken();
            return table.read(json);
        }
    }
}
