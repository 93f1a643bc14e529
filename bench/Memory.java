import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What supervision of 1,000 sleeps costs once they are up: proportional set size, and what an idle
 * supervisor does. Only the supervision processes are counted (runsv and s6-supervise among them),
 * not the children.
 */
class Memory {
    private static final int CHILDREN = 1000;
    private static final long SETTLE_MILLIS = 5_000;
    private static final long IDLE_MILLIS = 10_000;

    /** Sums over the supervision processes; the last two over the idle time. */
    private record Cost(int processes, double mebibytes, long contextSwitches, long cpuMillis) {}

    public static void main(String[] args) throws Exception {
        Map<Peer, Cost> costs = new EnumMap<>(Peer.class);
        for (Peer peer : Peer.values()) {
            if (peer.installed() && peer != Peer.BARE) {
                costs.put(peer, measure(peer));
            }
        }
        Cost procmon = costs.get(Peer.PROCMON);
        Table table =
                Table.ofPeers(
                        "memory: supervising %,d sleeps, %d s after they are up, then idle for %d s"
                                .formatted(CHILDREN, SETTLE_MILLIS / 1000, IDLE_MILLIS / 1000),
                        List.of(Peer.PAIR, Peer.RUNIT, Peer.S6, Peer.SUPERVISOR));
        row(table, "supervision processes", "%.0f", costs, Cost::processes, "");
        row(
                table,
                "proportional set size, MiB",
                "%.1f",
                costs,
                Cost::mebibytes,
                Table.target("60", procmon.mebibytes() <= 60));
        // Reading the figures takes the memory's lock for a moment; up to five switches are
        // nobody's work.
        row(
                table,
                "idle: context switches",
                "%.0f",
                costs,
                Cost::contextSwitches,
                Table.target("nil (5)", procmon.contextSwitches() <= 5));
        row(
                table,
                "idle: processor time, ms",
                "%.0f",
                costs,
                Cost::cpuMillis,
                Table.target("nil", procmon.cpuMillis() == 0));
        table.print();
    }

    private static void row(
            Table table,
            String figure,
            String format,
            Map<Peer, Cost> costs,
            ToDoubleFunction<Cost> value,
            String target) {
        Map<String, Double> others = new HashMap<>();
        costs.forEach((peer, cost) -> others.put(peer.title(), value.applyAsDouble(cost)));
        table.row(figure, format, others.get(Peer.PROCMON.title()), target, others);
    }

    private static Cost measure(Peer peer) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        long threadsBefore = Proc.threadsOfSystem();
        try (Supervision supervision = Supervision.start(peer, sleepers.children())) {
            sleepers.awaitAll(supervision, threadsBefore);
            Thread.sleep(SETTLE_MILLIS);
            List<Long> pids = supervision.supervisors();
            double mebibytes = sum(pids, Proc::pssKib) / 1024.0;
            long switches = sum(pids, Proc::contextSwitches);
            long cpuMillis = sum(pids, Proc::cpuMillis);
            Thread.sleep(IDLE_MILLIS);
            return new Cost(
                    pids.size(),
                    mebibytes,
                    sum(pids, Proc::contextSwitches) - switches,
                    sum(pids, Proc::cpuMillis) - cpuMillis);
        }
    }

    private static long sum(List<Long> pids, ToLongFunction<Long> figure) {
        return pids.stream().mapToLong(figure).sum();
    }
}
