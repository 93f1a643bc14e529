package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that the kernel reads and writes, never freed. One thread at a time. */
public final class Buffer {
    private final MemorySegment memory;

    /**
     * @param size in bytes
     */
    public Buffer(int size) {
        this.memory = Arena.ofAuto().allocate(size);
    }

    public int size() {
        return (int) memory.byteSize();
    }

    public byte get(int index) {
        return memory.get(JAVA_BYTE, index);
    }

    public void set(int index, byte value) {
        memory.set(JAVA_BYTE, index, value);
    }

    public void put(int index, byte[] bytes, int from, int count) {
        MemorySegment.copy(bytes, from, memory, JAVA_BYTE, index, count);
    }

    /** Copies bytes from the start. */
    public void copyTo(byte[] bytes, int at, int count) {
        MemorySegment.copy(memory, JAVA_BYTE, 0, bytes, at, count);
    }

    long address(int index, int count) {
        return memory.asSlice(index, count).address();
    }
}
