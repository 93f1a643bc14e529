import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How fast what one child writes is in its log, and what that costs the one who logs: 1 GB in blocks
 * of 64 KiB, and 100 MB in lines that are written one by one. In turns with {@code cat > file} behind
 * a pipe, and with supervisor.
 */
class Output {
    private static final long SETTLE_MILLIS = 3_000;
    private static final long LONGEST_NANOS = 120_000_000_000L;
    private static final String CAT = "cat > file";

    /** What is written, how, and how often by each. */
    private record Load(String title, long bytes, int block, int rounds) {}

    private static final List<Load> LOADS =
            List.of(
                    new Load("1 GB in 64 KiB writes", 1_000_000_000L, 64 << 10, 3),
                    new Load("100 MB in lines of 50 bytes", 100_000_000L, 50, 7));

    /**
     * What it took.
     *
     * @param seconds from the first write until the last byte is in the file
     * @param cpuMillis the processor time of those who log
     */
    private record Cost(double seconds, double cpuMillis) {}

    public static void main(String[] args) throws Exception {
        Table table =
                new Table(
                        "output: what one child writes, until it is in its log (medians of 3 and of 7, in turns)",
                        List.of(
                                new Table.Column(CAT, true),
                                new Table.Column(
                                        Peer.SUPERVISOR.title(), Peer.SUPERVISOR.installed())));
        for (Load load : LOADS) {
            Map<String, List<Cost>> costs = new LinkedHashMap<>();
            for (int round = 0; round < load.rounds(); round++) {
                add(costs, Peer.PROCMON.title(), supervised(Peer.PROCMON, load));
                add(costs, CAT, piped(load));
                if (Peer.SUPERVISOR.installed()) {
                    add(costs, Peer.SUPERVISOR.title(), supervised(Peer.SUPERVISOR, load));
                }
            }
            rows(table, load, costs);
        }
        table.print();
    }

    private static void add(Map<String, List<Cost>> costs, String who, Cost cost) {
        Bench.progress(
                "%s: %.2f s, %.0f ms of processor time"
                        .formatted(who, cost.seconds(), cost.cpuMillis()));
        costs.computeIfAbsent(who, key -> new ArrayList<>()).add(cost);
    }

    private static void rows(Table table, Load load, Map<String, List<Cost>> costs) {
        Map<String, Double> seconds = new HashMap<>();
        Map<String, Double> cpu = new HashMap<>();
        costs.forEach(
                (who, all) -> {
                    seconds.put(who, Bench.median(all.stream().map(Cost::seconds).toList()));
                    cpu.put(who, Bench.median(all.stream().map(Cost::cpuMillis).toList()));
                });
        String procmon = Peer.PROCMON.title();
        double time = seconds.get(procmon);
        boolean blocks = load.block() > 4096;
        String rival = blocks ? CAT : Peer.SUPERVISOR.title();
        double allowed = blocks ? 1.2 : 1;
        double rivals = seconds.getOrDefault(rival, Double.POSITIVE_INFINITY);
        table.row(
                load.title() + ", s",
                "%.2f",
                time,
                Table.target(
                        blocks ? "1.2 x cat" : "supervisor's", time <= rivals * allowed),
                seconds);
        double supervisors =
                cpu.getOrDefault(Peer.SUPERVISOR.title(), Double.POSITIVE_INFINITY);
        table.row(
                "processor time of the logger, ms",
                "%.0f",
                cpu.get(procmon),
                blocks ? Table.target("supervisor's", cpu.get(procmon) < supervisors) : "",
                cpu);
    }

    private static Cost supervised(Peer peer, Load load) throws Exception {
        Path go = fifo();
        String keys =
                switch (peer) {
                    case PROCMON, PAIR -> ", \"stdout\": {\"max_size\": \"4GB\"}";
                    case SUPERVISOR -> "stdout_logfile=%s/w.log\nstdout_logfile_maxbytes=0\n"
                            .formatted(go.getParent());
                    case BARE, RUNIT, S6 -> throw new IllegalArgumentException("not compared: " + peer);
                };
        try (Supervision supervision =
                Supervision.start(peer, Map.of("w", writer(go, load)), keys)) {
            Path log =
                    peer == Peer.PROCMON
                            ? Bench.stateFolder(supervision.folder()).resolve("log/w.log")
                            : go.resolveSibling("w.log");
            return measure(supervision.running(), "writer", go, log, load);
        }
    }

    private static Cost piped(Load load) throws Exception {
        Path go = fifo();
        Path file = go.resolveSibling("file");
        String line = writer(go, load) + " | cat > " + file;
        try (Running running = Running.start(go.getParent(), "TERM", List.of("sh", "-c", line))) {
            return measure(running, "writer", go, file, load);
        }
    }

    private static String writer(Path go, Load load) {
        return "%s %s %d %d"
                .formatted(Bench.work().resolve("writer"), go, load.bytes(), load.block());
    }

    private static Path fifo() throws IOException, InterruptedException {
        Path go = Bench.newFolder("o").resolve("go");
        new ProcessBuilder("mkfifo", go.toString()).inheritIO().start().waitFor();
        return go;
    }

    /** Lets the writer go, and waits until all is in the log, which is then removed. */
    private static Cost measure(Running running, String writer, Path go, Path log, Load load)
            throws Exception {
        Thread.sleep(SETTLE_MILLIS);
        List<Long> loggers =
                running.tree().stream().filter(pid -> !Proc.name(pid).equals(writer)).toList();
        long cpuMillis = loggers.stream().mapToLong(Proc::cpuMillis).sum();
        // Opening it is the sign; a FIFO opens for writing once the writer waits at it.
        new FileOutputStream(go.toFile()).close();
        long begin = System.nanoTime();
        while (!Files.exists(log) || Files.size(log) < load.bytes()) {
            if (System.nanoTime() - begin > LONGEST_NANOS) {
                throw new IllegalStateException(
                        "%s is not complete after two minutes: %d of %d bytes"
                                .formatted(
                                        log,
                                        Files.exists(log) ? Files.size(log) : 0,
                                        load.bytes()));
            }
            Thread.sleep(1);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        cpuMillis = loggers.stream().mapToLong(Proc::cpuMillis).sum() - cpuMillis;
        Files.delete(log);
        return new Cost(seconds, cpuMillis);
    }
}
