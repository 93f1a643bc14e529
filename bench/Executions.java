import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs that the whole machine executes, each with its moment, as the kernel notes them
 * (ftrace, event sched_process_exec). A note takes less than a microsecond, and nobody reads it
 * before the end, so who is watched loses no time. Takes root.
 */
final class Executions implements AutoCloseable {
    private static final Path INSTANCES = Path.of("/sys/kernel/tracing/instances");

    /** Seconds of CLOCK_MONOTONIC with six decimals, and who executes. */
    private static final Pattern NOTE =
            Pattern.compile(" (\\d+)\\.(\\d{6}): sched_process_exec: .* pid=(\\d+) ");

    private static final String KIB_FOR_EACH_PROCESSOR = "8192";

    private final Path instance;

    private Executions(Path instance) {
        this.instance = instance;
    }

    /** From now on. What is left of it when this JVM is killed, run.sh removes. */
    static Executions listen() throws IOException {
        Executions executions =
                new Executions(
                        Files.createDirectory(INSTANCES.resolve(Bench.work().getFileName())));
        executions.set("trace_clock", "mono");
        executions.set("buffer_size_kb", KIB_FOR_EACH_PROCESSOR);
        executions.set("events/sched/sched_process_exec/enable", "1");
        return executions;
    }

    private void set(String name, String value) throws IOException {
        Files.writeString(instance.resolve(name), value);
    }

    /**
     * When the last of some processes has executed its program, on the clock of {@link
     * System#nanoTime}.
     *
     * @param processes their folders under /proc
     */
    long last(Collection<Path> processes) throws IOException {
        Map<String, Long> latest = new HashMap<>();
        for (String line : Files.readAllLines(instance.resolve("trace"))) {
            Matcher note = NOTE.matcher(line + " ");
            if (note.find()) {
                long micros =
                        Long.parseLong(note.group(1)) * 1_000_000 + Long.parseLong(note.group(2));
                latest.put(note.group(3), micros * 1000);
            }
        }
        long last = 0;
        for (Path process : processes) {
            Long executed = latest.get(process.getFileName().toString());
            if (executed == null) {
                throw new IOException("it is not noted when " + process + " was executed");
            }
            last = Math.max(last, executed);
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        Files.delete(instance);
    }
}
