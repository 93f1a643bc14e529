import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What health probes cost: the monitor of 1,000 idle sleeps that are asked nothing, and that of
 * 1,000 sleeps each of which is asked by TCP every ten seconds. A listener here answers for all.
 */
class Probes {
    private static final int CHILDREN = 1000;
    private static final long SETTLE_MILLIS = 5_000;
    private static final long IDLE_MILLIS = 10_000;

    /** Three intervals, by which time what asks is compiled. */
    private static final long WARM_UP_MILLIS = 30_000;

    private static final long PROBED_MILLIS = 30_000;
    private static final int BACKLOG = 1024;

    /** What the monitor did in a time. */
    private record Cost(long contextSwitches, long cpuMillis, long accepted, double mebibytes) {}

    public static void main(String[] args) throws Exception {
        Cost plain = measure("", SETTLE_MILLIS, IDLE_MILLIS, new AtomicLong());
        Cost probed;
        AtomicLong accepted = new AtomicLong();
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            Thread.ofPlatform().daemon().start(() -> accept(listener, accepted));
            String keys =
                    ", \"health\": {\"tcp\": \"127.0.0.1:%d\", \"interval\": \"10s\"}"
                            .formatted(((InetSocketAddress) listener.getLocalAddress()).getPort());
            probed = measure(keys, WARM_UP_MILLIS, PROBED_MILLIS, accepted);
        }
        double share = 100.0 * probed.cpuMillis() / PROBED_MILLIS;
        Table table =
                new Table(
                        "probes: %,d sleeps, idle for %d s, and each probed by TCP every 10 s for %d s"
                                .formatted(CHILDREN, IDLE_MILLIS / 1000, PROBED_MILLIS / 1000),
                        List.of());
        // As in the part memory: to read the figures costs a few.
        row(
                table,
                "not probed: context switches",
                "%.0f",
                plain.contextSwitches(),
                Table.target("nil (5)", plain.contextSwitches() <= 5));
        row(
                table,
                "not probed: processor time, ms",
                "%.0f",
                plain.cpuMillis(),
                Table.target("nil", plain.cpuMillis() == 0));
        row(table, "not probed: proportional set size, MiB", "%.1f", plain.mebibytes(), "");
        row(table, "probed: connections that were accepted", "%.0f", probed.accepted(), "");
        row(table, "probed: context switches", "%.0f", probed.contextSwitches(), "");
        row(table, "probed: processor time, ms", "%.0f", probed.cpuMillis(), "");
        row(table, "probed: share of one core, %", "%.2f", share, Table.target("2 %", share < 2));
        row(table, "probed: proportional set size, MiB", "%.1f", probed.mebibytes(), "");
        table.print();
    }

    private static void row(
            Table table, String figure, String format, double value, String target) {
        table.row(figure, format, value, target, Map.of());
    }

    private static Cost measure(
            String keys, long settleMillis, long millis, AtomicLong accepted) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        long threadsBefore = Proc.threadsOfSystem();
        try (Supervision supervision =
                Supervision.start(Peer.PROCMON, sleepers.children(), keys)) {
            sleepers.awaitAll(supervision, threadsBefore);
            Thread.sleep(settleMillis);
            long monitor = supervision.running().tree().getFirst();
            double mebibytes = Proc.pssKib(monitor) / 1024.0;
            long switches = Proc.contextSwitches(monitor);
            long cpuMillis = Proc.cpuMillis(monitor);
            long connections = accepted.get();
            Thread.sleep(millis);
            return new Cost(
                    Proc.contextSwitches(monitor) - switches,
                    Proc.cpuMillis(monitor) - cpuMillis,
                    accepted.get() - connections,
                    mebibytes);
        }
    }

    private static void accept(ServerSocketChannel listener, AtomicLong accepted) {
        try {
            while (true) {
                try (SocketChannel _ = listener.accept()) {
                    accepted.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            return;
        }
    }
}
