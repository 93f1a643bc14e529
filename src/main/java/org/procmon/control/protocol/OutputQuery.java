package org.procmon.control.protocol;

import java.util.OptionalInt;

/**
 * Which part of a process's output is asked for.
 *
 * @param stream what it was written to
 * @param lines how many last lines; empty for the usual number. Without a meaning when there is a
 *     position
 * @param position where to go on, as an earlier {@link OutputSlice} told it; empty for the end
 * @param follow whether what is written from now on is asked for too
 */
public record OutputQuery(
        StandardStream stream, OptionalInt lines, String position, boolean follow) {
    /** How many lines are told when nobody says how many. */
    public static final int USUAL_LINES = 50;

    /** The last lines of standard output. */
    public static final OutputQuery LAST =
            new OutputQuery(StandardStream.STDOUT, OptionalInt.empty(), "", false);

    /** So many last lines. */
    public static OutputQuery last(StandardStream stream, int lines) {
        return new OutputQuery(stream, OptionalInt.of(lines), "", false);
    }

    /** The same, and then what is written. */
    public OutputQuery following() {
        return new OutputQuery(stream, lines, position, true);
    }

    /** What comes after a position, followed as this one is. */
    public OutputQuery after(String where) {
        return new OutputQuery(stream, OptionalInt.empty(), where, follow);
    }
}
