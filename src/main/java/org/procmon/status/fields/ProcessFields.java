package org.procmon.status.fields;

import static org.procmon.status.fields.FieldType.FLAG;
import static org.procmon.status.fields.FieldType.FLOAT;
import static org.procmon.status.fields.FieldType.INT;
import static org.procmon.status.fields.FieldType.LONG;
import static org.procmon.status.fields.FieldType.TEXT;
import static org.procmon.status.fields.FieldType.TEXTS;
import static org.procmon.status.fields.FieldType.TIME;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procmon.status.fields.ProcessRow.Condition;
import org.procmon.status.fields.ProcessRow.History;
import org.procmon.status.fields.ProcessRow.Identity;
import org.procmon.status.fields.ProcessRow.Instance;
import org.procmon.status.fields.ProcessRow.Run;
import org.procmon.status.fields.ProcessRow.Signs;
import org.procmon.status.fields.ProcessRow.Usage;
import org.procmon.status.fields.ProcessRow.Warnings;

/**
 * The fields of a process. A new one is an entry here, and its value in {@link ProcessRow}; the
 * tests then tell what to put into the interface description and the reference.
 */
public final class ProcessFields {
    private static final FieldTable.Builder<ProcessRow> T = new FieldTable.Builder<>("Process");

    private static final Field<ProcessRow, String> NAME =
            T.field("name", TEXT, ProcessRow::name).means("its name");

    private static final Field<ProcessRow, String> STATE =
            T.field("state", FieldType.word("State"), ProcessRow::state)
                    .means(
                            "`stopped`, `waiting`, `starting`, `running`, `stopping`, `backoff`,"
                                    + " `completed` or `failed`")
                    .metric("state");

    private static final Field<ProcessRow, String> GOAL =
            T.field("goal", FieldType.word("Goal"), ProcessRow::goal)
                    .means("`up`, `down` or `forgotten`: deleted as soon as it is down");

    private static final Field<ProcessRow, Integer> PID =
            T.field("pid", INT, ProcessRow::pid)
                    .means("the pid of its latest run, alive or not; 0 before the first")
                    .line(3, "pid", StatusWords::pid);

    private static final Field<ProcessRow, Long> RUNCOUNT =
            T.field("runcount", LONG, ProcessRow::runcount)
                    .means("how many runs were started")
                    .line(4, "runs")
                    .metric("starts_total");

    private static final Field<ProcessRow, Long> RESTARTS =
            T.field("restarts", LONG, row -> row.run().restarts())
                    .means("how many of them followed another")
                    .metric("restarts_total");

    private static final Field<ProcessRow, String> SINCE =
            T.field("since", TIME, row -> row.condition().since())
                    .in("RFC 3339")
                    .means("when its state began; it moves with the wall clock")
                    .line(2, "since");

    private static final Field<ProcessRow, Long> AGE_MS =
            T.field("age_ms", LONG, ProcessRow::ageMs)
                    .in("ms")
                    .means("the time in its state, by the monotonic clock");

    private static final Field<ProcessRow, Long> UPTIME_MS =
            T.field("uptime_ms", LONG.optional(), ProcessFields::uptime)
                    .in("ms")
                    .means("the age of the run that is alive, if one is");

    private static final Field<ProcessRow, String> EXEC =
            T.field("exec", TEXT, ProcessRow::exec)
                    .means("its command line, as configured")
                    .line(5, "command");

    private static final Field<ProcessRow, String> CAUSE =
            T.field("cause", TEXT, ProcessRow::cause)
                    .means("why it is in its state, in words")
                    .line(1, "cause");

    private static final Field<ProcessRow, LastExit> LAST_EXIT =
            T.field(
                            "last_exit",
                            FieldType.object(LastExit.TABLE).optional(),
                            row -> row.lastExit().orElse(null))
                    .means("how its latest finished run exited, if one has")
                    .line(6, "last exit", (_, exit) -> StatusWords.exit(exit));

    private static final Field<ProcessRow, NextChange> NEXT =
            T.field(
                            "next",
                            FieldType.object(NextChange.TABLE).optional(),
                            row -> row.next().orElse(null))
                    .means("what will happen by itself, if anything will")
                    .line(7, "next", (_, next) -> StatusWords.next(next));

    private static final Field<ProcessRow, List<String>> DEPENDS =
            T.field("depends", TEXTS, row -> row.identity().depends())
                    .means("the names that it depends on")
                    .line(13, "depends on");

    private static final Field<ProcessRow, LostOutput> OUTPUT =
            T.field(
                            "output",
                            FieldType.object(LostOutput.TABLE).optional(),
                            row -> row.output().orElse(null))
                    .means("there if some of its output was lost")
                    .line(17, "output", (_, loss) -> StatusWords.loss(loss));

    private static final Field<ProcessRow, String> HOOK =
            T.field("hook", TEXT.optional(), row -> row.warnings().hook().orElse(null))
                    .means("what is wrong with its latest hook")
                    .line(15, "hook");

    private static final Field<ProcessRow, String> UNKEPT =
            T.field("unkept", TEXT.optional(), row -> row.warnings().unkept().orElse(null))
                    .means("why its state would be lost with this monitor")
                    .line(16, "not kept");

