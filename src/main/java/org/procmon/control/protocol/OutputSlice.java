package org.procmon.control.protocol;

import java.util.Optional;

/**
 * A piece of a process's output.
 *
 * @param bytes exactly what was written, of any kind; whoever has the piece may keep them
 * @param position where the next piece begins: meaningless to all but the monitor and its
 *     successors, which find it in spite of rotation and restarts
 * @param skipped whether something before it, and after the position that was given, is not kept
 *     any more
 * @param losing why output of the process is being lost at the moment; empty if none is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would only cost
public record OutputSlice(byte[] bytes, String position, boolean skipped, Optional<String> losing) {
    /** Of a process whose output is kept. */
    public OutputSlice(byte[] bytes, String position, boolean skipped) {
        this(bytes, position, skipped, Optional.empty());
    }

    /** The same, of a process whose output may be being lost. */
    public OutputSlice losing(Optional<String> reason) {
        return new OutputSlice(bytes, position, skipped, reason);
    }
}
