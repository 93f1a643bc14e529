import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From the execution of the supervisor's command until the last of 1,000 sleeps is executed, as the
 * kernel tells it: JVM or interpreter start included.
 */
class Up {
    private static final int CHILDREN = 1000;
    private static final int ROUNDS = Bench.rounds(3);

    /** This one takes so long that once is enough. */
    private static final Peer SLOW = Peer.SUPERVISOR;

    public static void main(String[] args) throws Exception {
        Map<Peer, List<Double>> seconds = new EnumMap<>(Peer.class);
        for (int round = 0; round < ROUNDS; round++) {
            for (Peer peer : Peer.values()) {
                if (peer.installed() && (round == 0 || peer != SLOW)) {
                    seconds.computeIfAbsent(peer, key -> new ArrayList<>()).add(measure(peer));
                }
            }
        }
        Map<String, Double> medians = new HashMap<>();
        seconds.forEach((peer, values) -> medians.put(peer.title(), Bench.median(values)));
        double procmon = medians.get(Peer.PROCMON.title());
        Table table =
                Table.ofPeers(
                        "up: %,d sleeps up, from the exec of the command, s (median of %d; supervisor once)"
                                .formatted(CHILDREN, ROUNDS),
                        List.of(Peer.BARE, Peer.PAIR, Peer.RUNIT, Peer.S6, Peer.SUPERVISOR));
        table.row("all children up", "%.2f", procmon, Table.target("1 s", procmon <= 1), medians);
        table.print();
    }

    private static double measure(Peer peer) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        long threadsBefore = Proc.threadsOfSystem();
        try (Executions executions = Executions.listen();
                Supervision supervision = Supervision.start(peer, sleepers.children())) {
            Set<Path> all = sleepers.awaitAll(supervision, threadsBefore);
            double seconds =
                    (executions.last(all) - supervision.running().startedNanos()) / 1e9;
            Bench.progress("%s: %.2f s".formatted(peer.title(), seconds));
            return seconds;
        }
    }
}
