package org.procmon.events;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The latest events as bytes, so that an event leaves nothing behind that a garbage collector would
 * have to find. Its room is taken a piece at a time until all of it is there, and never given back.
 *
 * <p>One thread writes at a time. Any number of threads read meanwhile, without a lock: who writes
 * first says which events it is about to write over, and who reads looks at that again afterwards,
 * so nobody takes for an event what two of them have left.
 */
final class EventRing {
    private static final int PIECE = 64 << 10;
    private static final int HEADER = 2;

    private final byte[][] pieces;
    private final long capacity;

    /** Where each event begins, in bytes since the first. */
    private final long[] starts;

    private long end;
    private volatile long oldest;

    /**
     * @param first the number of the first event
     * @param most how many events are kept at most
     * @param bytes how many bytes they have at most, a multiple of 64 KiB
     */
    EventRing(long first, int most, int bytes) {
        oldest = first;
        starts = new long[most];
        pieces = new byte[bytes / PIECE][];
        capacity = (long) pieces.length * PIECE;
    }

    /** The number of the oldest event that is kept; that of the first one if there is none yet. */
    long oldest() {
        return oldest;
    }

    /**
     * Takes the next event. To be published by the caller, with a volatile write of its number.
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
        // Before any of their bytes is written over.
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

    /** The bytes of an event that was published; null if it is not kept any more. */
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
