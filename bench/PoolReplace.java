import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A new generation of four workers behind a Unix socket, without load: until clients reach it, which
 * is when the file of the socket is another one; over the control socket until the reply, when the
 * old workers have gone; and by the command. Beside it, what four such programs need that are started at once by
 * a loop in C, until all wait for clients.
 */
class PoolReplace {
    private static final int WORKERS = 4;
    private static final int ROUNDS = Bench.rounds(10);

    /** Until the last generation has gone, and nothing is left to do. */
    private static final long PAUSE_MILLIS = 1500;

    private static final long LONGEST_NANOS = 60_000_000_000L;

    public static void main(String[] args) throws Exception {
        Table table =
                new Table(
                        "pools-replace: a new generation of %d workers, ms (medians of %d)"
                                .formatted(WORKERS, ROUNDS),
                        List.of(
                                new Table.Column(Peer.BARE.title(), Peer.BARE.installed()),
                                PhpFpm.column()));
        List<String> pools = new ArrayList<>();
        for (PoolBinary program : PoolBinary.values()) {
            pools.add(
                    PoolMonitor.pool(
                            program.pool, program.command(), PoolMonitor.always(WORKERS)));
        }
        try (PoolMonitor monitor = PoolMonitor.alone(pools)) {
            for (PoolBinary program : PoolBinary.values()) {
                rows(table, monitor, program);
            }
        }
        table.print();
    }

    private static void rows(Table table, PoolMonitor monitor, PoolBinary program)
            throws Exception {
        Path script = PoolBinary.script(monitor.folder());
        FcgiRequest.awaitSocket(monitor.socket(program.pool));
        FcgiRequest.await(monitor.socket(program.pool), script, "ok");
        List<Double> switches = new ArrayList<>();
        List<Double> replies = new ArrayList<>();
        List<Double> commands = new ArrayList<>();
        List<Double> starts = new ArrayList<>();
        try (Varlink control = Varlink.connect(monitor.controlSocket())) {
            // The first round does not count.
            for (int round = 0; round <= ROUNDS; round++) {
                CompletableFuture<Double> switched = new CompletableFuture<>();
                double reply =
                        replace(
                                monitor,
                                program,
                                () -> {
                                    awaitOther(monitor.socket(program.pool), switched);
                                    return reply(control, program);
                                });
                double command = replace(monitor, program, () -> command(monitor, program));
                double start = program.startMillis(WORKERS);
                Bench.progress(
                        "%s: %.1f ms, %.1f ms, %.1f ms, start %.1f ms"
                                .formatted(program.title, switched.join(), reply, command, start));
                if (round > 0) {
                    switches.add(switched.join());
                    replies.add(reply);
                    commands.add(command);
                    starts.add(start);
                }
            }
        }
        Map<String, Double> peers = new HashMap<>();
        double start = Bench.median(starts);
        if (Peer.BARE.installed()) {
            peers.put(Peer.BARE.title(), start);
        }
        if (program == PoolBinary.PHP && PhpFpm.installed()) {
            peers.put(PhpFpm.TITLE, phpFpm());
        }
        double switched = Bench.median(switches);
        row(table, program, "until clients reach them", switched, peers);
        row(table, program, "less the start of four", Math.max(0, switched - start), Map.of());
        row(table, program, "until the reply", Bench.median(replies), Map.of());
        row(table, program, "by the command", Bench.median(commands), Map.of());
    }

    private static void row(
            Table table,
            PoolBinary program,
            String figure,
            double millis,
            Map<String, Double> peers) {
        table.row(program.title + ": " + figure, "%.1f", millis, "", peers);
    }

    /** Looks every half millisecond whether the file is another one, from now on. */
    private static void awaitOther(Path socket, CompletableFuture<Double> switched)
            throws IOException {
        long begin = System.nanoTime();
        Object before = Files.getAttribute(socket, "unix:ino");
        Thread _ =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        while (Files.getAttribute(socket, "unix:ino")
                                                .equals(before)) {
                                            LockSupport.parkNanos(500_000);
                                        }
                                        switched.complete((System.nanoTime() - begin) / 1e6);
                                    } catch (IOException e) {
                                        switched.completeExceptionally(e);
                                    }
                                });
    }

    /** Something that replaces all workers, and takes so many milliseconds. */
    private interface Replacement {
        double run() throws IOException, InterruptedException;
    }

    private static double replace(
            PoolMonitor monitor, PoolBinary program, Replacement replacement) throws Exception {
        PoolMonitor.await(monitor.running(), program.processName(), WORKERS);
        Thread.sleep(PAUSE_MILLIS);
        PoolMonitor.await(monitor.running(), program.processName(), WORKERS);
        Set<Long> before = monitor.workers(program.processName());
        double millis = replacement.run();
        Set<Long> after = monitor.workers(program.processName());
        after.removeAll(before);
        if (after.size() != WORKERS) {
            throw new IllegalStateException("%d new workers run".formatted(after.size()));
        }
        return millis;
    }

    private static double reply(Varlink control, PoolBinary program) throws IOException {
        long begin = System.nanoTime();
        String _ =
                control.call(
                        "Restart",
                        "{\"names\":[\"%s\"],\"wait\":true,\"rolling\":true}"
                                .formatted(program.pool));
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double command(PoolMonitor monitor, PoolBinary program)
            throws IOException, InterruptedException {
        List<String> words = List.of(Bench.procmon(), "restart", program.pool, "--rolling");
        return Command.run(monitor.folder(), words).seconds() * 1000;
    }

    /** Its reload, which stops all children before it starts the next. */
    private static double phpFpm() throws Exception {
        Path folder = Bench.newFolder("r");
        String pool = PhpFpm.pool(folder, "fpm", "pm = static", "pm.max_children = " + WORKERS);
        List<Double> millis = new ArrayList<>();
        try (Running fpm = PhpFpm.start(folder, List.of(pool))) {
            Path script = PoolBinary.script(folder);
            FcgiRequest.awaitSocket(folder.resolve("fpm.sock"));
            FcgiRequest.await(folder.resolve("fpm.sock"), script, "ok");
            long master = fpm.tree().getFirst();
            for (int round = 0; round < ROUNDS; round++) {
                awaitOthers(fpm, Set.of());
                Thread.sleep(PAUSE_MILLIS);
                Set<Long> before = PoolMonitor.workers(fpm, PhpFpm.processName());
                long begin = System.nanoTime();
                new ProcessBuilder("kill", "-USR2", "" + master).inheritIO().start().waitFor();
                awaitOthers(fpm, before);
                millis.add((System.nanoTime() - begin) / 1e6);
            }
        }
        return Bench.median(millis);
    }

    /** Looks every millisecond whether four others than before wait for clients. */
    private static void awaitOthers(Running fpm, Set<Long> before) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            Set<Long> now = PoolMonitor.workers(fpm, PhpFpm.processName());
            if (now.size() == WORKERS
                    && Collections.disjoint(now, before)
                    && now.stream().allMatch(Proc::accepts)) {
                return;
            }
            if (System.nanoTime() - begin > LONGEST_NANOS) {
                throw new IllegalStateException("php-fpm does not replace its children");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
