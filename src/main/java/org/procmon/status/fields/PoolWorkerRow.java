package org.procmon.status.fields;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a pool. What each value means is in its table; its process has more fields.
 *
 * @param started when its run started; empty if none is alive
 * @param socket where clients reach it
 * @param activity what it does; empty if it does not run
 */
public record PoolWorkerRow(
        String name,
        String state,
        int pid,
        Optional<String> started,
        OptionalLong uptimeMs,
        String socket,
        Optional<Activity> activity) {
    /**
     * What a worker that runs does.
     *
     * @param work {@code starting}, {@code idle}, {@code kept}, {@code busy}, {@code stopping} or
     *     {@code unknown}
     */
    public record Activity(
            String work,
            int connections,
            OptionalLong busyMs,
            Optional<String> systemCall,
            Optional<String> waitChannel,
            OptionalLong cpuMs,
            long rss) {}

    private static final FieldTable.Builder<PoolWorkerRow> T =
            new FieldTable.Builder<>("PoolWorker");

    private static final Field<PoolWorkerRow, String> NAME =
            T.field("name", FieldType.TEXT, PoolWorkerRow::name).means("the name of its process");

    private static final Field<PoolWorkerRow, String> STATE =
            T.field("state", FieldType.word("State"), PoolWorkerRow::state)
                    .means("the state of its process");

    private static final Field<PoolWorkerRow, Integer> PID =
            T.field("pid", FieldType.INT, PoolWorkerRow::pid)
                    .means("the pid of its latest run, alive or not; 0 before the first");

    private static final Field<PoolWorkerRow, String> STARTED =
            T.field("started", FieldType.TIME.optional(), row -> row.started.orElse(null))
                    .in("RFC 3339")
                    .means("when the run that is alive started");

    private static final Field<PoolWorkerRow, Long> UPTIME_MS =
            T.field("uptime_ms", FieldType.LONG.optional(), row -> orNull(row.uptimeMs))
                    .in("ms")
                    .means("the age of the run that is alive, if one is");

    private static final Field<PoolWorkerRow, String> SOCKET =
            T.field("socket", FieldType.TEXT, PoolWorkerRow::socket)
                    .means(
                            "where clients reach it: the path of a Unix socket, `@NAME`,"
                                    + " `HOST:PORT` or `systemd:NAME`");

    private static final Field<PoolWorkerRow, String> WORK =
            T.field(
                            "work",
                            FieldType.word("Work").optional(),
                            row -> row.activity.map(Activity::work).orElse(null))
                    .means(
                            "if it runs: `starting`, `idle`, `kept` (a web server keeps a"
                                    + " connection open and sends nothing), `busy`, `stopping` or"
                                    + " `unknown`");

    private static final Field<PoolWorkerRow, Integer> CONNECTIONS =
            T.field(
                            "connections",
                            FieldType.INT.optional(),
                            row -> row.activity.map(Activity::connections).orElse(null))
                    .means("if it runs: how many connections it has");

    private static final Field<PoolWorkerRow, Long> BUSY_MS =
            T.field(
                            "busy_ms",
                            FieldType.LONG.optional(),
                            row -> orNull(ofActivity(row, Activity::busyMs)))
                    .in("ms")
                    .means("how long it has had the oldest of them, as far as that was seen");

    private static final Field<PoolWorkerRow, String> SYSTEM_CALL =
            T.field(
                            "system_call",
                            FieldType.TEXT.optional(),
                            row -> row.activity.flatMap(Activity::systemCall).orElse(null))
                    .means("the system call that it is in");

    private static final Field<PoolWorkerRow, String> WAIT_CHANNEL =
            T.field(
                            "wait_channel",
                            FieldType.TEXT.optional(),
                            row -> row.activity.flatMap(Activity::waitChannel).orElse(null))
                    .means("the function of the kernel that it waits in");

    private static final Field<PoolWorkerRow, Long> CPU_MS =
            T.field(
                            "cpu_ms",
                            FieldType.LONG.optional(),
                            row -> orNull(ofActivity(row, Activity::cpuMs)))
                    .in("ms")
                    .means("the processor time of its process, in steps of 10 ms");

    private static final Field<PoolWorkerRow, Long> RSS =
            T.field(
                            "rss",
                            FieldType.LONG.optional(),
                            row -> row.activity.map(Activity::rss).orElse(null))
                    .in("bytes")
                    .means("if it runs: its resident memory");

    /** The keys of a worker. */
    public static final FieldTable<PoolWorkerRow> TABLE = T.table(PoolWorkerRow::of);

    private static PoolWorkerRow of(FieldValues values) {
        return new PoolWorkerRow(
                values.get(NAME),
                values.get(STATE),
                values.get(PID),
                values.find(STARTED),
                values.count(UPTIME_MS),
                values.get(SOCKET),
                values.find(WORK)
                        .map(work ->
                                new Activity(
                                        work,
                                        values.get(CONNECTIONS),
                                        values.count(BUSY_MS),
                                        values.find(SYSTEM_CALL),
                                        values.find(WAIT_CHANNEL),
                                        values.count(CPU_MS),
                                        values.get(RSS))));
    }

    private static OptionalLong ofActivity(
            PoolWorkerRow row, Function<Activity, OptionalLong> getter) {
        return row.activity.map(getter).orElse(OptionalLong.empty());
    }

    static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    static @Nullable Integer orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
