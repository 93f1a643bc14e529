package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.ByteText;

/**
 * A directory of small files, each of which is replaced as a whole: a reader sees what the file
 * held before or what it holds now, however the writer ends. A file is written under the name
 * {@value #UNFINISHED} and then renamed, so there may be only one writer. Nothing is forced to the
 * disk.
 *
 * <p>One thread at a time. Names are file names, each of their characters one byte. Source:
 * rename(2), statx(2), readdir(3).
 */
public final class AtomicFileFolder {
    /** The name that a file has while it is being written. */
    public static final String UNFINISHED = ".new";

    private static final int PRIVATE_FILE = 0600;
    private static final int PRIVATE_FOLDER = 0700;
    private static final int LONGEST_NAME = 255;
    private static final int CHUNK = 64 << 10;

    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0100;
    private static final int EXCLUSIVE = 0200;
    private static final int NO_CTTY = 0400;
    private static final int NON_BLOCKING = 04000;
    private static final int CLOEXEC = 02000000;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;

    /** Of struct statx, which is the same on all platforms, other than struct stat. */
    private static final long STATX_SIZE = 256;

    private static final long UID = 20;
    private static final long MODE = 28;
    private static final long INODE = 32;
    private static final long SIZE = 40;
    private static final long CHANGE_SECONDS = 96;
    private static final long CHANGE_NANOS = 104;

    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;

    /** Of struct dirent. */
    private static final long D_NAME = 19;

    private static final MemorySegment OPEN = Native.function("open");
    private static final MemorySegment READ = Native.function("read");
    private static final MemorySegment WRITE = Native.function("write");
    private static final MemorySegment CLOSE = Native.function("close");
    private static final MemorySegment RENAME = Native.function("rename");
    private static final MemorySegment UNLINK = Native.function("unlink");
    private static final MemorySegment STATX = Native.function("statx");

    private final String path;
    private final int prefix;
    private final int uid = CurrentProcess.uid();

    /**
     * Room for this directory's path followed by a name, for the file, and for its unfinished
     * version.
     */
    private final MemorySegment file;

    private final MemorySegment unfinished;
    private final MemorySegment status;
    private final MemorySegment chunk;

    /** What a name in the directory stands for. */
    public sealed interface Content {
        /** A plain file of this user's own. */
        final class Whole implements Content {
            private final byte[] bytes;
            private final Version version;

            Whole(byte[] bytes, Version version) {
                this.bytes = bytes;
                this.version = version;
            }

            /** The version just before the read; the content may be of a later one. */
            public Version version() {
                return version;
            }

            /** The content, for the caller to keep. */
            public byte[] bytes() {
                return bytes;
            }
        }

        /**
         * A file that must not be read.
         *
         * @param reason in words
         */
        record Refused(String reason) implements Content {}

        record Absent() implements Content {}
    }

    /**
     * Distinguishes the content of a file from earlier content, unless both were written within one
     * tick of the kernel's clock, which may be some milliseconds.
     *
     * @param changedNanos when it was last changed, by the wall clock
     */
    public record Version(long inode, long size, long changedNanos) {
        /** Like equals, which for records is slow to load. */
        public boolean isSame(Version other) {
            return inode == other.inode && size == other.size && changedNanos == other.changedNanos;
        }
    }

    /** A directory that exists, or will exist by the time that it is used. */
    public AtomicFileFolder(String path) {
        this(path, UNFINISHED);
    }

    /**
     * One with a writer of its own, beside others in the same directory.
     *
     * @param unfinishedName the name of a file while it is written
     */
    public AtomicFileFolder(String path, String unfinishedName) {
        this.path = path;
        byte[] bytes = ByteText.encode(path + "/");
        this.prefix = bytes.length;
        // Freed with this object: it is made a few times at most, and must not leak where it is
        // made often, in tests.
        Arena arena = Arena.ofAuto();
        this.file = arena.allocate(prefix + LONGEST_NAME + 1L);
        this.unfinished = arena.allocate(prefix + LONGEST_NAME + 1L);
        this.status = arena.allocate(STATX_SIZE, 8);
        this.chunk = arena.allocate(CHUNK);
        MemorySegment.copy(bytes, 0, file, JAVA_BYTE, 0, prefix);
        MemorySegment.copy(bytes, 0, unfinished, JAVA_BYTE, 0, prefix);
        at(unfinished, unfinishedName);
    }

    public String path() {
        return path;
    }

