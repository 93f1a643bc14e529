package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Moves bytes between descriptors. Every function returns the number of moved bytes, or the number
 * of an error, negated: see {@link #errno}. None blocks on a pipe; a slow disk blocks a thread that
 * writes to it. One thread at a time. Source: splice(2), tee(2), read(2), pread(2), write(2),
 * pwrite(2), ftruncate(2).
 */
public final class Transfer {
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;

    private static final MemorySegment SPLICE = Native.function("splice");
    private static final MemorySegment TEE = Native.function("tee");
    private static final MemorySegment READ = Native.function("read");
    private static final MemorySegment PREAD = Native.function("pread");
    private static final MemorySegment WRITE = Native.function("write");
    private static final MemorySegment PWRITE = Native.function("pwrite");
    private static final MemorySegment FTRUNCATE = Native.function("ftruncate");

    /** The result when there is nothing to move, or no room. */
    public static final long PAUSE = -Errno.EAGAIN;

    private final MemorySegment offsets = Arena.ofAuto().allocate(JAVA_LONG);

    /** The error that a function here has returned; meaningless if it moved bytes. */
    public static Errno errno(long result) {
        return new Errno((int) Math.max(0, -result));
    }

    /** Whether there was just nothing to move, or it was interrupted: no error. */
    public static boolean isPause(long result) {
        return result == 0 || result == -Errno.EAGAIN || result == -Errno.EINTR;
    }

    /**
     * Moves bytes from a pipe to a position in a file, inside the kernel. It takes from the pipe
     * exactly what it has put into the file, so that a process killed in the middle of it neither
     * loses nor doubles anything.
     */
    public long splice(Descriptor pipe, Descriptor file, long offset, long count) {
        offsets.set(JAVA_LONG, 0, offset);
        return result(
                Native.call(
                        SPLICE,
                        pipe.number(),
                        0,
                        file.number(),
                        offsets.address(),
                        count,
                        SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
    }

    /** Moves the content of a pipe into another, which takes no longer for much than for little. */
    public long move(Descriptor pipe, Descriptor to, long count) {
        return result(
                Native.call(
                        SPLICE,
                        pipe.number(),
                        0,
                        to.number(),
                        0,
                        count,
                        SPLICE_F_MOVE | SPLICE_F_NONBLOCK));
    }

    /** Copies the content of a pipe into another, and leaves it in the first. */
    public long tee(Descriptor pipe, Descriptor to, long count) {
        return result(Native.call(TEE, pipe.number(), to.number(), count, SPLICE_F_NONBLOCK, 0, 0));
    }

    public long read(Descriptor from, Buffer into, int count) {
        return result(Native.call(READ, from.number(), into.address(0, count), count, 0, 0, 0));
    }

    public long readAt(Descriptor file, long offset, Buffer into, int count) {
        return result(
                Native.call(PREAD, file.number(), into.address(0, count), count, offset, 0, 0));
    }

    public long writeAt(Descriptor file, long offset, Buffer from, int index, int count) {
        return result(
                Native.call(
                        PWRITE, file.number(), from.address(index, count), count, offset, 0, 0));
    }

    /** Writes where there is no position, to a pipe or a device. */
    public long write(Descriptor to, Buffer from, int index, int count) {
        return result(Native.call(WRITE, to.number(), from.address(index, count), count, 0, 0, 0));
    }

    /** Shortens a file to a length. */
    public long truncate(Descriptor file, long size) {
        return result(Native.call(FTRUNCATE, file.number(), size, 0, 0, 0, 0));
    }

    private static long result(long result) {
        return result >= 0 ? result : -Native.errno();
    }
}
