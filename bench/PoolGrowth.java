import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How a pool on demand without a worker grows: 64 clients connect at once, each worker holds its
 * request, and says when it has got it. From just before the first client connects until the last
 * worker has its request, by the workers' own clock.
 */
class PoolGrowth {
    private static final int CLIENTS = 64;
    private static final int ROUNDS = Bench.rounds(3);
    private static final long PAUSE_MILLIS = 500;

    /** A client without a worker by then will not get one. */
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private static final Duration LONGEST_FIRST = Duration.ofMinutes(1);

    /** A pool: what runs it, where, and the name of its workers. */
    private record Grown(Path socket, Running running, String workers, boolean isBare) {}

    /**
     * A round.
     *
     * @param millis until the last worker had its request
     * @param workers that had one
     */
    private record Taken(double millis, int workers) {}

    private final Starts starts = new Starts();
    private final Path folder = Bench.newFolder("g");
    private final Path gate = folder.resolve("gate");
    private final Path script = PoolBinary.holdingScript(folder, starts.fifo(), gate);
    private final List<AutoCloseable> open = new ArrayList<>();

    private PoolGrowth() throws IOException, InterruptedException {
        new ProcessBuilder("mkfifo", gate.toString()).inheritIO().start().waitFor();
        open.add(starts);
    }

    public static void main(String[] args) throws Exception {
        PoolGrowth growth = new PoolGrowth();
        try {
            growth.measure();
        } finally {
            for (AutoCloseable one : growth.open.reversed()) {
                one.close();
            }
        }
    }

    private void measure() throws Exception {
        Map<String, Grown> all = start();
        Map<String, List<Taken>> taken = new LinkedHashMap<>();
        // The first round makes the driver's own classes ready and does not count.
        for (int round = 0; round <= ROUNDS; round++) {
            for (Map.Entry<String, Grown> one : all.entrySet()) {
                Taken grown = grow(one.getValue());
                Bench.progress("%s: %s".formatted(one.getKey(), grown));
                if (round > 0) {
                    taken.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(grown);
                }
            }
        }
        report(taken);
    }

    private Map<String, Grown> start() throws IOException {
        Map<String, Grown> all = new LinkedHashMap<>();
        List<String> arguments = List.of(starts.fifo().toString(), gate.toString());
        String keys = PoolMonitor.onDemand(CLIENTS);
        String holding = PoolBinary.C.command() + " " + String.join(" ", arguments);
        PoolMonitor monitor =
                PoolMonitor.alone(
                        List.of(
                                PoolMonitor.pool(PoolBinary.C.pool, holding, keys),
                                PoolMonitor.pool(
                                        PoolBinary.PHP.pool, PoolBinary.PHP.command(), keys)));
        open.add(monitor);
        for (PoolBinary program : PoolBinary.values()) {
            String workers = program.processName();
            all.put(
                    program + "procmon",
                    new Grown(monitor.socket(program.pool), monitor.running(), workers, false));
            if (Peer.BARE.installed()) {
                List<String> own = program == PoolBinary.C ? arguments : List.of();
                Running bare = program.bare(folder, CLIENTS, own);
                open.add(bare);
                all.put(
                        program + Peer.BARE.title(),
                        new Grown(program.bareSocket(folder), bare, workers, true));
            }
        }
        if (PhpFpm.installed()) {
            String pool =
                    PhpFpm.pool(
                            folder,
                            "fpm",
                            "pm = ondemand",
                            "pm.max_children = " + CLIENTS,
                            "pm.process_idle_timeout = 1s");
            Running fpm = PhpFpm.start(folder, List.of(pool));
            open.add(fpm);
            all.put(
                    PoolBinary.PHP + PhpFpm.TITLE,
                    new Grown(folder.resolve("fpm.sock"), fpm, PhpFpm.processName(), false));
        }
        return all;
    }

    private Taken grow(Grown grown) throws Exception {
        FcgiRequest.awaitSocket(grown.socket());
        PoolMonitor.await(grown.running(), grown.workers(), 0);
        Thread.sleep(PAUSE_MILLIS);
        List<FcgiRequest> clients = new ArrayList<>();
        long begin;
        long last = 0;
        int count = 0;
        try {
            // Opened for both directions, the FIFO opens at once, and ends when it is closed here.
            try (RandomAccessFile closed = new RandomAccessFile(gate.toFile(), "rw")) {
                begin = System.nanoTime();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(FcgiRequest.send(grown.socket(), script, ""));
                }
                while (count < CLIENTS) {
                    Optional<Starts.Start> worker =
                            starts.next(count == 0 ? LONGEST_FIRST : LONGEST);
                    if (worker.isEmpty()) {
                        break;
                    }
                    last = Math.max(last, worker.get().main());
                    count++;
                }
            }
            finish(clients);
        } finally {
            for (FcgiRequest client : clients) {
                client.close();
            }
        }
        if (grown.isBare()) {
            PoolMonitor.workers(grown.running(), grown.workers()).forEach(Mortal::kill);
        }
        return new Taken((last - begin) / 1e6, count);
    }

    /** All get their answers, also those that had no worker while the others were held. */
    private void finish(List<FcgiRequest> clients) throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread opener = Thread.ofPlatform().daemon().start(() -> letPass(isOver));
        for (FcgiRequest client : clients) {
            String answer = client.answer();
            if (!answer.contains("ok")) {
                throw new IllegalStateException("a client got the answer: " + answer);
            }
            // PHP waits for that before it takes the next one.
            client.close();
        }
        isOver.set(true);
        opener.join();
        int late = 0;
        while (starts.next(Duration.ZERO).isPresent()) {
            late++;
        }
        if (late > 0) {
            Bench.progress("%d requests had no worker until others were done".formatted(late));
        }
    }

    /** Those that come later would wait for the FIFO to be opened. */
    private void letPass(AtomicBoolean isOver) {
        try {
            while (!isOver.get()) {
                new RandomAccessFile(gate.toFile(), "rw").close();
                Thread.sleep(5);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void report(Map<String, List<Taken>> taken) {
        Table table =
                new Table(
                        "pools-growth: %d clients at once at a pool on demand without a worker (medians of %d, in turns)"
                                .formatted(CLIENTS, ROUNDS),
                        List.of(
                                new Table.Column(Peer.BARE.title(), Peer.BARE.installed()),
                                PhpFpm.column()));
        for (PoolBinary program : PoolBinary.values()) {
            Map<String, Double> millis = new HashMap<>();
            Map<String, Double> workers = new HashMap<>();
            taken.forEach((key, rounds) -> {
                if (key.startsWith(program.toString())) {
                    String title = key.substring(program.toString().length());
                    millis.put(
                            title, Bench.median(rounds.stream().map(Taken::millis).toList()));
                    workers.put(
                            title,
                            Bench.median(
                                    rounds.stream().map(one -> (double) one.workers()).toList()));
                }
            });
            // The last of fewer workers says nothing.
            workers.forEach((title, count) -> {
                if (count < CLIENTS) {
                    var _ = millis.remove(title);
                }
            });
            table.row(
                    program.title + ": the last worker has its request, ms",
                    "%.1f",
                    millis.getOrDefault("procmon", Double.NaN),
                    "",
                    millis);
            double procmon = workers.get("procmon");
            table.row(
                    program.title + ": workers that had one",
                    "%.0f",
                    procmon,
                    Table.target("" + CLIENTS, procmon == CLIENTS),
                    workers);
        }
        table.print();
    }
}
