package org.procmon.output.log;

/** What was found when output was read back. */
public sealed interface OutputChunk {
    /**
     * Some output.
     *
     * @param bytes exactly as they were written
     * @param position behind them, to go on from; it means the same to the next monitor
     * @param skipped whether something is missing between the position that was asked for and these
     *     bytes, since it is no longer kept
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared, and not kept for long
    record Piece(byte[] bytes, String position, boolean skipped) implements OutputChunk {}

    /**
     * There is no output that could be read.
     *
     * @param reason in words
     */
    record NotKept(String reason) implements OutputChunk {}

    /** What was said to be a position is none, and never was. */
    record NoPosition() implements OutputChunk {}
}
