import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first answer of a pool on demand that has no worker: from just before the client connects
 * until the last byte of the answer. The client asks the workers' socket, without a web server.
 */
class PoolDemand {
    private static final int ROUNDS = Bench.rounds(20);

    /** After the last worker has gone, and before the next client comes. */
    private static final long PAUSE_MILLIS = 300;

    /** A pool that is asked: what runs it, where, and the name of its workers. */
    private record Asked(Path socket, Running running, String workers, boolean isBare) {}

    public static void main(String[] args) throws Exception {
        Path folder = Bench.newFolder("d");
        Path script = PoolBinary.script(folder);
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Map<String, Asked> all = start(folder, open);
            Map<String, List<Double>> millis = new LinkedHashMap<>();
            // The first round makes the driver's own classes ready and does not count.
            for (int round = 0; round <= ROUNDS; round++) {
                for (Map.Entry<String, Asked> one : all.entrySet()) {
                    double taken = ask(one.getValue(), script);
                    if (round > 0) {
                        millis.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(taken);
                    }
                }
            }
            report(millis);
        } finally {
            for (AutoCloseable one : open.reversed()) {
                one.close();
            }
        }
    }

    private static Map<String, Asked> start(Path folder, List<AutoCloseable> open)
            throws IOException {
        Map<String, Asked> all = new LinkedHashMap<>();
        List<String> pools = new ArrayList<>();
        for (PoolBinary program : PoolBinary.values()) {
            pools.add(
                    PoolMonitor.pool(
                            program.pool, program.command(), PoolMonitor.onDemand(4)));
        }
        PoolMonitor monitor = PoolMonitor.alone(pools);
        open.add(monitor);
        for (PoolBinary program : PoolBinary.values()) {
            String workers = program.processName();
            all.put(
                    program + "procmon",
                    new Asked(monitor.socket(program.pool), monitor.running(), workers, false));
            if (Peer.BARE.installed()) {
                Running bare = program.bare(folder, 1, List.of());
                open.add(bare);
                all.put(
                        program + Peer.BARE.title(),
                        new Asked(program.bareSocket(folder), bare, workers, true));
            }
        }
        if (PhpFpm.installed()) {
            String pool =
                    PhpFpm.pool(
                            folder,
                            "fpm",
                            "pm = ondemand",
                            "pm.max_children = 4",
                            "pm.process_idle_timeout = 1s");
            Running fpm = PhpFpm.start(folder, List.of(pool));
            open.add(fpm);
            all.put(
                    PoolBinary.PHP + PhpFpm.TITLE,
                    new Asked(folder.resolve("fpm.sock"), fpm, PhpFpm.processName(), false));
        }
        return all;
    }

    /** Milliseconds. */
    private static double ask(Asked asked, Path script) throws Exception {
        FcgiRequest.awaitSocket(asked.socket());
        PoolMonitor.await(asked.running(), asked.workers(), 0);
        Thread.sleep(PAUSE_MILLIS);
        long begin = System.nanoTime();
        String answer = FcgiRequest.ask(asked.socket(), script, "");
        double millis = (System.nanoTime() - begin) / 1e6;
        if (!answer.contains("ok")) {
            throw new IllegalStateException(asked.socket() + " answers: " + answer);
        }
        if (asked.isBare()) {
            PoolMonitor.workers(asked.running(), asked.workers()).forEach(Mortal::kill);
        }
        return millis;
    }

    private static void report(Map<String, List<Double>> millis) {
        Table table =
                new Table(
                        "pools-demand: the first answer of a pool on demand without a worker, ms (%d times each, in turns)"
                                .formatted(ROUNDS),
                        List.of(
                                new Table.Column(Peer.BARE.title(), Peer.BARE.installed()),
                                PhpFpm.column()));
        for (PoolBinary program : PoolBinary.values()) {
            Map<String, Double> medians = new HashMap<>();
            Map<String, Double> worst = new HashMap<>();
            millis.forEach((key, values) -> {
                if (key.startsWith(program.toString())) {
                    String title = key.substring(program.toString().length());
                    medians.put(title, Bench.median(values));
                    worst.put(title, Bench.worst(values));
                }
            });
            table.row(
                    program.title + ", median", "%.2f", medians.get("procmon"), "", medians);
            table.row(program.title + ", worst", "%.2f", worst.get("procmon"), "", worst);
        }
        table.print();
    }
}
