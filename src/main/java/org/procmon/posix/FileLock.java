package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file that one process at a time may lock. The lock belongs to the open file, which a process
 * may pass to another, by executing or starting a program that keeps the descriptor: it is released
 * when the last descriptor is closed, in whatever way. So a process that was just forked, and has
 * not executed its program yet, may hold it for a moment longer than its dead parent.
 *
 * <p>Any thread. Source: flock(2).
 */
public final class FileLock implements AutoCloseable {
    private static final int READ_WRITE = 2;
    private static final int CREATE = 0100;
    private static final int NO_CTTY = 0400;
    private static final int CLOEXEC = 02000000;
    private static final int OWNER_WRITES_OTHERS_READ = 0644;

    private static final int EXCLUSIVE = 2;
    private static final int NOT_BLOCKING = 4;
    private static final int SET_DESCRIPTOR_FLAGS = 2;
    private static final int CLOSE_ON_EXEC = 1;

    private static final int LONGEST_TEXT = 64;

    private static final MemorySegment OPEN = Native.function("open");
    private static final MemorySegment FLOCK = Native.function("flock");
    private static final MemorySegment CLOSE = Native.function("close");
    private static final MemorySegment FTRUNCATE = Native.function("ftruncate");
    private static final MemorySegment PREAD = Native.function("pread");
    private static final MemorySegment PWRITE = Native.function("pwrite");
    private static final MemorySegment FCNTL = Native.function("fcntl");

    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileLock(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Whether the file was opened, which does not lock it. */
    public sealed interface Result {
        record Opened(FileLock lock) implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    /**
     * Opens a lock file, and makes it if it does not exist; follows no link. On a read-only disk,
     * an existing one can be locked too.
     */
    public static Result open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Native.text(arena, path).address();
            int fd = open(name, READ_WRITE | CREATE);
            if (fd < 0 && Native.errno() == Errno.EROFS) {
                fd = open(name, Descriptor.READ_ONLY);
            }
            return fd >= 0
                    ? new Result.Opened(new FileLock(fd))
                    : new Result.NotOpened(new Errno(Native.errno()));
        }
    }

    private static int open(long name, int how) {
        int flags = how | NO_CTTY | Descriptor.NO_FOLLOW | CLOEXEC;
        return Native.call(OPEN, name, flags, OWNER_WRITES_OTHERS_READ);
    }

    /** A lock file that this process inherited open, locked or not. */
    public static FileLock inherited(int descriptor) {
        Native.call(FCNTL, descriptor, SET_DESCRIPTOR_FLAGS, CLOSE_ON_EXEC);
        return new FileLock(descriptor);
    }

    /**
     * Locks it, unless another process has; does not block. True also if this object has locked it.
     */
    public boolean tryLock() {
        return lock(EXCLUSIVE | NOT_BLOCKING);
    }

    /** Locks it, and blocks until no other process has it locked. Platform threads only. */
    public void lock() {
        lock(EXCLUSIVE);
    }

    private boolean lock(int operation) {
        while (Native.call(FLOCK, descriptor, operation) != 0) {
            int errno = Native.errno();
            if (errno == Errno.EAGAIN) {
                return false;
            }
            if (errno != Errno.EINTR) {
                throw new IllegalStateException("cannot lock a file: " + Native.describe(errno));
            }
        }
        return true;
    }

    /** The start of the file's content, whether it is locked or not. */
    public String text() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST_TEXT);
            int length = Native.call(PREAD, descriptor, buffer.address(), LONGEST_TEXT, 0);
            byte[] bytes = buffer.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Replaces the file's content. What cannot be written, on a full disk, is left out. */
    public void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(JAVA_BYTE, bytes);
            Native.call(PWRITE, descriptor, buffer.address(), bytes.length, 0);
            Native.call(FTRUNCATE, descriptor, bytes.length);
        }
    }

    /** The descriptor, to pass to another program. */
    public Descriptor descriptor() {
        return new Descriptor(descriptor);
    }

    /** Releases the lock, unless another process has the file open too; once. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Native.call(CLOSE, descriptor);
        }
    }
}
