package org.procmon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Named pipes, which outlive their readers: what was written stays as long as any process has them
 * open. Opened for both directions, a fifo never comes to its end, and writing to it never fails
 * for want of a reader. Any thread. Source: fifo(7), mkfifo(3).
 */
public final class Fifo {
    /** The capacity of a fifo in bytes, unless it is widened. */
    public static final int USUAL_SIZE = 1 << 16;

    /** The capacity of a widened fifo: the most that the kernel gives to any user. */
    public static final int WIDE = 1 << 20;

    private static final int OWNER_ONLY = 0600;
    private static final int SAME_GROUP = -1;
    private static final int ROOT = 0;
    private static final int F_SETPIPE_SZ = 1031;

    private static final MemorySegment FCNTL = Native.function("fcntl");
    private static final MemorySegment MKFIFO = Native.function("mkfifo");
    private static final int UID = CurrentProcess.uid();

    /** Guarded by the class. */
    private static final FileStatus STATUS = new FileStatus();

    private Fifo() {}

    /**
     * Opens the fifo at a path for reading and writing without blocking, and makes it, with mode
     * 0600, if there is none of this user, or none at all if this user is root. Anything else at
     * the path is removed first.
     */
    public static Descriptor.Result open(String path) {
        Optional<Errno> failed = make(path);
        if (failed.isEmpty()) {
            return openOurs(path);
        }
        if (failed.get().number() != Errno.EEXIST) {
            return new Descriptor.Result.NotOpened(failed.get());
        }
        if (!isOurs(path)) {
            FileNames.remove(path);
            failed = make(path);
            if (failed.isPresent()) {
                return new Descriptor.Result.NotOpened(failed.get());
            }
        }
        return openOurs(path);
    }

    /** As {@link #open}, but makes nothing: without such a fifo it is not opened. */
    public static Descriptor.Result openExisting(String path) {
        return isOurs(path) ? openOurs(path) : new Descriptor.Result.NotOpened(Errno.ENOENT);
    }

    /**
     * Opens a fifo that a process has open, whether it still has a name or not; nothing else.
     *
     * @param path of the descriptor in the process's directory {@code /proc/PID/fd}
     */
    public static synchronized Descriptor.Result openHeld(String path) {
        Descriptor.Result result =
                Descriptor.open(path, Descriptor.READ_WRITE | Descriptor.NON_BLOCK, 0);
        if (result instanceof Descriptor.Result.Opened opened
                && !(STATUS.read(opened.descriptor()) && STATUS.isFifo())) {
            opened.descriptor().close();
            return new Descriptor.Result.NotOpened(Errno.ENOENT);
        }
        return result;
    }

    private static Descriptor.Result openOurs(String path) {
        return Descriptor.open(
                path, Descriptor.READ_WRITE | Descriptor.NON_BLOCK | Descriptor.NO_FOLLOW, 0);
    }

    /**
     * Gives a fifo to another user, whose programs can then open it again through {@code
     * /dev/stderr}. For root; source: lchown(2).
     */
    public static Optional<Errno> give(String path, int uid) {
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    Native.call(
                            Native.function("lchown"),
                            Native.text(arena, path).address(),
                            uid,
                            SAME_GROUP);
            return result == 0 ? Optional.empty() : Optional.of(new Errno(Native.errno()));
        }
    }

    /**
     * Enlarges a fifo sixteen times, for as long as any process has it open. Where the kernel
     * refuses that, it stays as it is. Source: fcntl(2), F_SETPIPE_SZ.
     *
     * @return whether it is that large now
     */
    public static boolean widen(Descriptor fifo) {
        return Native.call(FCNTL, fifo.number(), F_SETPIPE_SZ, WIDE) >= WIDE;
    }

    private static Optional<Errno> make(String path) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Native.text(arena, path).address();
            return Native.call(MKFIFO, name, OWNER_ONLY) == 0
                    ? Optional.empty()
                    : Optional.of(new Errno(Native.errno()));
        }
    }

    /** Root has given some away, and may open them all. */
    private static synchronized boolean isOurs(String path) {
        return STATUS.read(path) && STATUS.isFifo() && (STATUS.owner() == UID || UID == ROOT);
    }
}
