package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ConditionFactory;

/**
 * A monitor and what else a test starts, in a folder of its own. Closing it ends all, and fails if
 * any process outlives that.
 */
final class PoolStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Deque<PeerProcess> started = new ArrayDeque<>();

    /** Where programs are looked for before the usual folders; empty for nowhere else. */
    private String programs = "";

    /**
     * @param folder for the test alone; its path is short, for the sockets in it
     */
    PoolStage(Path folder) throws IOException {
        this.folder = PeerPrograms.openFolder(folder);
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(15))
                .pollInSameThread();
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Puts a program where it is found by its name, in the place of the usual one. */
    void program(String name, String text) throws IOException {
        programs = folder.resolve("bin") + ":";
        Path program = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(program, text);
        assertThat(program.toFile().setExecutable(true, false)).isTrue();
    }

    /** A file that any user may read. */
    Path write(String name, String text) throws IOException {
        Path file = Files.writeString(file(name), text);
        assertThat(file.toFile().setReadable(true, false)).isTrue();
        return file;
    }

    /** Starts a monitor of these pools, and waits until it answers. */
    PeerProcess monitor(String... pools) throws IOException {
        return configured("{'pools': [\n" + String.join(",\n", pools) + "\n]}\n");
    }

    /** The same of a configuration with single quotes. */
    PeerProcess configured(String json) throws IOException {
        return monitorOf(json.replace('\'', '"'));
    }

    /** Starts a monitor of a configuration, and waits until it answers. */
    PeerProcess monitorOf(String json) throws IOException {
        String file = write("procmon.json", json).toString();
        PeerProcess monitor = start("monitor", procmon(), "run", "--no-backup", file);
        patiently()
                .until(() -> {
                    monitor.mustLive();
                    return cli("-l") == 0;
                });
        return monitor;
    }

    private static String procmon() {
        return PeerPrograms.product().resolve("bin/procmon").toString();
    }

    /** Runs a command of procmon to its end. */
    int cli(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(procmon()));
        command.addAll(List.of(arguments));
        Process process = builder(command, folder.resolve("cli.log")).start();
        process.getOutputStream().close();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot wait for " + command, e);
        }
    }

    /** Starts a program that goes on. */
    PeerProcess start(String name, String... command) throws IOException {
        Path log = Files.createTempFile(folder, name, ".log");
        Process process = builder(List.of(command), log).start();
        process.getOutputStream().close();
        PeerProcess running = new PeerProcess(process, log);
        started.push(running);
        return running;
    }

    private ProcessBuilder builder(List<String> command, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PROCMON"));
        builder.environment().merge("PATH", programs, (path, first) -> first + path);
        builder.environment().put("PROCMON_STATE_DIR", folder.resolve("state").toString());
        return builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
    }

    /** The pids of the living workers of a pool, whose names are its name and a number. */
    List<Integer> workers(String pool) {
        return having("PROCMON_STATE_DIR=" + folder.resolve("state")).stream()
                .map(process -> (int) process.pid())
                .filter(pid ->
                        words(pid, "environ").stream()
                                .anyMatch(one -> one.matches("PROCMON_ID=" + pool + "\\.\\d+")))
                .toList();
    }

    /** The pid of a living process; empty if it has none. */
    OptionalInt pid(String process) {
        return having("PROCMON_STATE_DIR=" + folder.resolve("state")).stream()
                .mapToInt(handle -> (int) handle.pid())
                .filter(pid -> words(pid, "environ").contains("PROCMON_ID=" + process))
                .findFirst();
    }

    private static List<ProcessHandle> having(String assignment) {
        return ProcessHandle.allProcesses()
                .filter(process -> words(process.pid(), "environ").contains(assignment))
                .toList();
    }

    /** Empty for a zombie, and for a process of another user. */
    static List<String> words(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid, file));
            return List.of(new String(bytes, ISO_8859_1).split("\0", -1));
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Stops one program now. */
    void stop(PeerProcess one) throws IOException {
        started.remove(one);
        one.stop();
    }

    @Override
    public void close() throws IOException {
        String ours = "PROCMON_STATE_DIR=" + folder.resolve("state");
        try {
            while (!started.isEmpty()) {
                started.pop().stop();
            }
            patiently().until(() -> having(ours).isEmpty());
        } finally {
            having(ours).forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Below the ports that the kernel gives to outgoing connections; the next one is free too. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            InetAddress host = InetAddress.getLoopbackAddress();
            try (ServerSocket one = new ServerSocket(port, 1, host);
                    ServerSocket next = new ServerSocket(port + 1, 1, host)) {
                return Math.min(one.getLocalPort(), next.getLocalPort());
            } catch (IOException _) {
                // Taken; another one will do.
            }
        }
    }
}
