package org.procmon.events;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The latest events as bytes, so that events leave no objects for the garbage collector. Memory is
 * allocated piece by piece up to the limit, and never released.
 *
 * <p>One thread writes at a time. Any number of threads read meanwhile, without a lock. A writer
 * first publishes which events it is about to overwrite; a reader checks that again after reading,
 * so it never returns a mix of two events.
 */
final class EventRing {
    private static final int PIECE = 64 << 10;
    private static final int HEADER = 2;

    private final byte[][] pieces;
    private final long capacity;

    /** Where each event starts, in bytes since the first. */
    private final long[] starts;

    private long end;
    private volatile long oldest;

    /**
     * @param first the number of the first event
     * @param most the limit on the number of events
     * @param bytes the limit on their total size in bytes, a multiple of 64 KiB
     */
    EventRing(long first, int most, int bytes) {
        oldest = first;
        starts = new long[most];
        pieces = new byte[bytes / PIECE][];
        capacity = (long) pieces.length * PIECE;
    }

    /** The number of the oldest event in the ring; that of the first one if there is none yet. */
    long oldest() {
        return oldest;
    }

    /**
     * Adds the next event. The caller publishes it with a volatile write of its number.
     *
     * @param length at most 64 KiB
     */
    void add(long number, byte[] event, int length) {
        long kept = Math.max(oldest, number - starts.length + 1);
        long next = end + HEADER + length;
        while (kept < number && next - starts[slot(kept)] > capacity) {
            kept++;
        }
        oldest = kept;
        // Before any of their bytes is overwritten.
        VarHandle.storeStoreFence();
        starts[slot(number)] = end;
        put((byte) (length >> 8));
        put((byte) length);
        int done = 0;
        while (done < length) {
            int at = (int) (end % PIECE);
            int part = Math.min(length - done, PIECE - at);
            System.arraycopy(event, done, piece(end), at, part);
            end += part;
            done += part;
        }
    }

    /** The bytes of a published event; null if it was overwritten. */
    byte @Nullable [] read(long number) {
        if (number < oldest) {
            return null;
        }
        long start = starts[slot(number)];
        int length = (byteAt(start) & 0xff) << 8 | (byteAt(start + 1) & 0xff);
        byte[] event = new byte[length];
        int done = 0;
        while (done < length) {
            long from = start + HEADER + done;
            byte @Nullable [] piece = pieces[index(from)];
            if (piece == null) {
                return null;
            }
            int at = (int) (from % PIECE);
            int part = Math.min(length - done, PIECE - at);
            System.arraycopy(piece, at, event, done, part);
            done += part;
        }
        VarHandle.loadLoadFence();
        return number < oldest ? null : event;
    }

    private void put(byte value) {
        piece(end)[(int) (end % PIECE)] = value;
        end++;
    }

    private byte byteAt(long position) {
        byte @Nullable [] piece = pieces[index(position)];
        return piece == null ? 0 : piece[(int) (position % PIECE)];
    }

    private byte[] piece(long position) {
        byte @Nullable [] piece = pieces[index(position)];
        if (piece == null) {
            piece = new byte[PIECE];
            pieces[index(position)] = piece;
        }
        return piece;
    }

    private int index(long position) {
        return (int) (position % capacity / PIECE);
    }

    private int slot(long number) {
        return (int) Math.floorMod(number, (long) starts.length);
    }
}
