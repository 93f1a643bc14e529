package org.procmon.control.server.replies;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.procmon.control.protocol.StandardStream;

/** What a process wrote last to its standard error. Not on the event loop: reads files. */
public final class LastWords {
    private LastWords() {}

    /**
     * The last lines; none if it wrote nothing or its output is not kept.
     *
     * @param lines how many at most
     * @param bytes how many in all at most
     */
    public static List<String> of(OutputSource output, String name, int lines, int bytes) {
        OutputSource.Reading reading = output.last(name, StandardStream.STDERR, lines, bytes);
        if (!(reading instanceof OutputSource.Reading.Piece piece)) {
            return List.of();
        }
        return new String(piece.piece().bytes(), StandardCharsets.UTF_8).lines().toList();
    }
}
