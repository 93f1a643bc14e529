import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What proc(5) tells about processes. A process that ends while it is looked at counts as nothing.
 */
final class Proc {
    /** USER_HZ, which Linux keeps at 100 on all of procmon's platforms. */
    private static final int MILLIS_PER_TICK = 10;

    private Proc() {}

    /**
     * Proportional set size in KiB: shared pages count in parts, so a sum over processes is honest.
     */
    static long pssKib(long pid) {
        return field(Path.of("/proc", "" + pid, "smaps_rollup"), "Pss:");
    }

    /** Voluntary and involuntary context switches of all threads so far. */
    static long contextSwitches(long pid) {
        long sum = 0;
        for (Path task : list(Path.of("/proc", "" + pid, "task"))) {
            sum += field(task.resolve("status"), "voluntary_ctxt_switches:");
            sum += field(task.resolve("status"), "nonvoluntary_ctxt_switches:");
        }
        return sum;
    }

    /** As {@link #contextSwitches}, of the threads with this name alone. */
    static long contextSwitches(long pid, String thread) {
        long sum = 0;
        for (Path task : list(Path.of("/proc", "" + pid, "task"))) {
            if (read(task.resolve("comm")).strip().equals(thread)) {
                sum += field(task.resolve("status"), "voluntary_ctxt_switches:");
                sum += field(task.resolve("status"), "nonvoluntary_ctxt_switches:");
            }
        }
        return sum;
    }

    /** Whether it waits for a client in accept, as the kernel numbers it on x86-64 or AArch64. */
    static boolean accepts(long pid) {
        String call = read(Path.of("/proc", "" + pid, "syscall")).split(" ")[0];
        List<String> accept =
                System.getProperty("os.arch").equals("aarch64")
                        ? List.of("202", "242")
                        : List.of("43", "288");
        return accept.contains(call);
    }

    /** User and system time so far, in milliseconds, counted in ticks of ten. */
    static long cpuMillis(long pid) {
        String stat = read(Path.of("/proc", "" + pid, "stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        // The name, in parentheses, may hold blanks: what is behind it begins with field 3.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
    }

    /** The sockets that it has open, as the kernel calls them. */
    static Set<String> sockets(long pid) {
        Set<String> sockets = new HashSet<>();
        for (Path descriptor : list(Path.of("/proc", "" + pid, "fd"))) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:")) {
                    sockets.add(target);
                }
            } catch (IOException closed) {
                continue;
            }
        }
        return sockets;
    }

    /** The program's short name. */
    static String name(long pid) {
        return read(Path.of("/proc", "" + pid, "comm")).strip();
    }

    /** The arguments, joined by blanks. */
    static String commandLine(Path process) {
        return read(process.resolve("cmdline")).replace('\0', ' ').strip();
    }

    /** The environment that it was executed with; empty if that cannot be read. */
    static List<String> environment(Path process) {
        return List.of(read(process.resolve("environ")).split("\0"));
    }

    /** Every process there is, as its folder. */
    static List<Path> processes() {
        List<Path> all = list(Path.of("/proc"));
        all.removeIf(entry -> !Character.isDigit(entry.getFileName().toString().charAt(0)));
        return all;
    }

    /**
     * How many threads the whole system has: one short read, where counting processes takes
     * thousands.
     */
    static long threadsOfSystem() {
        String running = read(Path.of("/proc/loadavg")).split(" ")[3];
        return Long.parseLong(running.substring(running.indexOf('/') + 1));
    }

    private static long field(Path file, String name) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(
                        line ->
                                Long.parseLong(
                                        line.substring(name.length()).replace("kB", "").strip()))
                .sum();
    }

    private static List<Path> list(Path folder) {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(all::add);
        } catch (IOException ended) {
            return all;
        }
        return all;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }
}
