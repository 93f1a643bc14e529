package org.procmon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An open file descriptor of this process. Any thread; close it once. Source: open(2).
 *
 * @param number not negative
 */
public record Descriptor(int number) implements AutoCloseable {
    static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0100;
    private static final int NO_CTTY = 0400;
    private static final int APPEND = 02000;
    private static final int CLOEXEC = 02000000;
    private static final int OWNER_WRITES_GROUP_READS = 0640;

    private static final MemorySegment OPEN = Native.function("open");
    private static final MemorySegment CLOSE = Native.function("close");

    /** Whether a file was opened. */
    public sealed interface Result {
        record Opened(Descriptor descriptor) implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    /** Opens a file for appending, and makes it, with mode 0640, if it is not there. */
    public static Result append(String path) {
        return open(path, WRITE_ONLY | CREATE | APPEND | NO_CTTY | CLOEXEC);
    }

    /** Opens a file for writing only; it must be there. */
    public static Result write(String path) {
        return open(path, WRITE_ONLY | NO_CTTY | CLOEXEC);
    }

    private static Result open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            int fd = Native.call(OPEN, name.address(), flags, OWNER_WRITES_GROUP_READS);
            return fd >= 0
                    ? new Result.Opened(new Descriptor(fd))
                    : new Result.NotOpened(new Errno(Native.errno()));
        }
    }

    @Override
    public void close() {
        Native.call(CLOSE, number);
    }
}
