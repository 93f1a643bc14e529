import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A program that runs, with its descendants. Closing it, or ending this JVM, ends all of them. */
final class Running implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final String stopSignal;
    private final Process root;
    private final long startedNanos;
    private final Thread atExit = new Thread(this::end);
    private boolean ended;

    private Running(String stopSignal, ProcessBuilder command) throws IOException {
        this.stopSignal = stopSignal;
        this.startedNanos = System.nanoTime();
        this.root = command.start();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts a program, with the environment of this run; what it says goes to a log in the folder.
     */
    static Running start(Path folder, String stopSignal, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PROCMON_STATE_DIR", Bench.stateFolder(folder).toString());
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        return new Running(stopSignal, builder);
    }

    /** When the command was about to be executed, on the clock of {@link System#nanoTime}. */
    long startedNanos() {
        return startedNanos;
    }

    boolean alive() {
        return root.isAlive();
    }

    /** The program and all its descendants. */
    List<Long> tree() {
        return Stream.concat(Stream.of(root.toHandle()), root.toHandle().descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        // Remembered before the root is gone, since its descendants are then nobody's.
        List<ProcessHandle> all = root.descendants().toList();
        try {
            new ProcessBuilder("kill", "-" + stopSignal, "" + root.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (!root.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                root.destroyForcibly();
            }
        } catch (IOException | InterruptedException e) {
            root.destroyForcibly();
        }
        long deadline = System.nanoTime() + GRACE.toNanos();
        all.forEach(process -> await(process, deadline));
    }

    private void await(ProcessHandle process, long deadline) {
        try {
            process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            Bench.progress(
                    "%s left pid %d behind; killing it"
                            .formatted(root.info().command(), process.pid()));
            process.destroyForcibly();
        } catch (InterruptedException | ExecutionException e) {
            process.destroyForcibly();
        }
    }
}
