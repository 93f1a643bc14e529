import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests a second of four workers of PHP behind nginx, and what their supervisor does meanwhile. A
 * static pool of procmon takes turns with each of the others, one of procmon's own among them, which
 * is dynamic.
 */
class PoolRate {
    private static final int WORKERS = 4;
    private static final int ROUNDS = Bench.rounds(7);
    private static final int WARM_UP_SECONDS = 1;
    private static final int SECONDS = 5;
    private static final int CONNECTIONS = 8;
    private static final long SETTLE_MILLIS = 5_000;
    private static final String STATIC = "static";
    private static final String DYNAMIC = "dynamic";

    /** What a supervisor has done so far. */
    private record Work(long cpuMillis, long switches) {}

    /** All turns of a pool. */
    private static final class Turns {
        private final List<Double> rates = new ArrayList<>();

        /** This rate, divided by that of the static pool in the turn before or after. */
        private final List<Double> ratios = new ArrayList<>();

        private long cpuMillis;
        private long switches;

        double rate() {
            return Bench.median(rates);
        }

        double ratio() {
            return Bench.median(ratios);
        }

        /** Of one core. */
        double cpuPercent() {
            return cpuMillis / 10.0 / SECONDS / rates.size();
        }

        double switchesEachSecond() {
            return (double) switches / SECONDS / rates.size();
        }
    }

    private final String site;
    private final PoolMonitor monitor;
    private final Map<String, List<Long>> supervisors = new HashMap<>();
    private final Map<String, Turns> turns = new LinkedHashMap<>();

    private PoolRate(String site, PoolMonitor monitor) {
        this.site = site;
        this.monitor = monitor;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Bench.newFolder("r");
        Path script = PoolBinary.script(folder);
        String program = PoolBinary.PHP.command();
        List<AutoCloseable> open = new ArrayList<>();
        try {
            PoolMonitor monitor =
                    PoolMonitor.pair(
                            List.of(
                                    PoolMonitor.pool(
                                            STATIC, program, PoolMonitor.always(WORKERS)),
                                    PoolMonitor.pool(
                                            DYNAMIC,
                                            program,
                                            "\"mode\": \"dynamic\", \"workers\": {\"min\": 1, \"max\": %d}"
                                                    .formatted(WORKERS))));
            open.add(monitor);
            Map<String, Path> sockets = new LinkedHashMap<>();
            sockets.put(STATIC, monitor.socket(STATIC));
            sockets.put(DYNAMIC, monitor.socket(DYNAMIC));
            List<Long> fpmMaster = new ArrayList<>();
            if (SpawnFcgi.installed()) {
                sockets.put(SpawnFcgi.TITLE, folder.resolve("spawn.sock"));
                open.add(
                        SpawnFcgi.start(folder, sockets.get(SpawnFcgi.TITLE), WORKERS, program));
            }
            if (PhpFpm.installed()) {
                sockets.put(PhpFpm.TITLE, folder.resolve("fpm.sock"));
                Running fpm = PhpFpm.start(folder, List.of(fpm(folder)));
                open.add(fpm);
                fpmMaster.add(fpm.tree().getFirst());
            }
            for (Path socket : sockets.values()) {
                FcgiRequest.await(socket, script, "ok");
            }
            int port = Bench.freePort();
            open.add(Nginx.start(folder, port, script, sockets));
            PoolRate rate = new PoolRate("http://127.0.0.1:" + port, monitor);
            rate.supervisors.put(PhpFpm.TITLE, fpmMaster);
            rate.measure(List.copyOf(sockets.keySet()));
        } finally {
            for (AutoCloseable one : open.reversed()) {
                one.close();
            }
        }
    }

    private static String fpm(Path folder) {
        return PhpFpm.pool(folder, "fpm", "pm = static", "pm.max_children = " + WORKERS);
    }

    private void measure(List<String> pools) throws IOException, InterruptedException {
        // Until both monitors have begun, since both count.
        Thread.sleep(SETTLE_MILLIS);
        List<Long> own = monitor.supervisors(PoolBinary.PHP.processName());
        Bench.progress("supervisors: " + own.stream().map(Proc::name).toList());
        supervisors.put(STATIC, own);
        supervisors.put(DYNAMIC, own);
        for (String pool : pools) {
            turns.put(pool, new Turns());
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (String pool : pools) {
                if (pool.equals(STATIC)) {
                    continue;
                }
                boolean isFirst = round % 2 == 0;
                double before = isFirst ? turn(STATIC) : 0;
                double rate = turn(pool);
                double neighbour = isFirst ? before : turn(STATIC);
                turns.get(pool).ratios.add(rate / neighbour);
            }
        }
        report();
    }

    private URI page(String pool) {
        return URI.create(site + "/" + pool + "/");
    }

    private double turn(String pool) throws IOException, InterruptedException {
        Turns all = turns.get(pool);
        // A dynamic pool grows, and caches of the processor are filled.
        double _ = Wrk.rate(page(pool), CONNECTIONS, WARM_UP_SECONDS);
        Work before = work(pool);
        double rate = Wrk.rate(page(pool), CONNECTIONS, SECONDS);
        Work after = work(pool);
        all.rates.add(rate);
        all.cpuMillis += after.cpuMillis() - before.cpuMillis();
        all.switches += after.switches() - before.switches();
        return rate;
    }

    private Work work(String pool) {
        List<Long> pids = supervisors.getOrDefault(pool, List.of());
        return new Work(
                pids.stream().mapToLong(Proc::cpuMillis).sum(),
                pids.stream()
                        .mapToLong(pid -> Proc.contextSwitches(pid, PoolMonitor.THREAD))
                        .sum());
    }

    private void report() {
        Turns own = turns.get(STATIC);
        Turns dynamic = turns.get(DYNAMIC);
        Map<String, Double> rates = new HashMap<>();
        Map<String, Double> ratios = new HashMap<>();
        Map<String, Double> cpu = new HashMap<>();
        turns.forEach((pool, all) -> {
            rates.put(pool, all.rate());
            if (!pool.equals(STATIC)) {
                ratios.put(pool, all.ratio());
            }
        });
        if (PhpFpm.installed()) {
            cpu.put(PhpFpm.TITLE, turns.get(PhpFpm.TITLE).cpuPercent());
        }
        Table table =
                new Table(
                        "pools-rate: %d workers of PHP behind nginx, wrk at %d connections (%d times %d s beside each other); more is better"
                                .formatted(WORKERS, CONNECTIONS, ROUNDS, SECONDS),
                        List.of(SpawnFcgi.column(), PhpFpm.column()));
        table.row("static: requests a second, median", "%.0f", own.rate(), "", rates);
        if (!Bench.comparesBuilds()) {
            table.row("static: ratio to procmon beside it, median", "%.3f", 1, "", ratios);
        }
        table.row("dynamic: requests a second, median", "%.0f", dynamic.rate(), "", Map.of());
        table.row(
                "dynamic: divided by static beside it, median",
                "%.3f",
                dynamic.ratio(),
                "",
                Map.of());
        String percent = ": processor time of all monitors, % of a core";
        table.row(STATIC + percent, "%.2f", own.cpuPercent(), "", cpu);
        table.row(DYNAMIC + percent, "%.2f", dynamic.cpuPercent(), "", Map.of());
        String switches = ": context switches a second of the thread that runs pools";
        table.row(STATIC + switches, "%.0f", own.switchesEachSecond(), "", Map.of());
        table.row(DYNAMIC + switches, "%.0f", dynamic.switchesEachSecond(), "", Map.of());
        table.print();
    }
}
