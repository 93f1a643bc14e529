import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

    private record Start(String name, int pid, long nanos) {}

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
                        List.of(Peer.RUNIT, Peer.S6, Peer.SUPERVISOR));
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
        Path fifo = Bench.newFolder("f").resolve("starts");
        new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor();
        String child = Bench.work().resolve("child").toString();
        BlockingQueue<Start> starts = new LinkedBlockingQueue<>();
        // Opened for both directions, the FIFO neither blocks nor ends.
        try (RandomAccessFile reports = new RandomAccessFile(fifo.toFile(), "rw");
                Supervision supervision =
                        Supervision.start(
                                peer,
                                Bench.children(
                                        CHILDREN, i -> "%s %s c%d".formatted(child, fifo, i)))) {
            Thread.ofPlatform().daemon().start(() -> read(reports, starts));
            Map<String, Start> first = new HashMap<>();
            while (first.size() < CHILDREN) {
                Start start = next(starts);
                first.put(start.name(), start);
            }
            // Past the second that runit, s6 and supervisor want a child to have lived.
            Thread.sleep(3000);
            List<Long> nanos = new ArrayList<>();
            int signalsBefore = (int) KILL.invokeExact((int) ProcessHandle.current().pid(), 0);
            for (Start victim : first.values().stream().limit(kills).toList()) {
                long killed = System.nanoTime();
                int result = (int) KILL.invokeExact(victim.pid(), SIGKILL);
                Start replacement = next(starts);
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

    private static Start next(BlockingQueue<Start> starts) throws InterruptedException {
        Start start = starts.poll(30, TimeUnit.SECONDS);
        if (start == null) {
            throw new IllegalStateException("no child has started for 30 s");
        }
        return start;
    }

    private static void read(RandomAccessFile reports, BlockingQueue<Start> starts) {
        byte[] bytes = new byte[65536];
        StringBuilder rest = new StringBuilder();
        try {
            while (true) {
                int count = reports.read(bytes);
                rest.append(
                        new String(bytes, 0, count, java.nio.charset.StandardCharsets.US_ASCII));
                for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
                    String[] words = rest.substring(0, end).split(" ");
                    rest.delete(0, end + 1);
                    starts.add(
                            new Start(
                                    words[0],
                                    Integer.parseInt(words[1]),
                                    Long.parseLong(words[2])));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }
}
