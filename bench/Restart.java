import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * From just before kill -9 of a child until its replacement runs. Nobody polls: the replacement
 * itself reads the clock with its first instruction (child.c), the same one that {@link
 * System#nanoTime} reads here, CLOCK_MONOTONIC, and once more when its C library has begun, which
 * is the program's own time and the same for all. Each child is killed once, long after it started,
 * so that nobody's backoff matters.
 */
class Restart {
    private static final int CHILDREN = 200;

    /** These two take a second for each. */
    private static final List<Peer> SLOW = List.of(Peer.S6, Peer.SUPERVISOR);

    private static final int KILLS_OF_SLOW = 20;
    private static final int SIGKILL = 9;
    private static final MethodHandle KILL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));

    private record Times(List<Long> executed, List<Long> main) {
        Times() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        static double millis(List<Long> nanos, double share) {
            return Bench.quantile(nanos.stream().mapToLong(Long::longValue), share) / 1e6;
        }
    }

    public static void main(String[] args) throws Throwable {
        Map<Peer, Times> all = new EnumMap<>(Peer.class);
        for (Peer peer : Peer.values()) {
            if (peer.installed()) {
                all.put(peer, measure(peer, SLOW.contains(peer) ? KILLS_OF_SLOW : CHILDREN));
            }
        }
        Table table =
                Table.ofPeers(
                        "restart: kill -9 of a child until its replacement runs, ms (%d children, each killed once; %d of them for s6 and supervisor)"
                                .formatted(CHILDREN, KILLS_OF_SLOW),
                        List.of(Peer.BARE, Peer.PAIR, Peer.RUNIT, Peer.S6, Peer.SUPERVISOR));
        rows(table, "its first instruction", all, Times::executed);
        rows(table, "its main, after its C library's start", all, Times::main);
        table.print();
    }

    private static void rows(
            Table table, String figure, Map<Peer, Times> all, Function<Times, List<Long>> nanos) {
        double median = Times.millis(nanos.apply(all.get(Peer.PROCMON)), 0.5);
        row(table, figure + ", median", all, nanos, 0.5, Table.target("1 ms", median <= 1));
        row(table, figure + ", 95th percentile", all, nanos, 0.95, "");
        row(table, figure + ", worst", all, nanos, 1, "");
    }

    private static void row(
            Table table,
            String figure,
            Map<Peer, Times> all,
            Function<Times, List<Long>> nanos,
            double share,
            String target) {
        Map<String, Double> others = new HashMap<>();
        all.forEach((peer, times) ->
                others.put(peer.title(), Times.millis(nanos.apply(times), share)));
        table.row(figure, "%.2f", others.get(Peer.PROCMON.title()), target, others);
    }

    private static Times measure(Peer peer, int kills) throws Throwable {
        try (Starts starts = new Starts();
                Supervision supervision =
                        Supervision.start(
                                peer, Bench.children(CHILDREN, i -> starts.command("c" + i)))) {
            Map<String, Starts.Start> first = new HashMap<>();
            while (first.size() < CHILDREN) {
                Starts.Start start = starts.next();
                first.put(start.name(), start);
            }
            // Past the second that runit, s6 and supervisor want a child to have lived.
            Thread.sleep(3000);
            Times times = new Times();
            int signalsBefore = (int) KILL.invokeExact((int) ProcessHandle.current().pid(), 0);
            for (Starts.Start victim : first.values().stream().limit(kills).toList()) {
                long killed = System.nanoTime();
                int result = (int) KILL.invokeExact(victim.pid(), SIGKILL);
                Starts.Start replacement = starts.next();
                if (result + signalsBefore != 0 || !replacement.name().equals(victim.name())) {
                    throw new IllegalStateException(
                            "%s was killed, %s started".formatted(victim, replacement));
                }
                times.executed().add(replacement.executed() - killed);
                times.main().add(replacement.main() - killed);
                // Lets the supervisor finish what it does behind the start.
                Thread.sleep(10);
            }
            return times;
        }
    }
}