    /**
     * Makes the directory if it does not exist, and makes sure that no other user can look into it.
     *
     * @throws IOException if that is not possible, or it is not a directory, or belongs to another
     *     user
     */
    public void make() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Native.text(arena, path);
            if (Native.call(Native.function("mkdir"), name.address(), PRIVATE_FOLDER) == 0) {
                return;
            }
            Errno errno = new Errno(Native.errno());
            if (errno.number() != Errno.EEXIST) {
                throw new IOException("cannot make the folder " + path + ": " + errno.words());
            }
            Optional<Errno> unseen = look(name);
            if (unseen.isPresent()) {
                throw new IOException("cannot look at " + path + ": " + unseen.get().words());
            }
            if (type() != FOLDER) {
                throw new IOException("cannot use " + path + ": it is not a folder");
            }
            if (status.get(JAVA_INT, UID) != uid) {
                throw new IOException(
                        "cannot use the folder %s: it belongs to uid %d, not %d"
                                .formatted(path, status.get(JAVA_INT, UID), uid));
            }
            if ((status.get(JAVA_SHORT, MODE) & 0777) != PRIVATE_FOLDER) {
                Native.call(Native.function("chmod"), name.address(), PRIVATE_FOLDER);
            }
        }
    }

    /**
     * The names in the directory, in no order.
     *
     * @throws IOException if it cannot be read
     */
    public List<String> names() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long name = Native.text(arena, path).address();
            long folder = Native.call(Native.function("opendir"), name, 0, 0, 0, 0, 0);
            if (folder == 0) {
                throw new IOException(
                        "cannot read the folder " + path + ": " + Native.describe(Native.errno()));
            }
            MemorySegment readdir = Native.function("readdir");
            List<String> names = new ArrayList<>();
            long entry = Native.call(readdir, folder, 0, 0, 0, 0, 0);
            while (entry != 0) {
                String found =
                        Native.memory(entry + D_NAME, LONGEST_NAME + 1L)
                                .getString(0, StandardCharsets.ISO_8859_1);
                if (!found.equals(".") && !found.equals("..")) {
                    names.add(found);
                }
                entry = Native.call(readdir, folder, 0, 0, 0, 0, 0);
            }
            Native.call(Native.function("closedir"), folder);
            return names;
        }
    }

    /** The version of the directory: it differs after any change of a file in it. */
    public Optional<Version> version() {
        return version(".");
    }

    /** The version of a file; empty if it cannot be read. */
    public Optional<Version> version(String name) {
        if (look(at(file, name)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(versionSeen());
    }

    private Version versionSeen() {
        long changed =
                status.get(JAVA_LONG, CHANGE_SECONDS) * 1_000_000_000
                        + status.get(JAVA_INT, CHANGE_NANOS);
        return new Version(status.get(JAVA_LONG, INODE), status.get(JAVA_LONG, SIZE), changed);
    }

    /**
     * Reads a file. Anything else with its name, a file of another user, and a file longer than
     * {@code largest} bytes are not opened.
     *
     * @throws IOException if this process has no descriptor or memory left to read any file
     */
    public Content read(String name, int largest) throws IOException {
        MemorySegment at = at(file, name);
        Optional<Errno> unseen = look(at);
        if (unseen.isPresent()) {
            return unread(name, unseen.get());
        }
        int type = type();
        if (type != REGULAR) {
            return new Content.Refused(
                    type == LINK
                            ? "it is a symbolic link"
                            : type == FOLDER ? "it is a folder" : "it is not a plain file");
        }
        if (status.get(JAVA_INT, UID) != uid) {
            return new Content.Refused("it belongs to uid " + status.get(JAVA_INT, UID));
        }
        long size = status.get(JAVA_LONG, SIZE);
        if (size > largest) {
            return new Content.Refused("it is longer than " + largest + " bytes");
        }
        int fd = Native.call(OPEN, at.address(), READ_ONLY | NON_BLOCKING | NO_CTTY | CLOEXEC, 0);
        if (fd < 0) {
            return unread(name, new Errno(Native.errno()));
        }
        try {
            return content(name, fd, new byte[(int) size]);
        } finally {
            Native.call(CLOSE, fd);
        }
    }

    private Content content(String name, int fd, byte[] bytes) throws IOException {
        int filled = 0;
        while (filled < bytes.length) {
            int wanted = Math.min(CHUNK, bytes.length - filled);
            int count = Native.call(READ, fd, chunk.address(), wanted);
            if (count > 0) {
                MemorySegment.copy(chunk, JAVA_BYTE, 0, bytes, filled, count);
                filled += count;
            } else if (count == 0) {
                // It was truncated while it was read; the reader decides about the rest.
                return new Content.Whole(Arrays.copyOf(bytes, filled), versionSeen());
            } else if (Native.errno() != Errno.EINTR) {
                return unread(name, new Errno(Native.errno()));
            }
        }
        return new Content.Whole(bytes, versionSeen());
    }

    private Content unread(String name, Errno errno) throws IOException {
        return switch (errno.number()) {
            case Errno.ENOENT_NUMBER -> new Content.Absent();
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM ->
                    throw new IOException(
                            "cannot read %s/%s: %s".formatted(path, name, errno.words()));
            default -> new Content.Refused(errno.words());
        };
    }

    /**
     * Replaces a file, or makes it, with mode 0600. If that fails, the file is unchanged.
     *
     * @return why it failed; empty if it did not
     */
    public Optional<Errno> replace(String name, byte[] bytes, int length) {
        return replace(name, bytes, length, false);
    }

    /**
     * The same, and on return the file also survives a loss of power. Blocks for as long as the
     * disk takes, perhaps some hundred milliseconds. Source: fsync(2).
     */
    public Optional<Errno> replaceDurably(String name, byte[] bytes, int length) {
        Optional<Errno> failure = replace(name, bytes, length, true);
        return failure.isPresent() ? failure : syncFolder();
    }

    private Optional<Errno> syncFolder() {
        try (Arena arena = Arena.ofConfined()) {
            int fd = Native.call(OPEN, Native.text(arena, path).address(), READ_ONLY | CLOEXEC, 0);
            if (fd < 0) {
                return Optional.of(new Errno(Native.errno()));
            }
            int errno = Native.call(Native.function("fsync"), fd) == 0 ? 0 : Native.errno();
            Native.call(CLOSE, fd);
            return errno == 0 ? Optional.empty() : Optional.of(new Errno(errno));
        }
    }

    private Optional<Errno> replace(String name, byte[] bytes, int length, boolean durable) {
        long temporary = unfinished.address();
        int fd = create(temporary);
        if (fd < 0 && Native.errno() == Errno.EEXIST) {
            // A killed writer has left it.
            Native.call(UNLINK, temporary);
            fd = create(temporary);
        }
        if (fd < 0) {
            return Optional.of(new Errno(Native.errno()));
        }
        int errno = fill(fd, bytes, length);
        if (durable && errno == 0 && Native.call(Native.function("fsync"), fd) != 0) {
            errno = Native.errno();
        }
        // Some file systems report only now that a quota is exhausted.
        if (Native.call(CLOSE, fd) != 0 && errno == 0) {
            errno = Native.errno();
        }
        if (errno == 0 && Native.call(RENAME, temporary, at(file, name).address()) != 0) {
            errno = Native.errno();
        }
        if (errno == 0) {
            return Optional.empty();
        }
        Native.call(UNLINK, temporary);
        return Optional.of(new Errno(errno));
    }

    private static int create(long name) {
        int fd = Native.call(OPEN, name, WRITE_ONLY | CREATE | EXCLUSIVE | CLOEXEC, PRIVATE_FILE);
        if (fd >= 0 && Umask.isUncertain()) {
            Native.call(Native.function("fchmod"), fd, PRIVATE_FILE);
        }
        return fd;
    }

    /** The error that stopped it, 0 for none. */
    private int fill(int fd, byte[] bytes, int length) {
        int written = 0;
        while (written < length) {
            int wanted = Math.min(CHUNK, length - written);
            MemorySegment.copy(bytes, written, chunk, JAVA_BYTE, 0, wanted);
            int count = Native.call(WRITE, fd, chunk.address(), wanted);
            if (count >= 0) {
                written += count;
            } else if (Native.errno() != Errno.EINTR) {
                return Native.errno();
            }
        }
        return 0;
    }

    /**
     * Removes a file, or an empty directory.
     *
     * @return why it still exists; empty if it does not
     */
    public Optional<Errno> remove(String name) {
        long at = at(file, name).address();
        if (Native.call(UNLINK, at) == 0 || Native.errno() == Errno.ENOENT_NUMBER) {
            return Optional.empty();
        }
        int errno = Native.errno();
        return errno == Errno.EISDIR && Native.call(Native.function("rmdir"), at) == 0
                ? Optional.empty()
                : Optional.of(new Errno(errno));
    }

    /**
     * Moves a file, or whatever has its name, into another directory of the same file system.
     *
     * @return why it was not moved; empty if it was
     */
    public Optional<Errno> move(String name, AtomicFileFolder target, String newName) {
        long from = at(file, name).address();
        long to = target.at(target.file, newName).address();
        return Native.call(RENAME, from, to) == 0
                ? Optional.empty()
                : Optional.of(new Errno(Native.errno()));
    }

    /** Fills {@link #status}. */
    private Optional<Errno> look(MemorySegment name) {
        int result =
                (int)
                        Native.call(
                                STATX,
                                AT_FDCWD,
                                name.address(),
                                AT_SYMLINK_NOFOLLOW,
                                STATX_BASIC_STATS,
                                status.address(),
                                0);
        return result == 0 ? Optional.empty() : Optional.of(new Errno(Native.errno()));
    }

    private int type() {
        return status.get(JAVA_SHORT, MODE) & TYPE;
    }

    private MemorySegment at(MemorySegment room, String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a file's name: '" + name + "'");
        }
        room.setString(prefix, name, StandardCharsets.ISO_8859_1);
        return room;
    }
}
