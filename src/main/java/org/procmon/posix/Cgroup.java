package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Control groups of the second version: what a process starts is in its cgroup. The kernel may take
 * milliseconds to move a process; everything else is fast. Any thread. Source: cgroups(7), "Cgroups
 * version 2".
 */
public final class Cgroup {
    /** Where distributions mount the hierarchy: alone, and beside those of the first version. */
    private static final List<String> MOUNTS = List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified");

    /** Of the line of this version in {@code /proc/PID/cgroup}. */
    private static final String LINE = "0::";

    private static final String REMOVED = " (deleted)";
    private static final String PROCESSES = "/cgroup.procs";
    private static final int WRITE_ONLY = 1;
    private static final int LONGEST_LIST = 16 * 1024;
    private static final int ALL_READ = 0755;

    private static final MemorySegment MKDIR = Native.function("mkdir");
    private static final MemorySegment RMDIR = Native.function("rmdir");
    private static final MemorySegment WRITE = Native.function("write");

    private Cgroup() {}

    /**
     * The cgroup of a process, as a path from the root of the hierarchy; empty if the process is
     * gone or there is no such hierarchy.
     */
    public static Optional<String> of(int pid) {
        return ProcFile.text("/proc/" + pid + "/cgroup", LONGEST_LIST)
                .flatMap(lines -> lines.lines().filter(l -> l.startsWith(LINE)).findFirst())
                .map(line -> line.substring(LINE.length()))
                .map(Cgroup::withoutMark);
    }

    private static String withoutMark(String path) {
        return path.endsWith(REMOVED) ? path.substring(0, path.length() - REMOVED.length()) : path;
    }

    /** The directory of this process's own cgroup; empty if no hierarchy is mounted. */
    public static Optional<String> ownFolder() {
        FileStatus status = new FileStatus();
        return of(CurrentProcess.pid())
                .flatMap(path ->
                        MOUNTS.stream()
                                .map(mount -> path.equals("/") ? mount : mount + path)
                                .filter(folder -> status.read(folder + PROCESSES))
                                .findFirst());
    }

    /** Makes a cgroup, unless it exists; empty when done. */
    public static Optional<Errno> make(String folder) {
        try (Arena arena = Arena.ofConfined()) {
            int result = Native.call(MKDIR, Native.text(arena, folder).address(), ALL_READ);
            return result == 0 || Native.errno() == Errno.EEXIST
                    ? Optional.empty()
                    : Optional.of(new Errno(Native.errno()));
        }
    }

    /** Moves a process there, with all of its threads; empty when done. */
    public static Optional<Errno> move(int pid, String folder) {
        return switch (Descriptor.open(folder + PROCESSES, WRITE_ONLY, 0)) {
            case Descriptor.Result.NotOpened(Errno errno) -> Optional.of(errno);
            case Descriptor.Result.Opened(Descriptor file) -> {
                try (file;
                        Arena arena = Arena.ofConfined()) {
                    byte[] number = Integer.toString(pid).getBytes(StandardCharsets.US_ASCII);
                    MemorySegment text = arena.allocateFrom(JAVA_BYTE, number);
                    int written = Native.call(WRITE, file.number(), text.address(), number.length);
                    yield written == number.length
                            ? Optional.empty()
                            : Optional.of(new Errno(Native.errno()));
                }
            }
        };
    }

    /** Removes a cgroup that no process is in; empty when done. */
    public static Optional<Errno> remove(String folder) {
        try (Arena arena = Arena.ofConfined()) {
            int result = Native.call(RMDIR, Native.text(arena, folder).address());
            return result == 0 ? Optional.empty() : Optional.of(new Errno(Native.errno()));
        }
    }
}
