package org.procmon.control.protocol;

/**
 * A piece of a process's output.
 *
 * @param bytes exactly what was written, of any kind; whoever has the piece may keep them
 * @param position where the next piece begins: meaningless to all but the monitor and its
 *     successors, which find it in spite of rotation and restarts
 * @param skipped whether something before it, and after the position that was given, is not kept
 *     any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would only cost
public record OutputPiece(byte[] bytes, String position, boolean skipped) {}
