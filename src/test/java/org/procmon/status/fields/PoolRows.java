package org.procmon.status.fields;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.procmon.status.fields.PoolRow.Condition;
import org.procmon.status.fields.PoolRow.Counters;
import org.procmon.status.fields.PoolRow.Listening;
import org.procmon.status.fields.PoolRow.Load;
import org.procmon.status.fields.PoolRow.Queue;
import org.procmon.status.fields.PoolRow.Roll;
import org.procmon.status.fields.PoolRow.Setup;
import org.procmon.status.fields.PoolWorkerRow.Activity;

/** A pool with every field and one with the fewest, and their JSON. */
public final class PoolRows {
    static final PoolRow FULL =
            new PoolRow(
                    "php",
                    new Condition("serving", "2 of 3 are", "2026-01-01T00:00:00.000Z", 65_400),
                    new Setup("dynamic", 1, 3, "php-cgi"),
                    new Listening(List.of("/run/php.sock", ":9000"), Optional.of("in use")),
                    new Queue(
                            4,
                            OptionalLong.of(1_250),
                            511,
                            OptionalInt.of(200),
                            OptionalLong.of(9)),
                    new Load(2, 1),
                    new Counters(5, 1, 6, 2, 3, 7, 8, 9),
                    Optional.of(
                            new Roll(
                                    "failed",
                                    "2026-01-01T00:00:02.000Z",
                                    63_400,
                                    Optional.of("php.3 exited"))),
                    List.of(
                            new PoolWorkerRow(
                                    "php.1",
                                    "running",
                                    4001,
                                    Optional.of("2026-01-01T00:00:01.000Z"),
                                    OptionalLong.of(64_400),
                                    "/run/php.sock",
                                    Optional.of(
                                            new Activity(
                                                    "busy",
                                                    1,
                                                    OptionalLong.of(3_200),
                                                    Optional.of("read"),
                                                    Optional.of("pipe_read"),
                                                    OptionalLong.of(410),
                                                    23L << 20))),
                            new PoolWorkerRow(
                                    "php.2",
                                    "backoff",
                                    4002,
                                    Optional.empty(),
                                    OptionalLong.empty(),
                                    ":9000",
                                    Optional.empty())));

    /** As a monitor sends it. */
    public static final String FULL_JSON =
            "{\"kind\":\"pool\",\"name\":\"php\",\"state\":\"serving\",\"cause\":\"2 of 3 are\","
                    + "\"since\":\"2026-01-01T00:00:00.000Z\",\"age_ms\":65400,"
                    + "\"mode\":\"dynamic\",\"min_workers\":1,\"max_workers\":3,"
                    + "\"exec\":\"php-cgi\",\"listen\":[\"/run/php.sock\",\":9000\"],"
                    + "\"trouble\":\"in use\",\"queue\":{\"waiting\":4,\"oldest_ms\":1250,"
                    + "\"limit\":511,\"max\":200,\"timeout_ms\":9},\"busy\":2,\"idle\":1,"
                    + "\"total\":3,\"counters\":{\"started\":5,\"idle_stopped\":1,\"recycled\":6,"
                    + "\"max_reached\":2,\"overflows\":3,\"refused\":7,\"most_busy\":8,"
                    + "\"longest_queue\":9},\"last_roll\":{\"state\":\"failed\","
                    + "\"since\":\"2026-01-01T00:00:02.000Z\",\"age_ms\":63400,"
                    + "\"reason\":\"php.3 exited\"},\"workers\":[{\"name\":\"php.1\","
                    + "\"state\":\"running\",\"pid\":4001,"
                    + "\"started\":\"2026-01-01T00:00:01.000Z\",\"uptime_ms\":64400,"
                    + "\"socket\":\"/run/php.sock\","
                    + "\"work\":\"busy\",\"connections\":1,\"busy_ms\":3200,"
                    + "\"system_call\":\"read\",\"wait_channel\":\"pipe_read\",\"cpu_ms\":410,"
                    + "\"rss\":24117248},{\"name\":\"php.2\",\"state\":\"backoff\","
                    + "\"pid\":4002,\"socket\":\":9000\"}]}";

    static final PoolRow BARE =
            new PoolRow(
                    "app",
                    new Condition("stopped", "on request", "2026-01-01T00:00:00.000Z", 5),
                    new Setup("static", 2, 2, "app"),
                    new Listening(List.of(), Optional.empty()),
                    new Queue(
                            0,
                            OptionalLong.empty(),
                            128,
                            OptionalInt.empty(),
                            OptionalLong.empty()),
                    new Load(0, 0),
                    new Counters(0, 0, 0, 0, 0, 0, 0, 0),
                    Optional.empty(),
                    List.of());

    static final String BARE_JSON =
            "{\"kind\":\"pool\",\"name\":\"app\",\"state\":\"stopped\",\"cause\":\"on request\","
                    + "\"since\":\"2026-01-01T00:00:00.000Z\",\"age_ms\":5,\"mode\":\"static\","
                    + "\"min_workers\":2,\"max_workers\":2,\"exec\":\"app\",\"listen\":[],"
                    + "\"queue\":{\"waiting\":0,\"limit\":128},\"busy\":0,\"idle\":0,\"total\":0,"
                    + "\"counters\":{\"started\":0,\"idle_stopped\":0,\"recycled\":0,"
                    + "\"max_reached\":0,\"overflows\":0,\"refused\":0,\"most_busy\":0,"
                    + "\"longest_queue\":0},\"workers\":[]}";

    private PoolRows() {}
}
