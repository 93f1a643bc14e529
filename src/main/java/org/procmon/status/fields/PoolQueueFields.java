package org.procmon.status.fields;

import static org.procmon.status.fields.FieldType.INT;
import static org.procmon.status.fields.FieldType.LONG;

import org.procmon.status.fields.PoolRow.Queue;

/** The fields of {@code queue}. */
final class PoolQueueFields {
    private static final FieldTable.Builder<Queue> T = new FieldTable.Builder<>("PoolQueue");

    private static final Field<Queue, Integer> WAITING =
            T.field("waiting", INT, Queue::waiting).means("how many clients wait");

    private static final Field<Queue, Long> OLDEST_MS =
            T.field("oldest_ms", LONG.optional(), queue -> PoolWorkerRow.orNull(queue.oldestMs()))
                    .in("ms")
                    .means("how long the first of them has waited, as far as that was seen");

    private static final Field<Queue, Integer> LIMIT =
            T.field("limit", INT, Queue::limit).means("how many the kernel lets wait");

    private static final Field<Queue, Integer> MAX =
            T.field("max", INT.optional(), queue -> PoolWorkerRow.orNull(queue.max()))
                    .means("with `queue.max`: beyond how many the first of them gets 503");

    private static final Field<Queue, Long> TIMEOUT_MS =
            T.field("timeout_ms", LONG.optional(), queue -> PoolWorkerRow.orNull(queue.timeoutMs()))
                    .in("ms")
                    .means("with `queue.timeout`: after how long a client gets 503");

    /** The keys of {@code queue}. */
    static final FieldTable<Queue> TABLE =
            T.table(values ->
                    new Queue(
                            values.get(WAITING),
                            values.count(OLDEST_MS),
                            values.get(LIMIT),
                            values.number(MAX),
                            values.count(TIMEOUT_MS)));

    private PoolQueueFields() {}
}
