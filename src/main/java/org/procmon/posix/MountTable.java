package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's table of mounts. Reading it touches no file system except {@code /proc}. One thread
 * at a time. Source: proc_pid_mountinfo(5), poll(2).
 */
public final class MountTable {
    private static final String PATH = "/proc/self/mountinfo";
    private static final short CHANGED = 2 | 8;
    private static final int USUAL = 16 * 1024;
    private static final int LONGEST = 16 << 20;

    /** Of a line: the mount point, and what precedes the type. */
    private static final int POINT = 4;

    private static final String BEFORE_TYPE = " - ";
    private static final MemorySegment POLL = Native.function("poll");

    /**
     * A file system.
     *
     * @param point where it is mounted
     * @param type as the kernel calls it, such as {@code ext4}
     */
    public record Mount(String point, String type) {}

    /** A struct pollfd; without a descriptor, the kernel ignores it. */
    private final MemorySegment watch = Arena.ofAuto().allocate(8, 4);

    private List<Mount> mounts = List.of();

    private MountTable() {}

    /** Opens a descriptor, and keeps it, by which the kernel reports changes. */
    public static MountTable open() {
        MountTable table = new MountTable();
        int number =
                Descriptor.look(PATH) instanceof Descriptor.Result.Opened opened
                        ? opened.descriptor().number()
                        : -1;
        table.watch.set(JAVA_INT, 0, number);
        table.watch.set(JAVA_SHORT, 4, CHANGED);
        table.mounts = read();
        return table;
    }

    /**
     * In the order of the mounts: of those at the same path, the last one counts. The same list as
     * long as nothing has changed; empty if the kernel does not provide it.
     */
    public List<Mount> mounts() {
        if (Native.call(POLL, watch.address(), 1, 0) > 0) {
            mounts = read();
        }
        return mounts;
    }

    private static List<Mount> read() {
        for (int size = USUAL; ; size *= 4) {
            byte[] bytes = new byte[size];
            int length = ProcFile.read(PATH, bytes);
            if (length < size || size >= LONGEST) {
                return mounts(
                        new String(bytes, 0, Math.max(0, length), StandardCharsets.ISO_8859_1));
            }
        }
    }

    static List<Mount> mounts(String table) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : table.split("\n", -1)) {
            int type = line.indexOf(BEFORE_TYPE) + BEFORE_TYPE.length();
            int end = line.indexOf(' ', type);
            String[] fields = line.split(" ", POINT + 2);
            if (type >= BEFORE_TYPE.length() && end > type && fields.length > POINT) {
                mounts.add(new Mount(plain(fields[POINT]), line.substring(type, end)));
            }
        }
        return List.copyOf(mounts);
    }

    /** Blanks and similar characters are three octal digits after a backslash. */
    private static String plain(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '\\' && i + 3 < escaped.length()) {
                bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.write(escaped.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
