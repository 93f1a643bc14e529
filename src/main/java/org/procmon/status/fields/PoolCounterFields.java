package org.procmon.status.fields;

import static org.procmon.status.fields.FieldType.INT;
import static org.procmon.status.fields.FieldType.LONG;

import org.procmon.status.fields.PoolRow.Counters;

/** The fields of {@code counters}. */
final class PoolCounterFields {
    private static final FieldTable.Builder<Counters> T = new FieldTable.Builder<>("PoolCounters");

    private static final Field<Counters, Long> STARTED =
            T.field("started", LONG, Counters::started).means("workers that it has started");

    private static final Field<Counters, Long> IDLE_STOPPED =
            T.field("idle_stopped", LONG, Counters::idleStopped)
                    .means("workers that it has stopped since they had nothing to do");

    private static final Field<Counters, Long> RECYCLED =
            T.field("recycled", LONG, Counters::recycled)
                    .means(
                            "workers that it has replaced, or that ended by themselves with success");

    private static final Field<Counters, Long> MAX_REACHED =
            T.field("max_reached", LONG, Counters::maxReached)
                    .means("how often clients began to wait although all workers ran");

    private static final Field<Counters, Long> OVERFLOWS =
            T.field("overflows", LONG, Counters::overflows)
                    .means("how often a limit of the queue began to refuse clients");

    private static final Field<Counters, Long> REFUSED =
            T.field("refused", LONG, Counters::refused).means("clients that got 503");

    private static final Field<Counters, Integer> MOST_BUSY =
            T.field("most_busy", INT, Counters::mostBusy)
                    .means("the most workers that were seen busy at once");

    private static final Field<Counters, Integer> LONGEST_QUEUE =
            T.field("longest_queue", INT, Counters::longestQueue)
                    .means("the most clients that were seen waiting at once");

    /** The keys of {@code counters}. */
    static final FieldTable<Counters> TABLE =
            T.table(values ->
                    new Counters(
                            values.get(STARTED),
                            values.get(IDLE_STOPPED),
                            values.get(RECYCLED),
                            values.get(MAX_REACHED),
                            values.get(OVERFLOWS),
                            values.get(REFUSED),
                            values.get(MOST_BUSY),
                            values.get(LONGEST_QUEUE)));

    private PoolCounterFields() {}
}
