package org.procmon.status.fields;

import java.util.List;

/** Why a pool is in its state. What each value means is in its table. */
public record PoolExplanation(
        PoolRow pool, List<String> reasons, List<String> lastWords, String outlook)
        implements Explained {
    public PoolExplanation {
        reasons = List.copyOf(reasons);
        lastWords = List.copyOf(lastWords);
    }

    private static final FieldTable.Builder<PoolExplanation> T =
            new FieldTable.Builder<>("PoolExplanation");

    private static final Field<PoolExplanation, PoolRow> POOL =
            T.field("pool", FieldType.object(PoolFields.TABLE), PoolExplanation::pool)
                    .means("the pool, as in `status`");

    private static final Field<PoolExplanation, List<String>> REASONS =
            T.field("reasons", FieldType.TEXTS, PoolExplanation::reasons)
                    .means(
                            "why it has no more workers, why clients wait, and what is wrong with"
                                    + " workers, each in words");

    private static final Field<PoolExplanation, List<String>> LAST_WORDS =
            T.field("last_words", FieldType.TEXTS, PoolExplanation::lastWords)
                    .means("the last lines of the standard error of a worker that does not start");

    private static final Field<PoolExplanation, String> OUTLOOK =
            T.field("outlook", FieldType.TEXT, PoolExplanation::outlook)
                    .means("what comes next and when, or what is needed for it, in words");

    /** The keys of an explanation. */
    public static final FieldTable<PoolExplanation> TABLE =
            T.table(values ->
                    new PoolExplanation(
                            values.get(POOL),
                            values.get(REASONS),
                            values.get(LAST_WORDS),
                            values.get(OUTLOOK)));
}
