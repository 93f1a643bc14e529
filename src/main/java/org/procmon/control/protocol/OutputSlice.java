package org.procmon.control.protocol;

import java.util.Optional;

/**
 * A piece of a process's output.
 *
 * @param bytes exactly what was written, any bytes; the receiver may keep the array
 * @param position where the next piece starts: opaque to all but the monitor and its successors,
 *     for which it stays valid across rotation and restarts
 * @param skipped whether some output between the requested position and this piece is no longer
 *     kept
 * @param losing why output of the process is being lost now; empty if none is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would only cost
public record OutputSlice(byte[] bytes, String position, boolean skipped, Optional<String> losing) {
    /** For a process whose output is not being lost. */
    public OutputSlice(byte[] bytes, String position, boolean skipped) {
        this(bytes, position, skipped, Optional.empty());
    }

    /** The same, for a process whose output may be being lost. */
    public OutputSlice losing(Optional<String> reason) {
        return new OutputSlice(bytes, position, skipped, reason);
    }
}
