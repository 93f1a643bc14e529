package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.ByteText;

/** All processes of this pid namespace. Any thread. Source: proc(5), getdents64(2). */
public final class Processes {
    private static final int DIRECTORY = 0200000;
    private static final int CLOEXEC = 02000000;
    private static final int PIECE = 32 * 1024;

    /** Of struct linux_dirent64: the record's length, and the name. */
    private static final int LENGTH = 16;

    private static final int NAME = 19;

    private static final int USUAL_ENVIRONMENT = 8 * 1024;

    private static final int USUAL_LIST = 512;

    /** Of as many children as there can be pids. */
    private static final int LONGEST_LIST = 32 << 20;

    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_STATUS = 4 * 1024;
    private static final String DELETED = " (deleted)";
    private static final String PEAK = "\nVmHWM:";

    /** The most that the kernel allows a program to start with. */
    private static final int LONGEST_ENVIRONMENT = 8 << 20;

    private static final MemorySegment OPEN = Native.function("open");
    private static final MemorySegment CLOSE = Native.function("close");
    private static final MemorySegment GETDENTS = Native.function("getdents64");

    private Processes() {}

    /** The pids of all, including zombies, in the kernel's order. */
    public static int[] pids() {
        return numbers("/proc");
    }

    /**
     * Whether a process's program started with all of these variables.
     *
     * @param assignments each in the form {@code NAME=VALUE}
     */
    public static boolean beganWith(int pid, List<String> assignments) {
        byte[] environment = environment(pid);
        int missing = assignments.size();
        for (String assignment : assignments) {
            byte[] wanted = ByteText.encode(assignment);
            int from = 0;
            for (int i = 0; i < environment.length; i++) {
                if (environment[i] == 0) {
                    if (Arrays.equals(environment, from, i, wanted, 0, wanted.length)) {
                        missing--;
                        break;
                    }
                    from = i + 1;
                }
            }
        }
        return missing == 0;
    }

    /** Of these variables, those that a process's program started with. */
    public static Map<String, String> beginning(int pid, Set<String> names) {
        Map<String, String> found = new HashMap<>();
        String environment = ByteText.decode(environment(pid));
        for (String assignment : environment.split("\0", 0)) {
            int name = assignment.indexOf('=');
            if (name > 0 && names.contains(assignment.substring(0, name))) {
                found.putIfAbsent(assignment.substring(0, name), assignment.substring(name + 1));
            }
        }
        return found;
    }

    /** What it started with, each variable followed by a NUL; empty if it may not be read. */
    private static byte[] environment(int pid) {
        return contents("/proc/" + pid + "/environ", USUAL_ENVIRONMENT, LONGEST_ENVIRONMENT);
    }

    /** Empty if it may not be read. */
    private static byte[] contents(String path, int usual, int longest) {
        for (int size = usual; ; size *= 4) {
            byte[] bytes = new byte[size];
            int length = ProcFile.read(path, bytes);
            if (length < size || size >= longest) {
                return Arrays.copyOf(bytes, Math.max(0, length));
            }
        }
    }

    /**
     * The children of a process that it did not start, but that were given to it when their own
     * parent exited. The kernel gives them to the first thread, which in a Java program starts
     * nothing. None if the kernel does not list them.
     */
    public static int[] orphansOf(int pid) {
        return childrenOf(pid);
    }

    /** The children of a process's first thread: of a program with one thread, all of them. */
    public static int[] childrenOf(int pid) {
        byte[] list =
                contents("/proc/" + pid + "/task/" + pid + "/children", USUAL_LIST, LONGEST_LIST);
        int[] children = new int[list.length / 2];
        int count = 0;
        int number = 0;
        for (byte character : list) {
            if (character == ' ') {
                children[count++] = number;
                number = 0;
            } else {
                number = number * 10 + (character - '0');
            }
        }
        return Arrays.copyOf(children, count);
    }

