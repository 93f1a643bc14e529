import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * From just before kill -9 of a child until its replacement runs. Nobody polls: the replacement
 * itself reads the clock in its first statement (child.c), the same one that {@link
 * System#nanoTime} reads here, CLOCK_MONOTONIC. Each child is killed once, long after it started,
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

    private record Times(List<Long> nanos) {
        double millis(double share) {
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
        double median = all.get(Peer.PROCMON).millis(0.5);
        row(table, "median", all, times -> times.millis(0.5), Table.target("1 ms", median <= 1));
        row(table, "95th percentile", all, times -> times.millis(0.95), "");
        row(table, "worst", all, times -> times.millis(1), "");
        table.print();
    }

    private static void row(
            Table table,
            String figure,
            Map<Peer, Times> all,
            ToDoubleFunction<Times> value,
            String target) {
        Map<String, Double> others = new HashMap<>();
        all.forEach((peer, times) -> others.put(peer.title(), value.applyAsDouble(times)));
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
            List<Long> nanos = new ArrayList<>();
            int signalsBefore = (int) KILL.invokeExact((int) ProcessHandle.current().pid(), 0);
            for (Starts.Start victim : first.values().stream().limit(kills).toList()) {
                long killed = System.nanoTime();
                int result = (int) KILL.invokeExact(victim.pid(), SIGKILL);
                Starts.Start replacement = starts.next();
                if (result + signalsBefore != 0 || !replacement.name().equals(victim.name())) {
                    throw new IllegalStateException(
                            "%s was killed, %s started".formatted(victim, replacement));
                }
                nanos.add(replacement.nanos() - killed);
                // Lets the supervisor finish what it does behind the start.
                Thread.sleep(10);
            }
            return new Times(nanos);
        }
    }
}
