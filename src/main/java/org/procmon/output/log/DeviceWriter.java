package org.procmon.output.log;

import java.util.concurrent.TimeUnit;
import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Transfer;

/**
 * Writes to a fifo or a device instead of a file. Whoever reads there may be slow, so what it does
 * not take now stays in the fifo of the process; after a second of that it counts as a file that
 * cannot be written, so that the process does not wait any longer. The pump's thread only.
 */
final class DeviceWriter {
    /** A fifo takes so much at once, or nothing. */
    private static final int MOST = 4096;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final Errno NO_ROOM = Transfer.errno(Transfer.PAUSE);
    private static final int NO_READER = 6;
    private static final int BROKEN_PIPE = 32;

    private final SharedBuffers sharedBuffers;
    private final Buffer out = new Buffer(MOST * (1 + TimestampFormat.LENGTH));

    /** What of {@link #out} was taken from the process, and is not written yet. */
    private int from;

    private int to;
    private boolean midLine;

    /** Since when nothing was taken; 0 if something was. */
    private long stuckSince;

    DeviceWriter(SharedBuffers sharedBuffers) {
        this.sharedBuffers = sharedBuffers;
    }

    /**
     * Takes some of what a fifo holds.
     *
     * @param newLine whether it must begin on a line of its own
     * @param stamped whether each line gets the time
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

    /** What an error means where it is about a device. */
    static String words(Errno errno) {
        return switch (errno.number()) {
            case NO_READER, BROKEN_PIPE -> "nobody reads it";
            default -> errno.equals(NO_ROOM) ? "its reader is too slow" : errno.words();
        };
    }

    private int copy(byte[] piece, int count) {
        out.put(0, piece, 0, count);
        return count;
    }

    /** How much of what is to be written was; 0 if the device may take it soon. */
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
        return now - stuckSince < PATIENCE ? 0 : -NO_ROOM.number();
    }
}