    /** The kernel's name for a process; empty if it is gone. */
    public static Optional<String> name(int pid) {
        return ProcFile.text("/proc/" + pid + "/comm", LONGEST_NAME).map(String::strip);
    }

    /** The largest resident set so far, in bytes; 0 if it has exited or is a kernel thread. */
    public static long peakOf(int pid) {
        String status = ProcFile.text("/proc/" + pid + "/status", LONGEST_STATUS).orElse("");
        int begin = status.indexOf(PEAK) + PEAK.length();
        int end = status.indexOf(" kB\n", begin);
        return begin >= PEAK.length() && end > begin
                ? Long.parseLong(status.substring(begin, end).strip()) * 1024
                : 0;
    }

    /** The program that a process executes; empty if it has exited or may not be looked into. */
    public static Optional<String> program(int pid) {
        return ProcFile.link("/proc/" + pid + "/exe");
    }

    /** The path of the file behind one of a process's descriptors; empty if there is none. */
    public static Optional<String> file(int pid, int descriptor) {
        return ProcFile.link("/proc/" + pid + "/fd/" + descriptor);
    }

    /**
     * Whether and where a process has a file open, as the path of that descriptor.
     *
     * @param name the last part of the file's path when it was opened, whether or not that still
     *     leads to it
     */
    public static Optional<String> descriptorOf(int pid, String name) {
        String folder = "/proc/" + pid + "/fd";
        try {
            for (int descriptor : numbers(folder)) {
                String at = folder + "/" + descriptor;
                Optional<String> file = ProcFile.link(at);
                if (file.isPresent() && isNamed(file.get(), name)) {
                    return Optional.of(at);
                }
            }
        } catch (IllegalStateException _) {
            // It has exited, or may not be looked into.
        }
        return Optional.empty();
    }

    private static boolean isNamed(String path, String name) {
        String there =
                path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
        return there.endsWith("/" + name);
    }

    /** The paths of the files that a process has open; none if it may not be looked into. */
    public static Set<String> openFiles(int pid) {
        String folder = "/proc/" + pid + "/fd";
        Set<String> files = new HashSet<>();
        try {
            for (int descriptor : numbers(folder)) {
                ProcFile.link(folder + "/" + descriptor).ifPresent(files::add);
            }
        } catch (IllegalStateException _) {
            return Set.of();
        }
        return files;
    }

    /**
     * The names in a directory that are numbers.
     *
     * @throws IllegalStateException if it cannot be read
     */
    public static int[] numbers(String folder) {
        try (Arena arena = Arena.ofConfined()) {
            int fd =
                    Native.call(
                            OPEN,
                            Native.text(arena, folder).address(),
                            Descriptor.READ_ONLY | DIRECTORY | CLOEXEC);
            if (fd < 0) {
                throw new IllegalStateException(
                        "cannot read " + folder + ": " + Native.describe(Native.errno()));
            }
            try {
                return numbers(fd, arena.allocate(PIECE, 8));
            } finally {
                Native.call(CLOSE, fd);
            }
        }
    }

    private static int[] numbers(int fd, MemorySegment buffer) {
        int[] found = new int[1024];
        int count = 0;
        byte[] bytes = new byte[PIECE];
        while (true) {
            int length = Native.call(GETDENTS, fd, buffer.address(), PIECE);
            if (length <= 0) {
                return Arrays.copyOf(found, count);
            }
            MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, length);
            for (int at = 0; at < length; at += recordLength(bytes, at)) {
                int number = number(bytes, at + NAME);
                if (number >= 0) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, count * 2);
                    }
                    found[count++] = number;
                }
            }
        }
    }

    /** In the byte order of all supported machines. */
    private static int recordLength(byte[] bytes, int at) {
        return (bytes[at + LENGTH] & 0xff) | (bytes[at + LENGTH + 1] & 0xff) << 8;
    }

    /** The number that is followed by a NUL; -1 if this is none. */
    private static int number(byte[] bytes, int from) {
        int number = 0;
        for (int i = from; bytes[i] != 0; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
