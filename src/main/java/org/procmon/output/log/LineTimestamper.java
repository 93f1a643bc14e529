package org.procmon.output.log;

import java.util.Optional;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Transfer;

/** Writes copies of output into files, with a timestamp, a mark or both before each line. */
final class LineTimestamper {
    /** How many bytes of output are copied at once. */
    static final int MOST = 1 << 13;

    private final Transfer transfer;
    private Buffer out = new Buffer(1);

    LineTimestamper(Transfer transfer) {
        this.transfer = transfer;
    }

    /**
     * Writes a piece at the end of a file; all of it, or nothing.
     *
     * @param piece at most {@link #MOST} bytes
     * @param size the size of the file
     * @param midLine whether the file ends inside a line
     * @param stamped whether each line gets a timestamp
     * @param mark what each line gets after that
     * @return how many bytes were added, or the error of {@link Transfer}
     */
    long write(
            Descriptor file,
            long size,
            byte[] piece,
            int count,
            boolean midLine,
            boolean stamped,
            Optional<LineMark> mark,
            long wallMillis) {
        // The worst case is a piece of empty lines.
        int room = MOST * (1 + TimestampFormat.LENGTH + mark.map(LineMark::length).orElse(0));
        if (out.size() < room) {
            out = new Buffer(room);
        }
        int length =
                stamped || mark.isPresent()
                        ? stamp(out, piece, count, midLine, stamped, mark, wallMillis)
                        : copy(piece, count);
        int written = 0;
        while (written < length) {
            long result = transfer.writeAt(file, size + written, out, written, length - written);
            if (result <= 0) {
                transfer.truncate(file, size);
                return result;
            }
            written += (int) result;
        }
        return length;
    }

    private int copy(byte[] piece, int count) {
        out.put(0, piece, 0, count);
        return count;
    }

    /**
     * Puts the time before each line of a piece.
     *
     * @param out the destination; has room for as many timestamps as there are bytes
     * @param midLine whether the piece starts inside a line
     * @return the resulting length
     */
    static int stamp(Buffer out, byte[] piece, int count, boolean midLine, long wallMillis) {
        return stamp(out, piece, count, midLine, true, Optional.empty(), wallMillis);
    }

    private static int stamp(
            Buffer out,
            byte[] piece,
            int count,
            boolean midLine,
            boolean stamped,
            Optional<LineMark> mark,
            long wallMillis) {
        int length = 0;
        int taken = 0;
        boolean begun = midLine;
        while (taken < count) {
            if (!begun && stamped) {
                TimestampFormat.write(out, length, wallMillis);
                length += TimestampFormat.LENGTH;
            }
            if (!begun && mark.isPresent()) {
                mark.get().write(out, length);
                length += mark.get().length();
            }
            int next = taken;
            while (next < count && piece[next] != '\n') {
                next++;
            }
            begun = next == count;
            next = Math.min(count, next + 1);
            out.put(length, piece, taken, next - taken);
            length += next - taken;
            taken = next;
        }
        return length;
    }
}
