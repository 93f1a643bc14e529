import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The starts that children (child.c) report through a FIFO, each with its own times. Nobody polls, and the driver's own wake-up is not in the figure.
 */
final class Starts implements AutoCloseable {
    /**
     * A child that has begun to run. Its times are on the clock of {@link System#nanoTime}.
     *
     * @param executed of its first instruction
     * @param main of the first statement of its {@code main}, when its C library has begun
     */
    record Start(String name, int pid, long executed, long main) {}

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Path fifo;
    private final RandomAccessFile reports;
    private final BlockingQueue<Start> starts = new LinkedBlockingQueue<>();

    Starts() throws IOException, InterruptedException {
        fifo = Bench.newFolder("f").resolve("starts");
        new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor();
        // Opened for both directions, the FIFO neither blocks nor ends.
        reports = new RandomAccessFile(fifo.toFile(), "rw");
        Thread.ofPlatform().daemon().start(this::read);
    }

    /** The command line of a child that reports here. */
    String command(String name) {
        return "%s %s %s".formatted(Bench.work().resolve("child"), fifo, name);
    }

    Path fifo() {
        return fifo;
    }

    /** The next one, which is to come soon. */
    Start next() throws InterruptedException {
        return next(LONGEST)
                .orElseThrow(() -> new IllegalStateException("no child has started for 30 s"));
    }

    /** The next one, if it comes within this time. */
    Optional<Start> next(Duration longest) throws InterruptedException {
        return Optional.ofNullable(starts.poll(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void read() {
        byte[] bytes = new byte[65536];
        StringBuilder rest = new StringBuilder();
        try {
            while (true) {
                int count = reports.read(bytes);
                rest.append(new String(bytes, 0, count, StandardCharsets.US_ASCII));
                for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
                    String[] words = rest.substring(0, end).split(" ");
                    rest.delete(0, end + 1);
                    starts.add(
                            new Start(
                                    words[0],
                                    Integer.parseInt(words[1]),
                                    Long.parseLong(words[2]),
                                    Long.parseLong(words[3])));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        reports.close();
    }
}
