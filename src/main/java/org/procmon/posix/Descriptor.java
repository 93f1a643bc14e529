package org.procmon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * An open file descriptor of this process. Any thread; close it once. Source: open(2).
 *
 * @param number not negative
 */
public record Descriptor(int number) implements AutoCloseable {
    static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    static final int READ_WRITE = 2;
    private static final int CREATE = 0100;
    private static final int NO_CTTY = 0400;
    private static final int APPEND = 02000;
    static final int NON_BLOCK = 04000;
    static final int NO_FOLLOW = noFollow();
    private static final int CLOEXEC = 02000000;
    private static final int PATH = 010000000;
    private static final int OWNER_WRITES_GROUP_READS = 0640;
    private static final int F_GETFD = 1;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private static final MemorySegment OPEN = Native.function("open");
    private static final MemorySegment FCNTL = Native.function("fcntl");
    private static final MemorySegment CLOSE = Native.function("close");

    /** Whether a file was opened. */
    public sealed interface Result {
        record Opened(Descriptor descriptor) implements Result {}

        record NotOpened(Errno errno) implements Result {}
    }

    /** Opens a file for appending, and makes it, with mode 0640, if it does not exist. */
    static Result append(String path) {
        return open(path, WRITE_ONLY | CREATE | APPEND, OWNER_WRITES_GROUP_READS);
    }

    /**
     * Opens a file for reading and writing at any position, and makes it, with mode 0640, if it
     * does not exist. Follows no link, and never blocks.
     */
    public static Result update(String path) {
        return open(path, READ_WRITE | CREATE | NO_FOLLOW | NON_BLOCK, OWNER_WRITES_GROUP_READS);
    }

    /**
     * Opens what is at a path for writing, where it is not a regular file; follows no link, and
     * neither this nor a write blocks.
     */
    public static Result feed(String path) {
        return open(path, WRITE_ONLY | NO_FOLLOW | NON_BLOCK, 0);
    }

    /** Opens a file for reading only; follows no link, and never blocks. */
    public static Result look(String path) {
        return open(path, READ_ONLY | NO_FOLLOW | NON_BLOCK, 0);
    }

    /**
     * Holds what is at a path, without a right to read or write it; a link itself, rather than its
     * target.
     */
    public static Result hold(String path) {
        return open(path, PATH | NO_FOLLOW, 0);
    }

    /** Opens the target of a path, through links, for reading only; never blocks. */
    public static Result read(String path) {
        return open(path, READ_ONLY | NON_BLOCK, 0);
    }

    /** Whether this process has a descriptor of this number. */
    public static boolean isOpen(int number) {
        return Native.call(FCNTL, number, F_GETFD) >= 0;
    }

    static Result open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Native.text(arena, path);
            return result(Native.call(OPEN, name.address(), flags | NO_CTTY | CLOEXEC, mode));
        }
    }

    /** Sets the permission bits of the file; empty when done. Source: fchmod(2). */
    public Optional<Errno> allow(int mode) {
        return failed(Native.call(Native.function("fchmod"), number, mode));
    }

    /** Gives the file to a user and a group; empty when done. Source: fchown(2). */
    public Optional<Errno> give(int uid, int gid) {
        return failed(Native.call(Native.function("fchown"), number, uid, gid));
    }

    private static Optional<Errno> failed(int result) {
        return result == 0 ? Optional.empty() : Optional.of(new Errno(Native.errno()));
    }

    /** A further descriptor of the same open file, with a number not below this one. */
    Result duplicateFrom(int least) {
        return result(Native.call(FCNTL, number, F_DUPFD_CLOEXEC, least));
    }

    /** A further descriptor of the same open file. */
    public Result duplicate() {
        return duplicateFrom(0);
    }

    /** The result of a function that returns a descriptor or -1. */
    static Result result(int fd) {
        return fd >= 0
                ? new Result.Opened(new Descriptor(fd))
                : new Result.NotOpened(new Errno(Native.errno()));
    }

    /** The one flag of open(2) here that differs between the architectures. */
    private static int noFollow() {
        return System.getProperty("os.arch").equals("aarch64") ? 0100000 : 0400000;
    }

    @Override
    public void close() {
        Native.call(CLOSE, number);
    }
}
