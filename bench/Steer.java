import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * How long commands for many children take, each with its own start: a reload of 5,000 entries of
 * which none has changed, and the restart of 1,000 sleeps by one command.
 */
class Steer {
    private static final int ENTRIES = 5000;
    private static final int RELOADS = 7;
    private static final int CHILDREN = 1000;
    private static final int ROUNDS = 3;

    /** Past the second that runit, s6 and supervisor want a child to have lived. */
    private static final long SETTLE_MILLIS = 3_000;

    /** This one takes so long that once is enough. */
    private static final Peer SLOW = Peer.SUPERVISOR;

    /**
     * A restart of all, in seconds.
     *
     * @param command until the command has ended
     * @param anew until it has ended, and all run under new pids
     */
    private record Taken(double command, double anew) {}

    public static void main(String[] args) throws Exception {
        double reload = reload();
        Map<Peer, List<Taken>> restarts = new EnumMap<>(Peer.class);
        for (Peer peer : List.of(Peer.PROCMON, Peer.RUNIT, Peer.S6, Peer.SUPERVISOR)) {
            if (peer.installed()) {
                restarts.put(peer, restarts(peer, peer == SLOW ? 1 : ROUNDS));
            }
        }
        Table table =
                Table.ofPeers(
                        "steer: commands for many, s (median of %d reloads, of %d restarts; supervisor once)"
                                .formatted(RELOADS, ROUNDS),
                        List.of(Peer.RUNIT, Peer.S6, Peer.SUPERVISOR));
        table.row(
                "reload of %,d entries, none changed".formatted(ENTRIES),
                "%.2f",
                reload,
                Table.target("1 s", reload < 1),
                Map.of());
        row(table, "restart of %,d: the command has ended", restarts, Taken::command);
        row(table, "restart of %,d: and all have new pids", restarts, Taken::anew);
        table.print();
    }

    private static void row(
            Table table,
            String figure,
            Map<Peer, List<Taken>> restarts,
            ToDoubleFunction<Taken> value) {
        Map<String, Double> medians = new HashMap<>();
        restarts.forEach(
                (peer, all) ->
                        medians.put(
                                peer.title(),
                                Bench.median(
                                        all.stream().mapToDouble(value).boxed().toList())));
        double procmon = medians.get(Peer.PROCMON.title());
        table.row(
                figure.formatted(CHILDREN),
                "%.2f",
                procmon,
                Table.target("3 s", procmon < 3),
                medians);
    }

    private static double reload() throws Exception {
        Sleepers sleepers = new Sleepers(ENTRIES);
        long threadsBefore = Proc.threadsOfSystem();
        try (Supervision supervision = Supervision.start(Peer.PROCMON, sleepers.children())) {
            sleepers.awaitAll(supervision, threadsBefore);
            Thread.sleep(SETTLE_MILLIS);
            Set<Path> before = sleepers.present();
            List<Double> seconds = new ArrayList<>();
            // The first one warms the page cache and does not count.
            for (int round = 0; round <= RELOADS; round++) {
                Command reloaded =
                        Command.run(supervision.folder(), List.of(Bench.procmon(), "reload"));
                Bench.progress("reload: %.2f s".formatted(reloaded.seconds()));
                if (round > 0) {
                    seconds.add(reloaded.seconds());
                }
            }
            if (!sleepers.present().equals(before)) {
                throw new IllegalStateException("a reload of what has not changed touched children");
            }
            return Bench.median(seconds);
        }
    }

    private static List<Taken> restarts(Peer peer, int rounds) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        long threadsBefore = Proc.threadsOfSystem();
        try (Supervision supervision = Supervision.start(peer, sleepers.children())) {
            sleepers.awaitAll(supervision, threadsBefore);
            List<String> command = peer.restartCommand(supervision.folder(), sleepers.children());
            List<Taken> all = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                Thread.sleep(SETTLE_MILLIS);
                Set<Path> before = sleepers.present();
                long begin = System.nanoTime();
                double seconds = Command.run(supervision.folder(), command).seconds();
                double anew = (sleepers.awaitOthers(before) - begin) / 1e9;
                Bench.progress("%s: %.2f s, %.2f s".formatted(peer.title(), seconds, anew));
                all.add(new Taken(seconds, anew));
            }
            return all;
        }
    }
}
