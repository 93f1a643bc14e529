package org.procmon.control.protocol;

import java.util.OptionalInt;

/**
 * A selection of a process's output.
 *
 * @param stream the stream that it was written to
 * @param lines how many last lines; empty for the default. Ignored when there is a position
 * @param position where to resume, from an earlier {@link OutputSlice}; empty for the end
 * @param follow whether also to return new output
 */
public record OutputQuery(
        StandardStream stream, OptionalInt lines, String position, boolean follow) {
    /** The default number of lines. */
    public static final int USUAL_LINES = 50;

    /** The last lines of standard output. */
    public static final OutputQuery LAST =
            new OutputQuery(StandardStream.STDOUT, OptionalInt.empty(), "", false);

    /** This many last lines. */
    public static OutputQuery last(StandardStream stream, int lines) {
        return new OutputQuery(stream, OptionalInt.of(lines), "", false);
    }

    /** The same, followed by new output. */
    public OutputQuery following() {
        return new OutputQuery(stream, lines, position, true);
    }

    /** The output after a position, followed as this one is. */
    public OutputQuery after(String where) {
        return new OutputQuery(stream, OptionalInt.empty(), where, follow);
    }
}
