import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What 1,000 pools on demand cost that no client has asked, so that they have no workers: what the
 * monitor does when idle, its memory, and how much of it is due to one more pool, by comparison with
 * a monitor of one pool.
 */
class PoolIdle {
    private static final int POOLS = 1000;
    private static final long SETTLE_MILLIS = 8_000;
    private static final long IDLE_MILLIS = 10_000;
    private static final double KIB = 1024;

    /** Of all processes of a supervisor; the switches and the processor time over the idle time. */
    private record Cost(long poolSwitches, long switches, long cpuMillis, long pssKib) {}

    public static void main(String[] args) throws Exception {
        Cost one = procmon(1);
        Cost many = procmon(POOLS);
        double heap = (heap(POOLS) - heap(1)) / KIB / (POOLS - 1);
        Map<String, Cost> others = new HashMap<>();
        Map<String, Double> otherMemory = new HashMap<>();
        if (PhpFpm.installed()) {
            Cost fpm = phpFpm(POOLS);
            others.put(PhpFpm.TITLE, fpm);
            otherMemory.put(PhpFpm.TITLE, each(phpFpm(1), fpm));
        }
        Table table =
                new Table(
                        "pools-idle: %,d pools on demand without workers, %d s after they listen, then idle for %d s"
                                .formatted(POOLS, SETTLE_MILLIS / 1000, IDLE_MILLIS / 1000),
                        List.of(PhpFpm.column()));
        table.row(
                "context switches of the thread that runs pools",
                "%.0f",
                many.poolSwitches(),
                Table.target("0", many.poolSwitches() == 0),
                Map.of());
        // To read the figures costs a few for each of the two processes, as in the part memory.
        row(
                table,
                "context switches of all threads",
                "%.0f",
                many,
                Table.target("nil (10)", many.switches() <= 10),
                others,
                Cost::switches);
        row(
                table,
                "processor time, ms",
                "%.0f",
                many,
                Table.target("nil", many.cpuMillis() == 0),
                others,
                Cost::cpuMillis);
        row(
                table,
                "proportional set size, MiB",
                "%.1f",
                many,
                "",
                others,
                cost -> cost.pssKib() / KIB);
        table.row(
                "proportional set size of one more pool, KiB",
                "%.1f",
                each(one, many),
                "",
                otherMemory);
        table.row("live Java heap of one more pool, KiB", "%.1f", heap, "", Map.of());
        table.print();
    }

    private static void row(
            Table table,
            String figure,
            String format,
            Cost procmon,
            String target,
            Map<String, Cost> others,
            ToDoubleFunction<Cost> value) {
        Map<String, Double> values = new HashMap<>();
        others.forEach((title, cost) -> values.put(title, value.applyAsDouble(cost)));
        table.row(figure, format, value.applyAsDouble(procmon), target, values);
    }

    /** KiB. */
    private static double each(Cost one, Cost many) {
        return (double) (many.pssKib() - one.pssKib()) / (POOLS - 1);
    }

    private static List<String> pools(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                PoolMonitor.pool(
                                        "p" + i,
                                        PoolBinary.C.command(),
                                        PoolMonitor.onDemand(4)))
                .toList();
    }

    private static Cost procmon(int count) throws Exception {
        try (PoolMonitor monitor = PoolMonitor.alone(pools(count))) {
            FcgiRequest.awaitSocket(monitor.socket("p" + (count - 1)));
            return idle(monitor.running());
        }
    }

    private static Cost phpFpm(int count) throws Exception {
        Path folder = Bench.newFolder("i");
        List<String> pools =
                IntStream.range(0, count)
                        .mapToObj(
                                i ->
                                        PhpFpm.pool(
                                                folder,
                                                "p" + i,
                                                "pm = ondemand",
                                                "pm.max_children = 4"))
                        .toList();
        try (Running fpm = PhpFpm.start(folder, pools)) {
            FcgiRequest.awaitSocket(folder.resolve("p" + (count - 1) + ".sock"));
            return idle(fpm);
        }
    }

    /** Of all processes; beside procmon's monitor there is the one that keeps its sockets. */
    private static Cost idle(Running running) throws InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        List<Long> pids = running.tree();
        if (pids.size() > 2) {
            throw new IllegalStateException("there are workers");
        }
        long pss = sum(pids, Proc::pssKib);
        long poolSwitches = sum(pids, pid -> Proc.contextSwitches(pid, PoolMonitor.THREAD));
        long switches = sum(pids, Proc::contextSwitches);
        long cpuMillis = sum(pids, Proc::cpuMillis);
        Thread.sleep(IDLE_MILLIS);
        return new Cost(
                sum(pids, pid -> Proc.contextSwitches(pid, PoolMonitor.THREAD)) - poolSwitches,
                sum(pids, Proc::contextSwitches) - switches,
                sum(pids, Proc::cpuMillis) - cpuMillis,
                pss);
    }

    private static long sum(List<Long> pids, ToLongFunction<Long> figure) {
        return pids.stream().mapToLong(figure).sum();
    }

    /** The bytes of all objects that are reachable, after a full collection. */
    private static long heap(int count) throws IOException, InterruptedException {
        try (PoolMonitor monitor = PoolMonitor.attachable(pools(count))) {
            FcgiRequest.awaitSocket(monitor.socket("p" + (count - 1)));
            Thread.sleep(SETTLE_MILLIS);
            Command histogram =
                    Command.run(
                            monitor.folder(),
                            List.of(
                                    System.getProperty("java.home") + "/bin/jcmd",
                                    "" + monitor.running().tree().getFirst(),
                                    "GC.class_histogram"));
            String total =
                    histogram
                            .answer()
                            .lines()
                            .filter(line -> line.startsWith("Total"))
                            .findFirst()
                            .orElseThrow();
            return Long.parseLong(total.split("\\s+")[2]);
        }
    }
}
