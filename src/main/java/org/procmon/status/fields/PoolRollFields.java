package org.procmon.status.fields;

import org.procmon.status.fields.PoolRow.Roll;

/** The fields of {@code last_roll}. */
final class PoolRollFields {
    private static final FieldTable.Builder<Roll> T = new FieldTable.Builder<>("PoolRoll");

    private static final Field<Roll, String> STATE =
            T.field("state", FieldType.word("RollState"), Roll::state)
                    .means(
                            "`under_way`, `done`, `failed` (a new worker did not become ready, so"
                                    + " the old ones stay), or `dropped` (the pool was stopped,"
                                    + " started or configured meanwhile)");

    private static final Field<Roll, String> SINCE =
            T.field("since", FieldType.TIME, Roll::since)
                    .in("RFC 3339")
                    .means("since when; it moves with the wall clock");

    private static final Field<Roll, Long> AGE_MS =
            T.field("age_ms", FieldType.LONG, Roll::ageMs)
                    .in("ms")
                    .means("how long that is, by the monotonic clock");

    private static final Field<Roll, String> REASON =
            T.field("reason", FieldType.TEXT.optional(), roll -> roll.reason().orElse(null))
                    .means("if it failed: which worker, and why, in words");

    /** The keys of {@code last_roll}. */
    static final FieldTable<Roll> TABLE =
            T.table(values ->
                    new Roll(
                            values.get(STATE),
                            values.get(SINCE),
                            values.get(AGE_MS),
                            values.find(REASON)));

    private PoolRollFields() {}
}
