package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.procmon.bytes.ByteText;

/**
 * Files and links under {@code /proc}, read by raw system calls through one buffer, since a
 * thousand of them are read while all clients wait. For this package and {@code posix.socket} only.
 * Any thread. Source: proc(5), read(2), readlink(2).
 */
public final class ProcFile {
    private static final int CLOEXEC = 02000000;
    private static final int PIECE = 16 * 1024;
    private static final int LONGEST_PATH = 256;
    private static final int NONE = -1;

    private static final MemorySegment OPEN = Native.function("open");
    private static final MemorySegment READ = Native.function("read");
    private static final MemorySegment CLOSE = Native.function("close");
    private static final MemorySegment READLINK = Native.function("readlink");

    /** Both are guarded by the class. */
    private static final MemorySegment BUFFER = Arena.global().allocate(PIECE);

    private static final MemorySegment NAME = Arena.global().allocate(LONGEST_PATH);

    /**
     * Closed for a moment when there is no other descriptor: without one, an existing process could
     * not be distinguished from one that is gone.
     */
    private static int reserve = openReserve();

    private ProcFile() {}

    /**
     * Reads from the start of a file until its end or until the array is full.
     *
     * @return how many bytes were read; if nothing could be, minus the number of the error
     */
    static int read(String path, byte[] into) {
        return read(path, into, false);
    }

    /**
     * As {@link #read}, for a file that the kernel writes as one record: a read that does not fill
     * the array has all of it, so that its end need not be asked for.
     */
    static int record(String path, byte[] into) {
        return read(path, into, true);
    }

    private static synchronized int read(String path, byte[] into, boolean isRecord) {
        setName(path);
        int fd = open();
        boolean reserveUsed = fd < 0 && Native.errno() == Errno.EMFILE && reserve >= 0;
        if (reserveUsed) {
            Native.call(CLOSE, reserve);
            // If another thread takes the number meanwhile, that thread keeps it.
            reserve = NONE;
            fd = open();
        }
        if (fd < 0) {
            return -Native.errno();
        }
        try {
            return read(fd, into, isRecord);
        } finally {
            Native.call(CLOSE, fd);
            if (reserve < 0) {
                reserve = openReserve();
            }
        }
    }

    /** Runs an action that holds a descriptor for long, and that must not get the reserved one. */
    static synchronized <T> T sparingTheReserve(Supplier<T> taking) {
        return taking.get();
    }

    private static int open() {
        return Native.call(OPEN, NAME.address(), Descriptor.READ_ONLY | CLOEXEC);
    }

    private static int openReserve() {
        setName("/dev/null");
        return open();
    }

    private static int read(int fd, byte[] into, boolean isRecord) {
        int total = 0;
        while (total < into.length) {
            int most = Math.min(PIECE, into.length - total);
            int count = Native.call(READ, fd, BUFFER.address(), most);
            if (count < 0) {
                return total > 0 ? total : -Native.errno();
            }
            MemorySegment.copy(BUFFER, JAVA_BYTE, 0, into, total, count);
            total += count;
            if (count == 0 || (isRecord && count < most)) {
                break;
            }
        }
        return total;
    }

    /** A file's text, as far as it fits in {@code most} bytes; empty if it cannot be read. */
    public static Optional<String> text(String path, int most) {
        return text(path, most, false);
    }

    /** The same of a {@link #record}. */
    public static Optional<String> recordText(String path, int most) {
        return text(path, most, true);
    }

    private static Optional<String> text(String path, int most, boolean isRecord) {
        byte[] bytes = new byte[most];
        int length = read(path, bytes, isRecord);
        return length < 0
                ? Optional.empty()
                : Optional.of(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** The target of a link; empty if it cannot be read, with the reason in errno. */
    public static synchronized Optional<String> link(String path) {
        setName(path);
        int length = Native.call(READLINK, NAME.address(), BUFFER.address(), PIECE);
        if (length < 0) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(BUFFER, JAVA_BYTE, 0, bytes, 0, length);
        return Optional.of(ByteText.decode(bytes));
    }

    private static void setName(String path) {
        byte[] bytes = ByteText.encode(path);
        MemorySegment.copy(bytes, 0, NAME, JAVA_BYTE, 0, bytes.length);
        NAME.set(JAVA_BYTE, bytes.length, (byte) 0);
    }
}
