package org.procmon.posix;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.procmon.bytes.BytePath;

/**
 * Finds out whether some process has a file open for writing, by a lease: the kernel refuses one
 * for reading while the file is open for writing. Not every file system knows leases, and without
 * privileges the file must be the caller's own.
 *
 * <p>A process that opens the file for writing during the check waits for its end, some
 * microseconds; if it may not block, its open fails. One thread at a time. Source: fcntl(2),
 * "Leases".
 */
public final class WriterCheck {
    private static final int PATH = 010000000;
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_RDLCK = 0;
    private static final int F_UNLCK = 2;

    /**
     * What the kernel sends to the holder of a lease that another process wants to break: instead
     * of SIGIO, which would end the program, one that is ignored. SIGURG, on every architecture.
     */
    private static final int IGNORED_SIGNAL = 23;

    private static final MemorySegment FCNTL = Native.function("fcntl");

    private final FileStatus status = new FileStatus();

    /** What is known of a file. */
    public enum Finding {
        WRITTEN,
        NOT_WRITTEN,
        /** The file system or the rights of this process do not allow the check. */
        UNKNOWN
    }

    /** Whether the file at a path is known to be written now. Any thread. */
    public static boolean isBeingWritten(Path path) {
        return new WriterCheck().of(BytePath.text(path)) == Finding.WRITTEN;
    }

    /**
     * Checks the file at a path, through links. What is no regular file, or does not exist, is not
     * written.
     */
    public Finding of(String path) {
        // Held at first: to open a device could have effects.
        return switch (Descriptor.open(path, PATH, 0)) {
            case Descriptor.Result.Opened(Descriptor held) -> {
                try (held) {
                    yield status.read(held) && status.isRegular()
                            ? ofHeld(held)
                            : Finding.NOT_WRITTEN;
                }
            }
            case Descriptor.Result.NotOpened(Errno errno) -> unopened(errno);
        };
    }

    private static Finding ofHeld(Descriptor held) {
        return switch (Descriptor.read("/proc/self/fd/" + held.number())) {
            case Descriptor.Result.Opened(Descriptor file) -> {
                try (file) {
                    yield ofOpen(file.number());
                }
            }
            case Descriptor.Result.NotOpened(Errno errno) -> unopened(errno);
        };
    }

    private static Finding unopened(Errno errno) {
        return switch (errno.number()) {
            case Errno.ENOENT_NUMBER, Errno.ENOTDIR, Errno.ELOOP -> Finding.NOT_WRITTEN;
            default -> Finding.UNKNOWN;
        };
    }

    private static Finding ofOpen(int file) {
        if (Native.call(FCNTL, file, F_SETSIG, IGNORED_SIGNAL) != 0) {
            return Finding.UNKNOWN;
        }
        if (Native.call(FCNTL, file, F_SETLEASE, F_RDLCK) == 0) {
            Native.call(FCNTL, file, F_SETLEASE, F_UNLCK);
            return Finding.NOT_WRITTEN;
        }
        return Native.errno() == Errno.EAGAIN ? Finding.WRITTEN : Finding.UNKNOWN;
    }
}
