package org.procmon.fastcgi;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Reuses direct buffers of one size: to allocate one costs more than to serve a request. The buffer
 * last returned is lent first, since it is still in the caches. Thread-safe.
 */
final class BufferPool {
    private static final int MAX_KEPT = 256;

    private final int bufferBytes;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    BufferPool(int bufferBytes) {
        this.bufferBytes = bufferBytes;
    }

    /** Lends an empty buffer. */
    ByteBuffer take() {
        synchronized (free) {
            ByteBuffer buffer = free.pollLast();
            if (buffer != null) {
                return buffer.clear();
            }
        }
        return ByteBuffer.allocateDirect(bufferBytes);
    }

    void giveBack(ByteBuffer buffer) {
        synchronized (free) {
            if (free.size() < MAX_KEPT) {
                free.addLast(buffer);
            }
        }
    }
}
