package org.procmon.output.log;

/** The result of reading output back. */
public sealed interface OutputChunk {
    /**
     * Some output.
     *
     * @param bytes exactly as they were written
     * @param position the position after them, to continue from; it is valid for the next monitor
     *     too
     * @param skipped whether output between the requested position and these bytes is no longer
     *     kept
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared, and not kept for long
    record Piece(byte[] bytes, String position, boolean skipped) implements OutputChunk {}

    /**
     * No output can be read.
     *
     * @param reason in words
     */
    record NotKept(String reason) implements OutputChunk {}

    /** The given text is not a position. */
    record NoPosition() implements OutputChunk {}
}
