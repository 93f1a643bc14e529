package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The kernel's status of a file, read repeatedly into the same memory. One thread at a time.
 * Source: statx(2), whose structure is the same on every architecture.
 */
public final class FileStatus {
    private static final long SIZE_OF_STRUCT = 256;
    private static final long MASK = 0;
    private static final long NLINK = 16;
    private static final long UID = 20;
    private static final long GID = 24;
    private static final long MODE = 28;
    private static final long INODE = 32;
    private static final long SIZE = 40;
    private static final long BIRTH_SECONDS = 80;
    private static final long BIRTH_NANOS = 88;
    private static final long DEVICE_MAJOR = 136;
    private static final long DEVICE_MINOR = 140;

    /** Type, mode, links, owner, group, inode, size and birth. */
    private static final int ASKED = 0xb1f;

    private static final int BIRTH = 0x800;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int TYPE_BITS = 0170000;
    private static final int MODE_BITS = 07777;
    private static final int REGULAR = 0100000;
    private static final int FIFO = 010000;
    private static final int LINK = 0120000;
    private static final int FOLDER = 0040000;
    private static final int CHARACTERS = 0020000;
    private static final int SOCKET = 0140000;

    private static final MemorySegment STATX = Native.function("statx");
    private static final MemorySegment EMPTY = Arena.global().allocateFrom("");

    private int errno;
    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE_OF_STRUCT, 8);

    /** Reads the status of an open file; false, which is a bug of the caller, if it is not open. */
    public boolean read(Descriptor file) {
        return Native.call(
                        STATX,
                        file.number(),
                        EMPTY.address(),
                        AT_EMPTY_PATH,
                        ASKED,
                        memory.address(),
                        0)
                == 0;
    }

    /**
     * Reads the status of the file at a path, without following its last part if that is a link.
     * False if there is none, or it cannot be reached.
     */
    public boolean read(String path) {
        return read(path, AT_SYMLINK_NOFOLLOW);
    }

    /** Reads the status of a path's target, through links. False as above. */
    public boolean readTarget(String path) {
        return read(path, 0);
    }

    private boolean read(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long name = Native.text(arena, path).address();
            long failed = Native.call(STATX, AT_FDCWD, name, flags, ASKED, memory.address(), 0);
            errno = failed == 0 ? 0 : Native.errno();
            return failed == 0;
        }
    }

    /** Why the latest query about a path failed. */
    public Errno errno() {
        return new Errno(errno);
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    public boolean isFifo() {
        return type() == FIFO;
    }

    /** A symbolic link. */
    public boolean isLink() {
        return type() == LINK;
    }

    public boolean isFolder() {
        return type() == FOLDER;
    }

    public boolean isSocket() {
        return type() == SOCKET;
    }

    /** A device that transfers one character after the other, such as a terminal. */
    public boolean isCharacterDevice() {
        return type() == CHARACTERS;
    }

    /** Whether a name in some directory still leads to the file. */
    public boolean isLinked() {
        return memory.get(JAVA_INT, NLINK) != 0;
    }

    /** Whether no other name leads to the file. */
    public boolean hasOneName() {
        return memory.get(JAVA_INT, NLINK) == 1;
    }

    /** The permission bits. */
    public int mode() {
        return memory.get(JAVA_SHORT, MODE) & MODE_BITS;
    }

    public int owner() {
        return memory.get(JAVA_INT, UID);
    }

    public int group() {
        return memory.get(JAVA_INT, GID);
    }

    public long inode() {
        return memory.get(JAVA_LONG, INODE);
    }

    /** The file system that it is on. */
    public long device() {
        long major = memory.get(JAVA_INT, DEVICE_MAJOR);
        return major << Integer.SIZE | Integer.toUnsignedLong(memory.get(JAVA_INT, DEVICE_MINOR));
    }

    /** In bytes. */
    public long size() {
        return memory.get(JAVA_LONG, SIZE);
    }

    /**
     * When the file was made, in nanoseconds of some clock: together with the inode it
     * distinguishes a file from all earlier ones. 0 where the file system does not record it.
     */
    public long birth() {
        return (memory.get(JAVA_INT, MASK) & BIRTH) == 0
                ? 0
                : memory.get(JAVA_LONG, BIRTH_SECONDS) * 1_000_000_000
                        + memory.get(JAVA_INT, BIRTH_NANOS);
    }

    private int type() {
        return memory.get(JAVA_SHORT, MODE) & TYPE_BITS;
    }
}
