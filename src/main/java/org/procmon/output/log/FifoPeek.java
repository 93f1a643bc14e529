package org.procmon.output.log;

import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Fifo;
import org.procmon.posix.Pipe;
import org.procmon.posix.Transfer;

/** Looks into a fifo without consuming anything, and discards what need not be looked at. */
public final class FifoPeek implements AutoCloseable {
    public static final int MOST = Fifo.USUAL_SIZE;

    private final Transfer transfer;

    /** Empty, except during a call. */
    private final Pipe scratch = Pipe.open();

    private final Buffer buffer = new Buffer(MOST);
    private final byte[] bytes = new byte[MOST];

    FifoPeek(Transfer transfer) {
        this.transfer = transfer;
    }

    /** The bytes last looked at. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Looks at the next bytes.
     *
     * @return how many there are, or the error of {@link Transfer}
     */
    public long look(Descriptor fifo, int most) {
        long there = transfer.tee(fifo, scratch.sink(), most);
        if (there <= 0) {
            return there;
        }
        int seen = 0;
        while (seen < there) {
            long read = transfer.read(scratch.source(), buffer, (int) there - seen);
            if (read <= 0) {
                return read;
            }
            buffer.copyTo(bytes, seen, (int) read);
            seen += (int) read;
        }
        return seen;
    }

    /**
     * Removes bytes from the fifo.
     *
     * @return how many, or the error of {@link Transfer}
     */
    public long take(Descriptor fifo, int most) {
        long read = transfer.read(fifo, buffer, most);
        if (read > 0) {
            buffer.copyTo(bytes, 0, (int) read);
        }
        return read;
    }

    /** Removes bytes that were looked at before, so they are present. */
    void takeOut(Descriptor fifo, int count) {
        int left = count;
        while (left > 0) {
            long taken = take(fifo, left);
            if (taken <= 0 && !Transfer.isPause(taken)) {
                throw new IllegalStateException(
                        "cannot read a fifo: " + Transfer.errno(taken).words());
            }
            left -= (int) Math.max(0, taken);
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
