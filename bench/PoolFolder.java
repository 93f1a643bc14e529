import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A drop-in folder of 10,000 files, 1,000 of which are applications: until a new one answers, what it
 * costs to follow them while nothing changes, and which workers are replaced when one is changed.
 */
class PoolFolder {
    private static final int FILES = 10_000;
    private static final int APPLICATIONS = 1_000;

    /** So many have a worker when one of them is changed. */
    private static final int ASKED = 20;

    private static final int ROUNDS = Bench.rounds(10);
    private static final long SETTLE_MILLIS = 8_000;
    private static final long IDLE_MILLIS = 10_000;
    private static final double LIMIT_MILLIS = 1_000;
    private static final String THREAD = "folders";

    public static void main(String[] args) throws Exception {
        Path folder = Bench.newFolder("f");
        Path apps = Files.createDirectory(folder.resolve("apps"));
        for (int i = 0; i < FILES; i++) {
            if (i < APPLICATIONS) {
                install(apps, "a" + i);
            } else {
                Files.createFile(apps.resolve("file" + i + ".txt"));
            }
        }
        Path file = folder.resolve("procmon.json");
        Files.writeString(
                file,
                """
                {"dropins": [{"directory": "apps", "listen": "$(path).sock", "max_apps": 2000,
                  "workers": 2, "idle_timeout": "10m", "user": "%s"}]}
                """
                        .formatted(System.getProperty("user.name")));
        Bench.progress("procmon with %d applications in a folder".formatted(APPLICATIONS));
        List<String> command = List.of(Bench.procmon(), "run", "--no-backup", file.toString());
        try (Running monitor = Running.start(folder, "TERM", command)) {
            FcgiRequest.awaitSocket(socket(apps, "a" + (APPLICATIONS - 1)));
            Thread.sleep(SETTLE_MILLIS);
            measure(monitor, apps);
        }
    }

    private static void measure(Running monitor, Path apps) throws Exception {
        long pid = monitor.tree().getFirst();
        long switches = Proc.contextSwitches(pid, THREAD);
        long cpu = Proc.cpuMillis(pid);
        Thread.sleep(IDLE_MILLIS);
        long idleSwitches = Proc.contextSwitches(pid, THREAD) - switches;
        long idleCpu = Proc.cpuMillis(pid) - cpu;

        List<Double> first = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            first.add(untilAnswer(apps, "new" + round));
        }

        Table table =
                new Table(
                        "pools-folder: a folder of %,d files, %,d of them applications"
                                .formatted(FILES, APPLICATIONS),
                        List.of());
        double median = Bench.median(first);
        table.row(
                "from the rename of a new one to its first answer, ms",
                "%.0f",
                median,
                Table.target("1,000", median <= LIMIT_MILLIS),
                Map.of());
        table.row(
                "switches of the thread that follows, idle for 10 s",
                "%.0f",
                idleSwitches,
                Table.target("0", idleSwitches == 0),
                Map.of());
        table.row(
                "processor time of the monitor in it, ms",
                "%.0f",
                idleCpu,
                Table.target("nil", idleCpu == 0),
                Map.of());
        change(monitor, apps, table);
        table.print();
    }

    /** Changes one of those that have a worker. */
    private static void change(Running monitor, Path apps, Table table) throws Exception {
        for (int i = 0; i < ASKED; i++) {
            FcgiRequest.await(socket(apps, "a" + i), Path.of("/"), "ok");
        }
        long pid = monitor.tree().getFirst();
        Set<Long> before = workers(monitor);
        long cpu = Proc.cpuMillis(pid);
        long begin = System.nanoTime();
        install(apps, "a0");
        Set<Long> gone = new HashSet<>();
        while (gone.isEmpty() && System.nanoTime() - begin < 30_000_000_000L) {
            Thread.sleep(20);
            gone = new HashSet<>(before);
            gone.removeAll(workers(monitor));
        }
        Thread.sleep(1_000);
        gone = new HashSet<>(before);
        gone.removeAll(workers(monitor));
        table.row(
                "one changed: workers that ended, of %d".formatted(ASKED),
                "%.0f",
                gone.size(),
                Table.target("1", gone.size() == 1),
                Map.of());
        table.row(
                "one changed: processor time of the monitor, ms",
                "%.0f",
                Proc.cpuMillis(pid) - cpu,
                "",
                Map.of());
    }

    /** Not the process that keeps the sockets, which is another when one of them is. */
    private static Set<Long> workers(Running monitor) {
        Set<Long> workers = new HashSet<>(monitor.tree());
        workers.removeIf(pid -> !Proc.name(pid).endsWith(".fcgi"));
        return workers;
    }

    private static double untilAnswer(Path apps, String name) throws Exception {
        install(apps, name);
        long renamed = System.nanoTime();
        while (true) {
            try {
                if (FcgiRequest.ask(socket(apps, name), Path.of("/"), "").contains("ok")) {
                    return (System.nanoTime() - renamed) / 1e6;
                }
            } catch (IOException notYet) {
                Thread.sleep(1);
            }
        }
    }

    private static Path socket(Path apps, String name) {
        return apps.resolve(name + ".fcgi.sock");
    }

    /** Copies the program beside its place, then renames it. */
    private static void install(Path apps, String name) throws IOException {
        Path hidden = apps.resolve("." + name);
        Files.copy(
                Path.of(PoolBinary.C.command()), hidden, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(hidden, apps.resolve(name + ".fcgi"), StandardCopyOption.ATOMIC_MOVE);
    }
}
