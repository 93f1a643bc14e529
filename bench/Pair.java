import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the pair of monitors costs with 1,000 captured sleeps, both of whose streams are fifos that
 * the monitor reads: proportional set size, and what both do when nothing happens.
 */
class Pair {
    private static final int CHILDREN = 1000;
    private static final long SETTLE_MILLIS = 5_000;
    private static final long IDLE_MILLIS = 10_000;

    public static void main(String[] args) throws Exception {
        Map<String, String> children = Bench.children(CHILDREN, i -> "sleep 1000000000");
        try (Mortal mortal = Mortal.start("-f", children)) {
            Mortal.Answer answer = mortal.awaitAll(children, true);
            Thread.sleep(SETTLE_MILLIS);
            List<Long> both = mortal.monitors();
            double primary = Proc.pssKib(answer.pid("procmon1")) / 1024.0;
            double backup = Proc.pssKib(answer.pid("procmon2")) / 1024.0;
            double sum = sum(both, Proc::pssKib) / 1024.0;
            long switches = sum(both, Proc::contextSwitches);
            long cpuMillis = sum(both, Proc::cpuMillis);
            Thread.sleep(IDLE_MILLIS);
            switches = sum(both, Proc::contextSwitches) - switches;
            cpuMillis = sum(both, Proc::cpuMillis) - cpuMillis;
            Table table =
                    new Table(
                            "pair: both monitors of %,d captured sleeps, %d s after they are up, then idle for %d s"
                                    .formatted(CHILDREN, SETTLE_MILLIS / 1000, IDLE_MILLIS / 1000),
                            List.of());
            row(table, "monitors", "%.0f", both.size(), Table.target("2", both.size() == 2));
            row(table, "proportional set size, primary, MiB", "%.1f", primary, "");
            row(table, "proportional set size, backup, MiB", "%.1f", backup, "");
            row(table, "both", "%.1f", sum, Table.target("80", sum < 80));
            // As in the part memory: to read the figures costs a few.
            row(
                    table,
                    "idle: context switches",
                    "%.0f",
                    switches,
                    Table.target("nil (10)", switches <= 10));
            row(
                    table,
                    "idle: processor time, ms",
                    "%.0f",
                    cpuMillis,
                    Table.target("nil", cpuMillis == 0));
            table.print();
        }
    }

    private static void row(
            Table table, String figure, String format, double value, String target) {
        table.row(figure, format, value, target, Map.of());
    }

    private static long sum(List<Long> pids, ToLongFunction<Long> figure) {
        return pids.stream().mapToLong(figure).sum();
    }
}
