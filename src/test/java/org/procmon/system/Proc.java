package org.procmon.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the kernel tells of processes. Source: proc(5). */
final class Proc {
    private static final Path ROOT = Path.of("/proc");

    private Proc() {}

    /**
     * The start of {@code /proc/PID/stat}.
     *
     * @param state a letter, such as S, T or Z
     * @param tty the number of the controlling terminal; 0 for none
     */
    record Stat(int pid, char state, int parent, int group, int session, int tty) {}

    /** Empty if there is no such process, not even a zombie. */
    static Optional<Stat> stat(int pid) {
        return read(pid, "stat")
                .map(text -> {
                    // The program's name, in parentheses, may hold anything.
                    List<String> words =
                            List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", 7));
                    return new Stat(
                            pid,
                            words.get(0).charAt(0),
                            Integer.parseInt(words.get(1)),
                            Integer.parseInt(words.get(2)),
                            Integer.parseInt(words.get(3)),
                            Integer.parseInt(words.get(4)));
                });
    }

    static boolean exists(int pid) {
        return stat(pid).isPresent();
    }

    /** Whether there is nothing left but perhaps a zombie, which is its parent's business. */
    static boolean hasEnded(int pid) {
        return stat(pid).map(s -> s.state() == 'Z').orElse(true);
    }

    /** All processes. */
    static List<Stat> all() {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            for (Path entry : entries) {
                stat(Integer.parseInt(entry.getFileName().toString())).ifPresent(all::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static List<Stat> children(int parent) {
        return all().stream().filter(s -> s.parent() == parent).toList();
    }

    /** The children of a monitor, without the keeper of the fifos. */
    static List<Stat> supervised(int monitor) {
        return children(monitor).stream()
                .filter(child ->
                        environment(child.pid()).stream()
                                .noneMatch(v -> v.startsWith("PROCMON_ID=procmon-keeper")))
                .toList();
    }

    static List<Stat> zombies(int parent) {
        return children(parent).stream().filter(s -> s.state() == 'Z').toList();
    }

    /** The pids of the processes that have this assignment in their first environment. */
    static List<Integer> having(String assignment) {
        List<Integer> pids = new ArrayList<>();
        for (Stat stat : all()) {
            if (environment(stat.pid()).contains(assignment)) {
                pids.add(stat.pid());
            }
        }
        return pids;
    }

    static List<String> environment(int pid) {
        return read(pid, "environ").map(text -> List.of(text.split("\0", -1))).orElse(List.of());
    }

    /** The program and its arguments; none of a zombie. */
    static List<String> commandLine(int pid) {
        return read(pid, "cmdline").map(text -> List.of(text.split("\0", -1))).orElse(List.of());
    }

    /** A line of {@code /proc/PID/status}, less its key. */
    static String status(int pid, String key) {
        return read(pid, "status")
                .orElseThrow()
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** The line of {@code /proc/PID/limits} that begins so, its columns parted by one blank. */
    static String limit(int pid, String name) {
        return read(pid, "limits")
                .orElseThrow()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().replaceAll(" +", " "))
                .findFirst()
                .orElseThrow();
    }

    /** The descriptors of a process, and what each is open on. */
    static Map<Integer, String> descriptors(int pid) throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        Path folder = ROOT.resolve(pid + "/fd");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                try {
                    open.put(
                            Integer.valueOf(entry.getFileName().toString()),
                            Files.readSymbolicLink(entry).toString());
                } catch (NoSuchFileException _) {
                    // It was closed in the meantime.
                }
            }
        }
        return open;
    }

    /** The names of the threads, of which the kernel keeps 15 characters. */
    static List<String> threads(int pid) {
        List<String> names = new ArrayList<>();
        String tasks = pid + "/task";
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(ROOT.resolve(tasks))) {
            for (Path thread : threads) {
                names.add(Files.readString(thread.resolve("comm")).strip());
            }
        } catch (IOException e) {
            throw new AssertionError("cannot list the threads of " + pid, e);
        }
        return names;
    }

    private static Optional<String> read(int pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(ROOT.resolve(pid + "/" + file));
            return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            // There is none, it ended while it was read (ESRCH), or it is somebody else's.
            return Optional.empty();
        }
    }
}
