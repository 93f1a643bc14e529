package org.procmon.status.fields;

/** Output of a process that could not be kept. What each value means is in its table. */
public record LostOutput(long lostBytes, String reason, boolean failing) {
    private static final FieldTable.Builder<LostOutput> T = new FieldTable.Builder<>("OutputLoss");

    private static final Field<LostOutput, Long> LOST_BYTES =
            T.field("lost_bytes", FieldType.LONG, LostOutput::lostBytes)
                    .in("bytes")
                    .means("how much was lost")
                    .metric("output_lost_bytes_total");

    private static final Field<LostOutput, String> REASON =
            T.field("reason", FieldType.TEXT, LostOutput::reason)
                    .means("why, such as `cannot write web.log: No space left on device`");

    private static final Field<LostOutput, Boolean> FAILING =
            T.field("failing", FieldType.FLAG, LostOutput::failing)
                    .means("whether output is still being lost");

    /** The keys of {@code output}. */
    static final FieldTable<LostOutput> TABLE =
            T.table(values ->
                    new LostOutput(
                            values.get(LOST_BYTES), values.get(REASON), values.get(FAILING)));
}
