import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command that lists the processes, from its start to its end, three processes each, the
 * programs in turns.
 */
class Cli {
    private static final int CHILDREN = 3;
    private static final int ROUNDS = Bench.rounds(20);

    public static void main(String[] args) throws Exception {
        List<Peer> peers =
                List.of(Peer.PROCMON, Peer.SUPERVISOR).stream().filter(Peer::installed).toList();
        Map<Peer, Supervision> running = new EnumMap<>(Peer.class);
        try {
            for (Peer peer : peers) {
                Sleepers sleepers = new Sleepers(CHILDREN);
                running.put(peer, Supervision.start(peer, sleepers.children()));
                sleepers.awaitAll(running.get(peer), 0);
            }
            // supervisor calls a child running after a second.
            Thread.sleep(2000);
            Map<Peer, List<Double>> millis = new EnumMap<>(Peer.class);
            // The first round warms the page cache and does not count.
            for (int round = 0; round <= ROUNDS; round++) {
                for (Peer peer : peers) {
                    double taken = measure(peer, running.get(peer).folder());
                    if (round > 0) {
                        millis.computeIfAbsent(peer, key -> new ArrayList<>()).add(taken);
                    }
                }
            }
            report(millis);
        } finally {
            running.values().forEach(Supervision::close);
        }
    }

    private static void report(Map<Peer, List<Double>> millis) {
        Map<String, Double> medians = new HashMap<>();
        millis.forEach((peer, values) -> medians.put(peer.title(), Bench.median(values)));
        double procmon = medians.get(Peer.PROCMON.title());
        double supervisor = medians.getOrDefault(Peer.SUPERVISOR.title(), Double.POSITIVE_INFINITY);
        Table table =
                Table.ofPeers(
                        "cli: procmon -l and supervisorctl status, ms (median of %d, in turns)"
                                .formatted(ROUNDS),
                        List.of(Peer.SUPERVISOR));
        table.row(
                "list of %d processes".formatted(CHILDREN),
                "%.1f",
                procmon,
                Table.target(
                        "100, and half of supervisor's", procmon < 100 && procmon < supervisor / 2),
                medians);
        table.print();
    }

    private static double measure(Peer peer, Path folder) throws IOException, InterruptedException {
        Command listed = Command.run(folder, peer.statusCommand(folder));
        String text = listed.answer();
        if (text.lines().filter(line -> line.toLowerCase().contains(" running")).count()
                < CHILDREN) {
            throw new IllegalStateException(
                    "%s does not list its children: %s".formatted(peer.title(), text));
        }
        return listed.seconds() * 1000;
    }
}
