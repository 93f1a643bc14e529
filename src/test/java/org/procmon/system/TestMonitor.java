package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.launch.Cgroups;
import org.procmon.posix.Cgroup;
import org.procmon.status.fields.ProcessRow;

/**
 * A real monitor in a process of its own. Closing it shuts it down, and fails if anything is left
 * of it: a process that descends from it, or its socket.
 */
final class TestMonitor implements AutoCloseable {
    private static final Duration LAST_MOMENTS = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final Process process;

    private TestMonitor(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts a monitor and waits until it answers.
     *
     * @param folder for the test alone
     * @param wrapper a command that ends by executing its further arguments; may be empty
     */
    static TestMonitor start(Path folder, String configuration, String... wrapper)
            throws IOException {
        Path file = Files.writeString(folder.resolve("procmon.json"), configuration);
        return start(folder, List.of(wrapper), "run", "--no-backup", file.toString());
    }

    static TestMonitor start(Path folder, List<String> wrapper, String... arguments)
            throws IOException {
        return answering(launch(folder, wrapper, arguments));
    }

    /** Starts a monitor of another installation. */
    static TestMonitor startOf(Path program, Path folder, String... arguments) throws IOException {
        return answering(launch(program.toString(), folder, List.of(), arguments));
    }

    private static TestMonitor answering(TestMonitor monitor) throws IOException {
        try {
            monitor.awaitAnswer();
        } catch (RuntimeException | AssertionError e) {
            monitor.process.destroyForcibly();
            throw new AssertionError("the monitor did not come up: " + monitor.log(), e);
        }
        return monitor;
    }

    /** Starts a monitor, and leaves it to the caller to wait for it. */
    static TestMonitor launch(Path folder, List<String> wrapper, String... arguments)
            throws IOException {
        return launch(TestProduct.procmon(), folder, wrapper, arguments);
    }

    private static TestMonitor launch(
            String program, Path folder, List<String> wrapper, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(program);
        command.addAll(List.of(arguments));
        Process process =
                TestProduct.builder(folder, command)
                        .redirectOutput(folder.resolve("monitor.out").toFile())
                        .redirectError(folder.resolve("monitor.err").toFile())
                        .start();
        process.getOutputStream().close();
        return new TestMonitor(folder, process);
    }

    /** A wrapper: a line of shell, after which the monitor takes the shell's place. */
    static String[] after(String line) {
        return new String[] {"sh", "-c", "set -e; " + line + "; exec \"$@\"", "sh"};
    }

    void awaitAnswer() {
        patiently()
                .failFast("the monitor ended", () -> !process.isAlive())
                .ignoreExceptionsInstanceOf(ControlException.class)
                .until(() -> !rows().isEmpty());
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(15));
    }

    /** Expects a condition to hold all the time. */
    static ConditionFactory always(Duration duration) {
        return await().during(duration).atMost(duration.plus(PATIENCE)).pollInSameThread();
    }

    int pid() {
        return (int) process.pid();
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path state() {
        return TestProduct.stateFolder(folder);
    }

    Path socket() {
        return state().resolve("control.sock");
    }

    /** The lines of a file in the test's folder; none while there is no such file. */
    List<String> lines(String name) throws IOException {
        try {
            return Files.readAllLines(file(name));
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /** The number that a script writes into a file in the test's folder. */
    int number(String name) {
        patiently().until(() -> lines(name).size() == 1);
        try {
            return Integer.parseInt(lines(name).getFirst());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the monitor wrote to its standard error. */
    String log() throws IOException {
        return Files.readString(file("monitor.err"));
    }

    Outcome cli(String... arguments) throws IOException {
        return TestProduct.procmon(folder, arguments);
    }

    /** The commands that say what has become of each process; others say nothing. */
    private static final List<String> SPEAKING = List.of("start", "stop", "restart", "delete");

    /** Runs a command that is expected to succeed. */
    void must(String... arguments) throws IOException {
        Outcome outcome = cli(arguments);
        assertThat(outcome.err()).as(String.join(" ", arguments)).isEmpty();
        assertThat(outcome.code()).isZero();
        boolean speaks = SPEAKING.contains(arguments[0]);
        assertThat(outcome.out()).matches(speaks ? "([^:\\n]+: [a-z]+(, .*)?\\n)*" : "");
    }

    ControlClient client() throws ControlException {
        return ControlClient.connect(socket());
    }

    /** All rows, the monitor's first. */
    List<ProcessRow> rows() throws ControlException {
        try (ControlClient client = client()) {
            return client.list(List.of());
        }
    }

    ProcessRow row(String name) throws ControlException {
        try (ControlClient client = client()) {
            return client.status(name);
        }
    }

    ProcessRow awaitState(String name, String state) throws ControlException {
        return patiently().until(() -> row(name), row -> row.state().equals(state));
    }

    /** Waits until a process is up, in this run or a later one. */
    ProcessRow awaitRun(String name, long run) throws ControlException {
        return patiently()
                .ignoreExceptionsInstanceOf(ControlException.class)
                .until(
                        () -> row(name),
                        row -> row.runcount() >= run && row.state().equals("running"));
    }

    /** Waits until a monitor has another pid than at first. */
    ProcessRow awaitAnother(String name, int pid) throws ControlException {
        patiently()
                .ignoreExceptionsInstanceOf(ControlException.class)
                .until(() -> row(name).pid() != pid && row(name).state().equals("running"));
        return row(name);
    }

    /** Waits for the monitor to end by itself. */
    int awaitExit(Duration atMost) {
        assertThat(TestProduct.ends(process, atMost))
                .as("the monitor ends within %s", atMost)
                .isTrue();
        return process.exitValue();
    }

    /** Ends the monitor in a way that it cannot notice. */
    void kill() {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    @Override
    public void close() throws IOException {
        List<Integer> left;
        try {
            if (process.isAlive()) {
                if (Files.exists(socket(), LinkOption.NOFOLLOW_LINKS)) {
                    must("-x");
                }
                assertThat(awaitExit(PATIENCE)).as(log()).isZero();
            }
            // The last one of a pair removes it.
            patiently().until(() -> !Files.exists(socket(), LinkOption.NOFOLLOW_LINKS));
        } finally {
            process.destroyForcibly();
            left = left();
            for (int pid : left) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            removeCgroups();
        }
        assertThat(left).as("processes that outlived their monitor").isEmpty();
    }

    /** Those of a monitor that was killed; one that ends leaves none. */
    private void removeCgroups() {
        Cgroup.ownFolder()
                .map(own -> Path.of(own, Cgroups.name(state())))
                .ifPresent(folder -> {
                    String[] left = folder.toFile().list((_, name) -> name.indexOf('.') > 0);
                    for (String name : left == null ? new String[0] : left) {
                        Cgroup.remove(folder + "/" + name);
                    }
                    Cgroup.remove(folder.toString());
                });
    }

    /** What runs on this state folder; the last of two monitors ends just after the other. */
    List<Integer> left() {
        List<Integer> left = ours();
        long end = System.nanoTime() + LAST_MOMENTS.toNanos();
        while (!left.isEmpty() && System.nanoTime() < end) {
            left = ours();
        }
        return left;
    }

    private List<Integer> ours() {
        return Proc.having("PROCMON_STATE_DIR=" + state()).stream()
                .filter(pid -> !Proc.hasEnded(pid))
                .toList();
    }
}