    private static final Field<ProcessRow, Boolean> ORPHAN =
            T.field("orphan", FLAG.optional(), row -> row.identity().orphan() ? true : null)
                    .means("true if it runs although it is no longer in the configuration")
                    .line(14, "orphan", (_, _) -> "no longer in the configuration");

    private static final Field<ProcessRow, String> GROUP =
            T.field(
                            "group",
                            TEXT.optional(),
                            row -> row.identity().instance().map(Instance::group).orElse(null))
                    .means("of one of several instances: the `id` of their entry");

    private static final Field<ProcessRow, Integer> INSTANCE =
            T.field(
                            "instance",
                            INT.optional(),
                            row -> row.identity().instance().map(Instance::number).orElse(null))
                    .means("of one of several instances: its number, from 1");

    private static final Field<ProcessRow, Double> CPU_PERCENT =
            T.field(
                            "cpu_percent",
                            FLOAT.optional(),
                            row -> row.usage().map(Usage::cpuPercent).orElse(null))
                    .in("%")
                    .means(
                            "if usage is requested and a run is alive: the processor time of its"
                                    + " session divided by its age, as in ps(1); 100 is one"
                                    + " processor all the time");

    private static final Field<ProcessRow, Long> RSS =
            T.field("rss", LONG.optional(), row -> row.usage().map(Usage::rss).orElse(null))
                    .in("bytes")
                    .means(
                            "if usage is requested and a run is alive: the resident memory of its"
                                    + " session; shared pages count for each process")
                    .metric("resident_memory_bytes");

    private static final Field<ProcessRow, Boolean> READY =
            T.field("ready", FLAG.optional(), row -> row.signs().ready().orElse(null))
                    .means("with the key `ready`: whether it is")
                    .line(8, "ready")
                    .metric("ready");

    private static final Field<ProcessRow, String> HEALTH =
            T.field(
                            "health",
                            FieldType.word("Health").optional(),
                            row -> row.signs().health().orElse(null))
                    .means("with the key `health`: `healthy`, `unhealthy` or `unknown`")
                    .line(9, "health", StatusWords::health)
                    .metric("healthy");

    private static final Field<ProcessRow, String> COMPLAINT =
            T.field("complaint", TEXT.optional(), row -> row.signs().complaint().orElse(null))
                    .means("how the latest probe failed");

    private static final Field<ProcessRow, String> STATUS =
            T.field("status", TEXT.optional(), row -> row.signs().status().orElse(null))
                    .means("its own status text, from a notification")
                    .line(10, "says");

    private static final Field<ProcessRow, Integer> MAIN_PID =
            T.field("main_pid", INT.optional(), ProcessFields::mainPid)
                    .means("the pid of its main process, from a notification")
                    .line(11, "main pid");

    private static final Field<ProcessRow, String> IGNORED =
            T.field("ignored", TEXT.optional(), row -> row.signs().ignored().orElse(null))
                    .means("why a notification in its name was rejected")
                    .line(12, "ignored");

    private static final Field<ProcessRow, List<LastExit>> HISTORY =
            T.field(
                            "history",
                            FieldType.objects(LastExit.TABLE).optional(),
                            row -> row.history().isEmpty() ? null : row.history().runs())
                    .means("with a schedule: its last ten runs, the oldest first");

    private static final Field<ProcessRow, Long> SKIPPED =
            T.field(
                            "skipped",
                            LONG.optional(),
                            row -> row.history().isEmpty() ? null : row.history().skipped())
                    .means(
                            "with a schedule: how many starts were skipped because the last run was"
                                    + " still alive");

    /** The keys of a process, in the order in which they are written. */
    public static final FieldTable<ProcessRow> TABLE = T.table(ProcessFields::row);

    private ProcessFields() {}

    static ProcessRow row(FieldValues values) {
        return new ProcessRow(
                new Identity(
                        values.get(NAME),
                        values.get(EXEC),
                        values.get(DEPENDS),
                        values.get(ORPHAN),
                        values.find(INSTANCE)
                                .map(number -> new Instance(values.get(GROUP), number))),
                new Condition(
                        values.get(STATE),
                        values.get(GOAL),
                        values.get(SINCE),
                        values.get(AGE_MS),
                        values.get(CAUSE)),
                new Run(
                        values.get(PID),
                        values.get(RUNCOUNT),
                        values.get(RESTARTS),
                        values.count(UPTIME_MS)),
                values.find(LAST_EXIT),
                values.find(NEXT),
                values.find(OUTPUT),
                new Warnings(values.find(HOOK), values.find(UNKEPT)),
                signs(values),
                new History(values.get(HISTORY), values.get(SKIPPED)),
                values.find(RSS).map(rss -> new Usage(values.get(CPU_PERCENT), rss)));
    }

    private static Signs signs(FieldValues values) {
        return new Signs(
                values.find(READY),
                values.find(HEALTH),
                values.find(COMPLAINT),
                values.find(STATUS),
                values.number(MAIN_PID),
                values.find(IGNORED));
    }

    private static @Nullable Long uptime(ProcessRow row) {
        return row.run().uptimeMs().isPresent() ? row.run().uptimeMs().getAsLong() : null;
    }

    private static @Nullable Integer mainPid(ProcessRow row) {
        return row.signs().mainPid().isPresent() ? row.signs().mainPid().getAsInt() : null;
    }
}
