package org.procmon.output.log;

/**
 * The end of what a stream has lost while its file cannot be written: exactly then a user wants to
 * see a program's output. It grows to 64 KiB, while all such tails together have room. The pump's
 * thread adds, any thread reads.
 */
public final class LostTail {
    /** The room that is left for all tails; the pump's thread only. */
    static final class Room {
        private int left;

        Room(int bytes) {
            left = bytes;
        }

        private boolean take(int bytes) {
            if (bytes > left) {
                return false;
            }
            left -= bytes;
            return true;
        }

        private void give(int bytes) {
            left += bytes;
        }
    }

    public static final int MOST = 64 << 10;
    private static final int LEAST = 4 << 10;

    private final Room room;

    /** Once it is full, the byte after the newest is the oldest. */
    private byte[] ring = {};

    private long count;

    public LostTail(Room room) {
        this.room = room;
    }

    /** Adds the first {@code length} bytes. */
    public synchronized void add(byte[] bytes, int length) {
        grow(length);
        if (ring.length == 0) {
            return;
        }
        for (int from = Math.max(0, length - ring.length); from < length; ) {
            int at = (int) (count % ring.length);
            int step = Math.min(length - from, ring.length - at);
            System.arraycopy(bytes, from, ring, at, step);
            count += step;
            from += step;
        }
    }

    public synchronized void forget() {
        room.give(ring.length);
        ring = new byte[0];
        count = 0;
    }

    /** From the oldest to the newest. */
    public synchronized byte[] bytes() {
        byte[] bytes = new byte[(int) Math.min(count, ring.length)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ring[(int) ((count - bytes.length + i) % ring.length)];
        }
        return bytes;
    }

    /**
     * Grows as far as there is room; not once the ring has wrapped, so that its bytes stay in
     * order.
     */
    private void grow(int more) {
        if (count > ring.length) {
            return;
        }
        int size = Math.max(LEAST, ring.length);
        while (size < MOST && size < count + more) {
            size *= 2;
        }
        while (size > ring.length && !room.take(size - ring.length)) {
            size = size > LEAST ? size / 2 : ring.length;
        }
        if (size > ring.length) {
            byte[] grown = new byte[size];
            System.arraycopy(ring, 0, grown, 0, (int) count);
            ring = grown;
        }
    }
}
