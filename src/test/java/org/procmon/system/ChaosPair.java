package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.ProcessRow;

/** A pair of monitors, or one alone, that is killed and started again. For any thread. */
final class ChaosPair implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Path folder;
    private final boolean alone;
    private final Path file;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /** The command lines that are under way, which are no monitors. */
    private final Set<Integer> commands = ConcurrentHashMap.newKeySet();

    private Optional<Process> latest = Optional.empty();

    /** Makes a configuration with these processes among others. */
    private final Function<List<String>, String> configuration;

    /**
     * The pids of both monitors.
     *
     * @param backup 0 of a monitor alone
     */
    record Monitors(int primary, int backup) {}

    /**
     * @param alone whether there is no backup, so that only a new start follows a death
     */
    ChaosPair(
            Path folder,
            Function<List<String>, String> configuration,
            List<String> first,
            boolean alone)
            throws IOException {
        this.folder = folder;
        this.alone = alone;
        this.configuration = configuration;
        this.file = folder.resolve("procmon.json");
        configure(first);
    }

    /** Writes the configuration anew, with these processes among others. */
    void configure(List<String> processes) throws IOException {
        Path fresh = folder.resolve("procmon.json.new");
        Files.writeString(fresh, configuration.apply(processes));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    Path state() {
        return TestProduct.stateFolder(folder);
    }

    boolean isAlone() {
        return alone;
    }

    /** The pids of the keepers of the fifos. */
    List<Integer> keepers() {
        return ours().stream()
                .filter(pid ->
                        Proc.environment(pid).stream()
                                .anyMatch(v -> v.startsWith("PROCMON_ID=procmon-keeper")))
                .toList();
    }

    /** Ends a keeper, and waits until there is another. */
    void killKeeper() {
        List<Integer> before = keepers();
        before.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    if (monitors().isEmpty()) {
                        begin();
                    }
                    return keepers().stream().anyMatch(pid -> !before.contains(pid));
                });
    }

    /** Waits until all monitors that were killed are gone. */
    void awaitNone() {
        await().atMost(LONGEST)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> monitors().isEmpty());
    }

    /** Starts a pair, of which none may be left. */
    synchronized void begin() throws IOException {
        List<String> command = new ArrayList<>(List.of(TestProduct.procmon()));
        command.addAll(alone ? List.of("run", "--no-backup") : List.of("-f"));
        command.add(file.toString());
        Process process =
                TestProduct.builder(folder, command)
                        .redirectOutput(appending("monitor.out"))
                        .redirectError(appending("monitor.err"))
                        .start();
        process.getOutputStream().close();
        latest = Optional.of(process);
    }

    /** Waits until all monitors are up; starts new ones when none is left. */
    Monitors both() {
        return await().atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(this::look, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Monitors> look() throws Exception {
        try {
            int primary = 0;
            int backup = 0;
            for (ProcessRow row : rows()) {
                boolean up = row.state().equals("running") && !Proc.hasEnded(row.pid());
                if (row.name().equals("procmon1") && up) {
                    primary = row.pid();
                } else if (row.name().equals("procmon2") && up) {
                    backup = row.pid();
                }
            }
            return primary != 0 && (backup != 0 || alone)
                    ? Optional.of(new Monitors(primary, backup))
                    : Optional.empty();
        } catch (ControlException e) {
            if (monitors().isEmpty()) {
                begin();
            }
            return Optional.empty();
        }
    }

    /** All rows; fails the test if they do not come, be it as an error. */
    List<ProcessRow> rows() throws Exception {
        return limited(
                "List",
                () -> {
                    try (ControlClient client = client()) {
                        return client.list(List.of());
                    }
                });
    }

    ControlClient client() throws ControlException {
        return ControlClient.connect(TestProduct.stateFolder(folder).resolve("control.sock"));
    }

    /** Whoever listens also answers, or goes away. */
    private <T> T limited(String what, Callable<T> call) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        callers.execute(() -> {
            try {
                answer.complete(call.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(what + " was not answered for " + LONGEST + "\n" + log(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Runs a command to its end. */
    Outcome cli(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(TestProduct.procmon()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "cli", ".out");
        Path err = Files.createTempFile(folder, "cli", ".err");
        Process process =
                TestProduct.builder(folder, command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        commands.add((int) process.pid());
        try {
            process.getOutputStream().close();
            assertThat(TestProduct.ends(process, LONGEST))
                    .as("%s ends within %s\n%s", command, LONGEST, log())
                    .isTrue();
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            commands.remove((int) process.pid());
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The monitors that there are, also those that just begin. */
    synchronized List<Integer> monitors() {
        List<Integer> monitors = new ArrayList<>();
        for (int pid : ours()) {
            if (isMonitor(pid)) {
                monitors.add(pid);
            }
        }
        latest.filter(Process::isAlive)
                .map(p -> (int) p.pid())
                .filter(pid -> !monitors.contains(pid))
                .ifPresent(monitors::add);
        return monitors;
    }

    private boolean isMonitor(int pid) {
        if (commands.contains(pid) || Proc.hasEnded(pid)) {
            return false;
        }
        // The launcher is a script that executes the program.
        return Proc.commandLine(pid).stream()
                .limit(2)
                .anyMatch(word -> word.endsWith("/bin/procmon") || word.endsWith("/bin/java"));
    }

    /** Ends monitors in a way that they cannot notice. */
    void kill(int... pids) {
        List<ProcessHandle> handles = new ArrayList<>();
        for (int pid : pids) {
            if (pid != 0 && ours().contains(pid) && isMonitor(pid)) {
                ProcessHandle.of(pid).ifPresent(handles::add);
            }
        }
        handles.forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends the present run of a process likewise; false if it has ended meanwhile. */
    boolean killChild(ProcessRow row) {
        if (!Proc.environment(row.pid()).contains("PROCMON_ID=" + row.name())) {
            return false;
        }
        return ProcessHandle.of(row.pid()).map(ProcessHandle::destroyForcibly).orElse(false);
    }

    /** All processes of this pair: the monitors, the children, and what these left. */
    List<Integer> ours() {
        return Proc.having("PROCMON_STATE_DIR=" + TestProduct.stateFolder(folder)).stream()
                .filter(pid -> !Proc.hasEnded(pid))
                .toList();
    }

    /** What all monitors wrote to their standard error. */
    String log() throws IOException {
        Path log = folder.resolve("monitor.err");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private ProcessBuilder.Redirect appending(String name) {
        return ProcessBuilder.Redirect.appendTo(folder.resolve(name).toFile());
    }

    /** Ends whatever is left. */
    @Override
    public void close() {
        callers.shutdownNow();
        // What a monitor is just starting when it is killed is there only in the next round.
        for (int round = 0; round < 10 && !ours().isEmpty(); round++) {
            for (int pid : ours()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}
