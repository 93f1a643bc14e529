package org.procmon.output.log;

import java.util.concurrent.TimeUnit;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Transfer;

/**
 * Writes to a fifo or a device instead of a file. Its reader may be slow, so what it does not
 * accept now stays in the process's fifo. After a second of that, the device counts as a file that
 * cannot be written, so that the process waits no longer. The pump's thread only.
 */
final class DeviceWriter {
    /** A fifo takes this many bytes at once, or none. */
    private static final int MOST = 4096;

    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(1);
    private static final Errno NO_ROOM = Transfer.errno(Transfer.PAUSE);
    private static final int NO_READER = 6;
    private static final int BROKEN_PIPE = 32;

    private final SharedBuffers sharedBuffers;
    private final Buffer out = new Buffer(MOST * (1 + TimestampFormat.LENGTH));

    /** The start of the bytes in {@link #out} that are not written yet. */
    private int from;

    private int to;
    private boolean midLine;

    /** The time since when no byte was accepted; 0 if the last write succeeded. */
    private long stuckSince;

    DeviceWriter(SharedBuffers sharedBuffers) {
        this.sharedBuffers = sharedBuffers;
    }

    /**
     * Takes some of a fifo's content.
     *
     * @param newLine whether the output must start on a line of its own
     * @param stamped whether each line gets a timestamp
     * @return how many bytes were taken, or the error of {@link Transfer}
     */
    long take(Descriptor fifo, Descriptor device, boolean newLine, boolean stamped) {
        if (from == to && newLine && midLine) {
            out.set(0, (byte) '\n');
            from = 0;
            to = 1;
            midLine = false;
        }
        if (from < to) {
            long written = write(device);
            if (written <= 0 || from < to) {
                return Math.min(written, 0);
            }
        }
        long there = sharedBuffers.peek.look(fifo, MOST);
        if (there <= 0) {
            return Transfer.isPause(there) ? 0 : there;
        }
        byte[] piece = sharedBuffers.peek.bytes();
        from = 0;
        to =
                stamped
                        ? LineTimestamper.stamp(
                                out, piece, (int) there, midLine, sharedBuffers.clock.wallMillis())
                        : copy(piece, (int) there);
        byte last = piece[(int) there - 1];
        long written = write(device);
        if (written <= 0) {
            from = 0;
            to = 0;
            return written;
        }
        midLine = last != '\n';
        sharedBuffers.peek.takeOut(fifo, (int) there);
        return there;
    }

    /** What an error means for a device. */
    static String words(Errno errno) {
        return switch (errno.number()) {
            case NO_READER, BROKEN_PIPE -> "it has no reader";
            default -> errno.equals(NO_ROOM) ? "its reader is too slow" : errno.words();
        };
    }

    private int copy(byte[] piece, int count) {
        out.put(0, piece, 0, count);
        return count;
    }

    /** Returns how many pending bytes were written; 0 if the device may accept some soon. */
    private long write(Descriptor device) {
        long written = sharedBuffers.transfer.write(device, out, from, to - from);
        if (written > 0) {
            from += (int) written;
            stuckSince = 0;
            return written;
        }
        if (!Transfer.isPause(written)) {
            return written;
        }
        long now = sharedBuffers.clock.nanos();
        if (stuckSince == 0) {
            stuckSince = now;
        }
        return now - stuckSince < TIMEOUT ? 0 : -NO_ROOM.number();
    }
}
