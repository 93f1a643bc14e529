package org.procmon.posix.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.FileStatus;
import org.procmon.posix.Native;

/**
 * Who may connect to a socket file: the right to write it decides. Any thread. Source: unix(7),
 * chmod(2), fchownat(2).
 *
 * @param mode permission bits, whatever the umask
 * @param uid its owner; this process's user when empty
 * @param gid its group; the one that the kernel chose when empty
 */
public record SocketFileAccess(int mode, OptionalInt uid, OptionalInt gid) {
    private static final int SAME = -1;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final MemorySegment CHMOD = Native.function("chmod");
    private static final MemorySegment CHOWN_AT = Native.function("fchownat");

    /** This process's user and group. */
    public static SocketFileAccess ofMode(int mode) {
        return new SocketFileAccess(mode, OptionalInt.empty(), OptionalInt.empty());
    }

    /**
     * Gives a socket file this mode and owner. Another user may have replaced the file where the
     * directory permits it, so nothing but a socket is changed, and no link is followed.
     */
    public Optional<Errno> apply(String path) {
        return switch (Descriptor.hold(path)) {
            case Descriptor.Result.NotOpened(Errno errno) -> Optional.of(errno);
            case Descriptor.Result.Opened(Descriptor file) -> {
                try (file) {
                    FileStatus status = new FileStatus();
                    yield status.read(file) && status.isSocket()
                            ? apply(file)
                            : Optional.of(Errno.INVALID);
                }
            }
        };
    }

    private Optional<Errno> apply(Descriptor file) {
        try (Arena arena = Arena.ofConfined()) {
            // By this path, since fchmod(2) refuses a descriptor that only holds a file.
            long held = arena.allocateFrom("/proc/self/fd/" + file.number()).address();
            long empty = arena.allocateFrom("").address();
            boolean done =
                    Native.call(CHMOD, held, mode) == 0
                            && ((uid.isEmpty() && gid.isEmpty())
                                    || (int)
                                                    Native.call(
                                                            CHOWN_AT,
                                                            file.number(),
                                                            empty,
                                                            uid.orElse(SAME),
                                                            gid.orElse(SAME),
                                                            AT_EMPTY_PATH,
                                                            0)
                                            == 0);
            return done ? Optional.empty() : Optional.of(SocketCalls.errno());
        }
    }
}
