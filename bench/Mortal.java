import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * procmon whose monitors are killed, so that what runs is no tree of one process: it is found by its
 * state folder. Closing it, or ending this JVM, ends all of it.
 */
final class Mortal implements AutoCloseable {
    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final byte[] LIST =
            "{\"method\":\"org.procmon.Monitor.List\"}\0".getBytes(StandardCharsets.UTF_8);
    private static final Pattern ROW =
            Pattern.compile(
                    "\"name\":\"([^\"]+)\",\"state\":\"([^\"]+)\",\"goal\":\"[^\"]+\",\"pid\":(\\d+)");

    /** A process as the monitor lists it. */
    record Row(String state, long pid) {}

    /**
     * What a monitor answered.
     *
     * @param nanos when the whole answer was there, on the clock of {@link System#nanoTime}
     */
    record Answer(Map<String, Row> rows, long nanos) {
        long pid(String name) {
            Row row = rows.get(name);
            return row != null && row.state().equals("running") ? row.pid() : 0;
        }
    }

    private final Path folder;
    private final List<String> command;
    private final Thread atExit = new Thread(this::end);
    private boolean ended;

    private Mortal(Path folder, List<String> command) {
        this.folder = folder;
        this.command = command;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts it with these children, and the option {@code -f} or {@code --no-backup}. */
    static Mortal start(String option, Map<String, String> children) throws IOException {
        Bench.progress("procmon " + option + " with " + children.size() + " children");
        Path folder = Bench.newFolder("m");
        String file = Peer.PROCMON.configure(folder, children).getLast();
        Mortal mortal =
                new Mortal(
                        folder,
                        option.equals("-f")
                                ? List.of(Bench.procmon(), option, file)
                                : List.of(Bench.procmon(), "run", option, file));
        mortal.begin();
        return mortal;
    }

    /** Executes the command that starts the monitor, or the pair. */
    void begin() throws IOException {
        builder(command).start();
    }

    private ProcessBuilder builder(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("PROCMON_STATE_DIR", Bench.stateFolder(folder).toString());
        return builder.redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    }

    /** Asks until a monitor answers. */
    Answer list() {
        long begin = System.nanoTime();
        while (true) {
            try {
                byte[] answer = ask();
                long nanos = System.nanoTime();
                return new Answer(rows(new String(answer, StandardCharsets.UTF_8)), nanos);
            } catch (IOException away) {
                if (System.nanoTime() - begin > LONGEST_NANOS) {
                    throw new IllegalStateException("no monitor answers for a minute", away);
                }
                LockSupport.parkNanos(200_000);
            }
        }
    }

    /** Waits until these are all up, and, of a pair, both monitors. */
    Answer awaitAll(Map<String, String> children, boolean pair) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            Answer answer = list();
            boolean up =
                    children.keySet().stream().allMatch(name -> answer.pid(name) != 0)
                            && (!pair || answer.pid("procmon2") != 0);
            if (up) {
                return answer;
            }
            if (System.nanoTime() - begin > LONGEST_NANOS) {
                throw new IllegalStateException("not all are up after a minute");
            }
            Thread.sleep(20);
        }
    }

    private byte[] ask() throws IOException {
        Path socket = Bench.stateFolder(folder).resolve("control.sock");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(LIST));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (true) {
                if (channel.read(buffer.clear()) < 0) {
                    throw new IOException("no answer");
                }
                answer.write(buffer.array(), 0, buffer.position());
                if (buffer.get(buffer.position() - 1) == 0) {
                    return answer.toByteArray();
                }
            }
        }
    }

    private static Map<String, Row> rows(String answer) {
        Map<String, Row> rows = new HashMap<>();
        Matcher matcher = ROW.matcher(answer);
        while (matcher.find()) {
            rows.put(matcher.group(1), new Row(matcher.group(2), Long.parseLong(matcher.group(3))));
        }
        return rows;
    }

    /** All monitors: who has this state folder, and is no child. */
    List<Long> monitors() {
        List<Long> monitors = new ArrayList<>();
        for (long pid : ours()) {
            if (Proc.name(pid).equals("java")) {
                monitors.add(pid);
            }
        }
        return monitors;
    }

    private List<Long> ours() {
        List<Long> ours = new ArrayList<>();
        String mark = "PROCMON_STATE_DIR=" + Bench.stateFolder(folder);
        for (Path process : Proc.processes()) {
            if (Proc.environment(process).contains(mark)) {
                ours.add(Long.valueOf(process.getFileName().toString()));
            }
        }
        return ours;
    }

    /** Ends processes in a way that they cannot notice. */
    static void kill(long... pids) {
        List<ProcessHandle> handles = new ArrayList<>();
        for (long pid : pids) {
            handles.add(ProcessHandle.of(pid).orElseThrow());
        }
        handles.forEach(ProcessHandle::destroyForcibly);
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
        try {
            builder(List.of(Bench.procmon(), "-x")).start().waitFor();
        } catch (IOException | InterruptedException e) {
            Bench.progress("cannot shut procmon down: " + e);
        }
        for (int round = 0; round < 10 && !ours().isEmpty(); round++) {
            // The command has ended when the monitor is done; the JVM takes another moment.
            LockSupport.parkNanos(100_000_000);
            for (long pid : ours()) {
                Bench.progress("procmon left pid %d (%s) behind".formatted(pid, Proc.name(pid)));
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}
