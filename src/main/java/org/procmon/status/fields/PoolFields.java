package org.procmon.status.fields;

import static org.procmon.status.fields.FieldType.INT;
import static org.procmon.status.fields.FieldType.LONG;
import static org.procmon.status.fields.FieldType.TEXT;

import java.util.List;
import org.procmon.status.fields.PoolRow.Condition;
import org.procmon.status.fields.PoolRow.Counters;
import org.procmon.status.fields.PoolRow.Listening;
import org.procmon.status.fields.PoolRow.Load;
import org.procmon.status.fields.PoolRow.Queue;
import org.procmon.status.fields.PoolRow.Roll;
import org.procmon.status.fields.PoolRow.Setup;

/** The fields of a pool, made as {@link ProcessFields} are. */
public final class PoolFields {
    private static final String KIND_OF_POOL = "pool";

    private static final FieldTable.Builder<PoolRow> T = new FieldTable.Builder<>("Pool");

    @SuppressWarnings("UnusedVariable") // written, never read
    private static final Field<PoolRow, String> KIND =
            T.field("kind", TEXT, _ -> KIND_OF_POOL)
                    .means("`pool`; a process has no such key, so this tells them apart");

    private static final Field<PoolRow, String> NAME =
            T.field("name", TEXT, PoolRow::name).means("its name");

    private static final Field<PoolRow, String> STATE =
            T.field("state", FieldType.word("PoolState"), PoolRow::state)
                    .means(
                            "`serving`, `stopped`, or `failed`: it listens nowhere, or its workers"
                                    + " do not start");

    private static final Field<PoolRow, String> CAUSE =
            T.field("cause", TEXT, row -> row.condition().cause())
                    .means("why it is in its state, in words")
                    .line(1, "cause");

    private static final Field<PoolRow, String> SINCE =
            T.field("since", FieldType.TIME, row -> row.condition().since())
                    .in("RFC 3339")
                    .means("since when this monitor runs it; it moves with the wall clock")
                    .line(2, "since");

    private static final Field<PoolRow, Long> AGE_MS =
            T.field("age_ms", LONG, row -> row.condition().ageMs())
                    .in("ms")
                    .means("how long that is, by the monotonic clock");

    private static final Field<PoolRow, String> MODE =
            T.field("mode", FieldType.word("PoolMode"), row -> row.setup().mode())
                    .means("`static`, `dynamic` or `ondemand`")
                    .line(3, "mode", (row, _) -> PoolWords.mode(row.setup()));

    private static final Field<PoolRow, Integer> MIN_WORKERS =
            T.field("min_workers", INT, row -> row.setup().minWorkers())
                    .means("how many workers there always are");

    private static final Field<PoolRow, Integer> MAX_WORKERS =
            T.field("max_workers", INT, row -> row.setup().maxWorkers())
                    .means("how many there may be");

    private static final Field<PoolRow, String> EXEC =
            T.field("exec", TEXT, row -> row.setup().exec())
                    .means("the command line of its workers, as configured")
                    .line(4, "command");

    private static final Field<PoolRow, List<String>> LISTEN =
            T.field("listen", FieldType.TEXTS, row -> row.listening().addresses())
                    .means("the addresses on which it listens")
                    .line(5, "listens on");

    private static final Field<PoolRow, String> TROUBLE =
            T.field("trouble", TEXT.optional(), row -> row.listening().trouble().orElse(null))
                    .means("why it does not listen on all its addresses")
                    .line(6, "trouble");

    private static final Field<PoolRow, Queue> QUEUE =
            T.field("queue", FieldType.object(PoolQueueFields.TABLE), PoolRow::queue)
                    .means("the clients that wait for a worker")
                    .line(7, "queue", (_, queue) -> PoolWords.queue(queue));

    private static final Field<PoolRow, Integer> BUSY =
            T.field("busy", INT, row -> row.load().busy())
                    .means("how many workers serve a client")
                    .line(8, "workers", (row, _) -> PoolWords.load(row));

    private static final Field<PoolRow, Integer> IDLE =
            T.field("idle", INT, row -> row.load().idle()).means("how many more workers run");

    @SuppressWarnings("UnusedVariable") // the sum is not read
    private static final Field<PoolRow, Integer> TOTAL =
            T.field("total", INT, PoolRow::total).means("the sum of `busy` and `idle`");

    private static final Field<PoolRow, Counters> COUNTERS =
            T.field("counters", FieldType.object(PoolCounterFields.TABLE), PoolRow::counters)
                    .means("what it has done since `since`")
                    .line(9, "so far", (_, counters) -> PoolWords.counters(counters));

    private static final Field<PoolRow, Roll> LAST_ROLL =
            T.field(
                            "last_roll",
                            FieldType.object(PoolRollFields.TABLE).optional(),
                            row -> row.lastRoll().orElse(null))
                    .means(
                            "the last replacement of all its workers, if there was one since `since`")
                    .line(10, "last roll", (_, roll) -> PoolWords.roll(roll));

    private static final Field<PoolRow, List<PoolWorkerRow>> WORKERS =
            T.field("workers", FieldType.objects(PoolWorkerRow.TABLE), PoolRow::workers)
                    .means("its workers that are processes, by their numbers");

    /** The keys of a pool, in the order in which they are written. */
    public static final FieldTable<PoolRow> TABLE = T.table(PoolFields::row);

    private PoolFields() {}

    private static PoolRow row(FieldValues values) {
        return new PoolRow(
                values.get(NAME),
                new Condition(
                        values.get(STATE),
                        values.get(CAUSE),
                        values.get(SINCE),
                        values.get(AGE_MS)),
                new Setup(
                        values.get(MODE),
                        values.get(MIN_WORKERS),
                        values.get(MAX_WORKERS),
                        values.get(EXEC)),
                new Listening(values.get(LISTEN), values.find(TROUBLE)),
                values.get(QUEUE),
                new Load(values.get(BUSY), values.get(IDLE)),
                values.get(COUNTERS),
                values.find(LAST_ROLL),
                values.get(WORKERS));
    }
}
