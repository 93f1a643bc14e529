package org.procmon.status.fields;

/** What will happen to a process by itself. What each value means is in its table. */
public record NextChange(String what, String at, long inMs) {
    private static final FieldTable.Builder<NextChange> T = new FieldTable.Builder<>("Next");

    private static final Field<NextChange, String> WHAT =
            T.field("what", FieldType.TEXT, NextChange::what).means("in a word or two");

    private static final Field<NextChange, String> AT =
            T.field("at", FieldType.TIME, NextChange::at).in("RFC 3339").means("when");

    private static final Field<NextChange, Long> IN_MS =
            T.field("in_ms", FieldType.LONG, NextChange::inMs)
                    .in("ms")
                    .means("how long until then, by the monotonic clock");

    /** The keys of {@code next}. */
    static final FieldTable<NextChange> TABLE =
            T.table(values -> new NextChange(values.get(WHAT), values.get(AT), values.get(IN_MS)));
}
