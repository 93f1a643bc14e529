package org.procmon.status.fields;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a run exited. Without code and signal it is unknown: the run exited while no monitor could
 * see it. What each value means is in its table.
 */
public record LastExit(
        OptionalInt code,
        Optional<String> signal,
        String at,
        long runMs,
        long userMs,
        long systemMs,
        long maxRss) {
    private static final FieldTable.Builder<LastExit> T = new FieldTable.Builder<>("LastExit");

    private static final Field<LastExit, Integer> CODE =
            T.field("code", FieldType.INT.optional(), LastExit::codeOrNull)
                    .means("its exit code; left out if a signal ended it")
                    .metric("last_exit_code");

    private static final Field<LastExit, String> SIGNAL =
            T.field("signal", FieldType.TEXT.optional(), exit -> exit.signal.orElse(null))
                    .means("the signal that ended it: its name without `SIG`, or its number");

    private static final Field<LastExit, String> AT =
            T.field("at", FieldType.TIME, LastExit::at).in("RFC 3339").means("when it exited");

    private static final Field<LastExit, Long> RUN_MS =
            T.field("run_ms", FieldType.LONG, LastExit::runMs).in("ms").means("how long it ran");

    private static final Field<LastExit, Long> USER_MS =
            T.field("user_ms", FieldType.LONG, LastExit::userMs)
                    .in("ms")
                    .means("processor time in user mode");

    private static final Field<LastExit, Long> SYSTEM_MS =
            T.field("system_ms", FieldType.LONG, LastExit::systemMs)
                    .in("ms")
                    .means("processor time in the kernel");

    private static final Field<LastExit, Long> MAX_RSS =
            T.field("max_rss", FieldType.LONG, LastExit::maxRss)
                    .in("bytes")
                    .means(
                            "the largest resident set; 0 if the kernel does not report it, as for a"
                                    + " program smaller than the monitor that exited by itself");

    /** The keys of {@code last_exit}, and of each item of {@code history}. */
    static final FieldTable<LastExit> TABLE = T.table(LastExit::of);

    private static LastExit of(FieldValues values) {
        return new LastExit(
                values.number(CODE),
                values.find(SIGNAL),
                values.get(AT),
                values.get(RUN_MS),
                values.get(USER_MS),
                values.get(SYSTEM_MS),
                values.get(MAX_RSS));
    }

    private @Nullable Integer codeOrNull() {
        return code.isPresent() ? code.getAsInt() : null;
    }
}
