package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Renames, removes and inspects files; an empty error means success. Any thread, though a slow disk
 * blocks it. Source: rename(2), unlink(2).
 */
public final class FileNames {
    private static final MemorySegment RENAME = Native.function("rename");
    private static final MemorySegment MKDIR = Native.function("mkdir");
    private static final MemorySegment UNLINK = Native.function("unlink");
    private static final MemorySegment READLINK = Native.function("readlink");
    private static final MemorySegment ACCESS = Native.function("access");
    private static final MemorySegment GETXATTR = Native.function("getxattr");
    private static final int FOLDER_OF_ALL = 0777;
    private static final int LONGEST_PATH = 4096;
    private static final int EXECUTE = 1;
    private static final int WRITE = 2;
    private static final int READ = 4;

    private FileNames() {}

    /** Renames a file, and replaces the file that had the new name. */
    public static Optional<Errno> rename(String from, String to) {
        try (Arena arena = Arena.ofConfined()) {
            long source = Native.text(arena, from).address();
            return result(Native.call(RENAME, source, Native.text(arena, to).address()));
        }
    }

    /**
     * The target of a symbolic link; empty if it is not a link, or its target is not text.
     *
     * <p>Source: readlink(2).
     */
    public static Optional<String> target(String link) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST_PATH);
            int length =
                    Native.call(
                            READLINK,
                            arena.allocateFrom(link).address(),
                            text.address(),
                            LONGEST_PATH);
            if (length <= 0 || length == LONGEST_PATH) {
                return Optional.empty();
            }
            byte[] bytes = text.asSlice(0, length).toArray(JAVA_BYTE);
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /** Whether this process itself may execute a file, or enter a directory. Source: access(2). */
    public static boolean isExecutable(String path) {
        return isAllowed(path, EXECUTE);
    }

    /** Whether this process itself may read a file. Source: access(2). */
    public static boolean isReadable(String path) {
        return isAllowed(path, READ);
    }

    /** Whether this process itself may write a file, or change a directory. Source: access(2). */
    public static boolean isWritable(String path) {
        return isAllowed(path, WRITE);
    }

    private static boolean isAllowed(String path, int what) {
        try (Arena arena = Arena.ofConfined()) {
            return Native.call(ACCESS, arena.allocateFrom(path).address(), what) == 0;
        }
    }

    /**
     * Whether a file has an access control list, so that its mode alone does not say who may use
     * it. Source: getxattr(2), acl(5).
     */
    public static boolean hasAccessList(String path) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path).address();
            long attribute = arena.allocateFrom("system.posix_acl_access").address();
            return Native.call(GETXATTR, name, attribute, 0, 0, 0, 0) > 0;
        }
    }

    /** Makes a directory that all users may use, as far as the umask allows. Source: mkdir(2). */
    public static Optional<Errno> makeFolder(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return result(Native.call(MKDIR, Native.text(arena, path).address(), FOLDER_OF_ALL));
        }
    }

    public static Optional<Errno> remove(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return result(Native.call(UNLINK, Native.text(arena, path).address()));
        }
    }

    private static Optional<Errno> result(int result) {
        return result == 0 ? Optional.empty() : Optional.of(new Errno(Native.errno()));
    }
}
