import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What those who watch cost the others: the restart of 1,000 sleeps by one command while nobody
 * watches, while 100 read all events, and while one reads nothing, who has to be dropped.
 */
class Events {
    private static final int CHILDREN = 1000;
    private static final int WATCHERS = 100;
    private static final int ROUNDS = 5;
    private static final long SETTLE_MILLIS = 3_000;

    /** The monitor gives a reader 30 s. */
    private static final double LONGEST_STUCK = 35;

    /**
     * A restart of all.
     *
     * @param seconds until the command has ended
     * @param told until all who read have been told the last event of it
     * @param monitorMillis the monitor's processor time until then
     * @param readerMillis that of who reads
     * @param events how many each was told, in so many bytes
     */
    private record Cost(
            double seconds,
            double told,
            double monitorMillis,
            double readerMillis,
            double events,
            double bytes) {}

    private final Supervision supervision;
    private final Sleepers sleepers;
    private final Path stateFolder;
    private final long monitor;

    private Events(Supervision supervision, Sleepers sleepers) {
        this.supervision = supervision;
        this.sleepers = sleepers;
        this.stateFolder = Bench.stateFolder(supervision.folder());
        this.monitor = supervision.running().tree().getFirst();
    }

    public static void main(String[] args) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        long threadsBefore = Proc.threadsOfSystem();
        try (Supervision supervision = Supervision.start(Peer.PROCMON, sleepers.children())) {
            sleepers.awaitAll(supervision, threadsBefore);
            new Events(supervision, sleepers).measure();
        }
    }

    private void measure() throws Exception {
        List<Cost> alone = new ArrayList<>();
        List<Cost> watched = new ArrayList<>();
        List<Cost> stuck = new ArrayList<>();
        // The first round is of cold code and does not count.
        for (int round = 0; round <= ROUNDS; round++) {
            Cost nobody = watched(0);
            Cost all = watched(WATCHERS);
            Cost one;
            try (SocketChannel _ = Watchers.open(stateFolder)) {
                one = watched(0);
            }
            Bench.progress("restart: %s, %s, %s".formatted(nobody, all, one));
            if (round > 0) {
                alone.add(nobody);
                watched.add(all);
                stuck.add(one);
            }
        }
        report(alone, watched, stuck, droppedAfter());
    }

    private static void report(
            List<Cost> alone, List<Cost> watched, List<Cost> stuck, double droppedAfter) {
        double unwatched = median(alone, Cost::seconds);
        Table table =
                new Table(
                        "events: restart of %,d sleeps by one command, with and without watchers (medians of %d, in turns)"
                                .formatted(CHILDREN, ROUNDS),
                        List.of());
        row(table, "nobody watches, s", "%.2f", unwatched, "");
        timed(table, "%d watch, s".formatted(WATCHERS), unwatched, watched);
        row(table, "until all were told all, s", "%.2f", median(watched, Cost::told), "");
        row(table, "events that each was told", "%.0f", median(watched, Cost::events), "");
        row(table, "KiB that each was told", "%.0f", median(watched, Cost::bytes) / 1024, "");
        timed(table, "one watches and does not read, s", unwatched, stuck);
        row(
                table,
                "its connection was ended after, s",
                "%.1f",
                droppedAfter,
                Table.target("35 s", droppedAfter < LONGEST_STUCK));
        String title = "processor time of the monitor, %s, ms";
        row(table, title.formatted("nobody"), "%.0f", median(alone, Cost::monitorMillis), "");
        row(table, title.formatted(WATCHERS), "%.0f", median(watched, Cost::monitorMillis), "");
        row(
                table,
                "processor time of the %d readers, ms".formatted(WATCHERS),
                "%.0f",
                median(watched, Cost::readerMillis),
                "");
        table.print();
    }

    private static void timed(Table table, String figure, double unwatched, List<Cost> costs) {
        double seconds = median(costs, Cost::seconds);
        row(
                table,
                figure,
                "%.2f",
                seconds,
                Table.target(
                        "1.2 x nobody, is %.2f".formatted(seconds / unwatched),
                        seconds <= 1.2 * unwatched));
    }

    private static void row(
            Table table, String figure, String format, double value, String target) {
        table.row(figure, format, value, target, Map.of());
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        return Bench.median(costs.stream().mapToDouble(figure).boxed().toList());
    }

    private Cost watched(int count) throws Exception {
        Thread.sleep(SETTLE_MILLIS);
        try (Watchers watchers = new Watchers(stateFolder, count)) {
            long bytes = watchers.bytes();
            double readers = watchers.readerMillis();
            long first = last();
            long cpuMillis = Proc.cpuMillis(monitor);
            long begin = System.nanoTime();
            double seconds = restart();
            long last = last();
            double told = (watchers.awaitLast(last) - begin) / 1e9;
            return new Cost(
                    seconds,
                    told,
                    Proc.cpuMillis(monitor) - cpuMillis,
                    watchers.readerMillis() - readers,
                    last - first,
                    (double) (watchers.bytes() - bytes) / Math.max(1, count));
        }
    }

    /** How long a watcher that reads nothing is kept, from the beginning of a restart. */
    private double droppedAfter() throws Exception {
        Thread.sleep(SETTLE_MILLIS);
        Set<String> others = Proc.sockets(monitor);
        try (SocketChannel stuck = Watchers.open(stateFolder)) {
            Set<String> its = new HashSet<>();
            while (its.isEmpty()) {
                its.addAll(Proc.sockets(monitor));
                its.removeAll(others);
                Thread.sleep(1);
            }
            long begin = System.nanoTime();
            restart();
            while (Proc.sockets(monitor).containsAll(its)) {
                if (System.nanoTime() - begin > 2 * LONGEST_STUCK * 1e9) {
                    throw new IllegalStateException("a watcher that does not read is not dropped");
                }
                Thread.sleep(10);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (stuck.read(buffer.clear()) >= 0) {
                continue;
            }
            return seconds;
        }
    }

    /** The number of the latest event, which every new watcher is told first. */
    private long last() throws IOException, InterruptedException {
        try (Watchers one = new Watchers(stateFolder, 1)) {
            return one.last();
        }
    }

    /** Restarts all by one command, and returns how long it took. */
    private double restart() throws Exception {
        Set<Path> before = sleepers.present();
        List<String> command =
                Peer.PROCMON.restartCommand(supervision.folder(), sleepers.children());
        double seconds = Command.run(supervision.folder(), command).seconds();
        sleepers.awaitOthers(before);
        return seconds;
    }
}
