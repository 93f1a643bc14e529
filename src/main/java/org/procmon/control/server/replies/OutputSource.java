package org.procmon.control.server.replies;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.StandardStream;

/**
 * The captured output of processes. Runs on the connections' virtual threads, many at a time; may
 * read files.
 */
public interface OutputSource {
    /** Has no output of any process. */
    OutputSource NONE = new NoOutput();

    /**
     * The end of the output.
     *
     * @param lines the most last lines; text after the last newline counts as one. With 0 the piece
     *     is empty and its position is the end
     * @param maxBytes the most bytes
     */
    Reading last(String name, StandardStream stream, int lines, int maxBytes);

    /**
     * The output after a position, up to a number of bytes; no bytes, and the same position, if
     * there is none yet.
     *
     * @param position from an earlier piece, perhaps of another monitor, or from an untrusted
     *     client
     */
    Reading after(String name, StandardStream stream, String position, int maxBytes);

    /**
     * Waits until output follows a position, even if it was written before the call, until the
     * output is no longer kept, or until the timeout. Call it only with positions of pieces. An
     * interrupt ends it.
     *
     * @return false on timeout
     */
    boolean await(String name, StandardStream stream, String position, Duration atMost)
            throws InterruptedException;

    /**
     * The lost output of a process; empty when none was lost. Never blocks: called for each process
     * of a list.
     */
    Optional<Loss> loss(String name);

    /**
     * Closes all log files and opens them again by their names, after they were moved.
     *
     * @return false on timeout
     */
    boolean reopen(Duration limit) throws InterruptedException;

    /** Whether the name is that of a pool whose workers write to one log file. */
    boolean isShared(String name);

    /** The result of a read. */
    sealed interface Reading {
        /** Some output, or none yet. */
        record Piece(OutputSlice piece) implements Reading {}

        /**
         * The output is not available.
         *
         * @param reason in words: {@code its stdout goes to /dev/null}
         */
        record NotKept(String reason) implements Reading {}

        /** The position is not, and never was, one of this stream. */
        record NoPosition() implements Reading {}
    }

    /**
     * Output that could not be kept.
     *
     * @param bytes how much
     * @param reason in words: {@code cannot write web.log: No space left on device}
     * @param failing whether output is still being lost
     */
    record Loss(long bytes, String reason, boolean failing) {}
}
