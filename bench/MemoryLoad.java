import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What the monitor of 1,000 sleeps has in memory when it is idle, and after many runs: one after the
 * other is restarted over one connection, at most 250 in a second. BENCH_RUNS says how many.
 */
class MemoryLoad {
    private static final int CHILDREN = 1000;
    private static final int RUNS = Integer.parseInt(System.getenv().getOrDefault("BENCH_RUNS", "100000"));
    private static final int RUNS_A_SECOND = 250;
    private static final long SETTLE_MILLIS = 10_000;
    private static final int STEPS = 10;

    public static void main(String[] args) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        long threadsBefore = Proc.threadsOfSystem();
        try (Supervision supervision = Supervision.start(Peer.PROCMON, sleepers.children())) {
            sleepers.awaitAll(supervision, threadsBefore);
            Thread.sleep(SETTLE_MILLIS);
            List<Long> pids = supervision.supervisors();
            double idle = sum(pids, Proc::pssKib) / 1024.0;
            double most = idle;
            Bench.progress("idle: %.1f MiB".formatted(idle));
            long begin = System.nanoTime();
            try (SocketChannel monitor =
                    SocketChannel.open(
                            UnixDomainSocketAddress.of(
                                    Bench.stateFolder(supervision.folder())
                                            .resolve("control.sock")))) {
                for (int step = 1; step <= STEPS; step++) {
                    restart(monitor, RUNS / STEPS);
                    double now = sum(pids, Proc::pssKib) / 1024.0;
                    most = Math.max(most, now);
                    Bench.progress("%,d runs: %.1f MiB".formatted(RUNS / STEPS * step, now));
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double after = sum(pids, Proc::pssKib) / 1024.0;
            Table table =
                    new Table(
                            "memory-load: %,d sleeps, idle and after %,d runs".formatted(CHILDREN, RUNS),
                            List.of());
            table.row("idle, MiB", "%.1f", idle, "-", Map.of());
            table.row("runs a second", "%.0f", RUNS / seconds, "-", Map.of());
            table.row("afterwards, MiB", "%.1f", after, "-", Map.of());
            table.row("most meanwhile, MiB", "%.1f", most, "-", Map.of());
            table.row(
                    "most by idle",
                    "%.2f",
                    most / idle,
                    Table.target("1.2", most <= 1.2 * idle),
                    Map.of());
            table.print();
        }
    }

    private static void restart(SocketChannel monitor, int times) throws Exception {
        ByteBuffer reply = ByteBuffer.allocate(1 << 16);
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            String call =
                    "{\"method\":\"org.procmon.Monitor.Restart\",\"parameters\":{\"names\":[\"c%d\"]}}\0"
                            .formatted(i % CHILDREN);
            monitor.write(ByteBuffer.wrap(call.getBytes(StandardCharsets.UTF_8)));
            receive(monitor, reply.clear());
            long due = begin + (i + 1L) * 1_000_000_000 / RUNS_A_SECOND;
            long early = due - System.nanoTime();
            if (early > 0) {
                Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
            }
        }
    }

    private static void receive(SocketChannel monitor, ByteBuffer reply) throws IOException {
        do {
            if (monitor.read(reply) < 0) {
                throw new IOException("the monitor ended the connection");
            }
        } while (reply.get(reply.position() - 1) != 0);
        if (new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8).contains("\"error\"")) {
            throw new IOException("a restart failed");
        }
    }

    private static long sum(List<Long> pids, ToLongFunction<Long> figure) {
        return pids.stream().mapToLong(figure).sum();
    }
}
