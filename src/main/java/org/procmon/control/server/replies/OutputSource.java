package org.procmon.control.server.replies;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.StandardStream;

/**
 * The captured output of processes. Called on the connections' virtual threads, many at a time; may
 * read files.
 */
public interface OutputSource {
    /** Has no output of anything. */
    OutputSource NONE = new NoOutput();

    /**
     * The end of what was written.
     *
     * @param lines at most so many last lines; what follows the last newline is one. With 0 the
     *     piece is empty and its position is the end
     * @param maxBytes at most so many bytes
     */
    Reading last(String name, StandardStream stream, int lines, int maxBytes);

    /**
     * What follows a position, at most so many bytes; no bytes, and the same position, if nothing
     * does yet.
     *
     * @param position from an earlier piece, perhaps of another monitor, or from anybody
     */
    Reading after(String name, StandardStream stream, String position, int maxBytes);

    /**
     * Waits until something was written after a position, also if that was before the call, until
     * the output is no longer kept, or until the time is over. To be called with positions of
     * pieces only. An interrupt ends it.
     *
     * @return false if the time is over
     */
    boolean await(String name, StandardStream stream, String position, Duration atMost)
            throws InterruptedException;

    /**
     * What of a process's output could not be kept; empty when nothing was lost. Never waits: asked
     * for each process of a list.
     */
    Optional<Loss> loss(String name);

    /**
     * Closes all log files and opens them anew by their names, after somebody moved them.
     *
     * @return false if that was not done within the limit
     */
    boolean reopen(Duration limit) throws InterruptedException;

    /** What reading brought. */
    sealed interface Reading {
        /** Some output, or none yet. */
        record Piece(OutputSlice piece) implements Reading {}

        /**
         * There is none to be had.
         *
         * @param reason in words: {@code its stdout goes to /dev/null}
         */
        record NotKept(String reason) implements Reading {}

        /** The position is none of this stream's, and never was. */
        record NoPosition() implements Reading {}
    }

    /**
     * Output that could not be kept.
     *
     * @param bytes how much
     * @param reason in words: {@code cannot write web.log: No space left on device}
     * @param failing whether it still cannot be kept
     */
    record Loss(long bytes, String reason, boolean failing) {}
}
