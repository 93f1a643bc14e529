package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;

/**
 * A monitor with pools, and web servers before it, in a folder of their own. In configurations,
 * {@code '} stands for {@code "}, {@code BAD} for the {@link PeerPrograms#badApplication} and
 * {@code DIR} for the folder. Closing it ends all, and fails if a process is left.
 */
final class BadStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final Duration LAST_MOMENTS = Duration.ofSeconds(3);

    private final Path folder;
    private final Path program;
    private final Deque<Process> started = new ArrayDeque<>();
    private final List<String> command;
    private Process monitor;

    BadStage(Path folder, String... pools) throws IOException, InterruptedException {
        this(List.of(), List.of("run", "--no-backup"), folder, pools);
    }

    /** Of a monitor that another program starts by executing its arguments. */
    static BadStage below(Path program, Path folder, String... pools)
            throws IOException, InterruptedException {
        return new BadStage(
                List.of(program.toString()), List.of("run", "--no-backup"), folder, pools);
    }

    /** Of two monitors; the test ends them by a command, since they replace each other. */
    static BadStage ofPair(Path folder, String... pools) throws IOException, InterruptedException {
        return new BadStage(List.of(), List.of("-f"), folder, pools);
    }

    private BadStage(List<String> wrapper, List<String> options, Path folder, String... pools)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.program = PeerPrograms.badApplication();
        Path file = folder.resolve("procmon.json");
        Files.writeString(file, filled("{'pools': [\n" + String.join(",\n", pools) + "]}"));
        command =
                Stream.of(wrapper, List.of(monitorProgram()), options, List.of(file.toString()))
                        .flatMap(List::stream)
                        .toList();
        monitor = start("monitor", command);
        awaitMonitor();
    }

    /** Starts another monitor, after all have died. */
    void startAgain() throws IOException {
        monitor = start("monitor-again", command);
        awaitMonitor();
    }

    private void awaitMonitor() throws IOException {
        try {
            patiently()
                    .failFast("the monitor ended", () -> !monitor.isAlive())
                    .ignoreExceptionsInstanceOf(ControlException.class)
                    .until(() -> !rows().isEmpty());
        } catch (RuntimeException | AssertionError e) {
            monitor.destroyForcibly();
            throw new AssertionError("the monitor did not come up: " + log(), e);
        }
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .pollInSameThread();
    }

    String filled(String text) {
        return text.replace('\'', '"').replace("BAD", "" + program).replace("DIR", "" + folder);
    }

    /** Starts a program that goes on until the stage is closed. */
    Process start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PROCMON_STATE_DIR", folder.resolve("state").toString());
        builder.environment().put("DIR", folder.toString());
        Process process =
                builder.redirectOutput(file(name + ".out").toFile())
                        .redirectError(file(name + ".err").toFile())
                        .start();
        process.getOutputStream().close();
        started.push(process);
        return process;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** The socket of a pool whose {@code listen} is {@code DIR/NAME}. */
    SocketAddress socket(String name) {
        return UnixDomainSocketAddress.of(file(name));
    }

    String log() throws IOException {
        return Files.readString(file("monitor.err"), UTF_8);
    }

    /** What all programs wrote that were started here. */
    String allLogs() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".err")).sorted().toList()) {
                text.append(file.getFileName()).append(":\n").append(Files.readString(file, UTF_8));
            }
        }
        return text.toString();
    }

    int pid() {
        return (int) monitor.pid();
    }

    /** Runs a command of procmon to its end, with success. */
    String procmon(String... arguments) throws IOException, InterruptedException {
        List<String> words = command(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PROCMON_STATE_DIR", folder.resolve("state").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s: %s", words, out).isZero();
        return out;
    }

    /** The words of a command of procmon. */
    List<String> command(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(monitorProgram());
        words.addAll(List.of(arguments));
        return words;
    }

    private static String monitorProgram() {
        return PeerPrograms.product().resolve("bin/procmon").toString();
    }

    List<ProcessRow> rows() throws ControlException {
        try (ControlClient client = ControlClient.connect(folder.resolve("state/control.sock"))) {
            return client.list(List.of());
        }
    }

    /** The workers of a pool. */
    List<ProcessRow> workers(String pool) throws ControlException {
        return rows().stream().filter(row -> row.name().startsWith(pool + ".")).toList();
    }

    List<ProcessRow> running(String pool) throws ControlException {
        return workers(pool).stream().filter(row -> row.state().equals("running")).toList();
    }

    /** Waits until a pool has so many workers that wait for clients, and none that does not. */
    List<ProcessRow> awaitRunning(String pool, int count) {
        try {
            patiently().until(() -> running(pool).size() == count && workers(pool).size() == count);
            return running(pool);
        } catch (ControlException e) {
            throw new AssertionError(e);
        }
    }

    /** A request for which a worker is busy until {@link #release} has this name. */
    String hold(String name) {
        return "hold=" + file(name + ".released");
    }

    /** Ends the requests that are held under a name. */
    void release(String name) throws IOException {
        Files.createFile(file(name + ".released"));
    }

    /** Waits until so many workers of a pool serve a client. */
    void awaitBusy(String pool, int count) {
        patiently().until(() -> pool(pool).load().busy() == count);
    }

    /** Waits until so many clients of a pool wait for a worker. */
    void awaitWaiting(String pool, int count) {
        patiently().until(() -> pool(pool).queue().waiting() == count);
    }

    PoolRow pool(String name) throws ControlException {
        try (ControlClient client = ControlClient.connect(folder.resolve("state/control.sock"))) {
            return client.pools(List.of(name)).getFirst();
        }
    }

    /** How many lines a file has in the folder. */
    int lines(String name) throws IOException {
        try {
            return Files.readAllLines(file(name)).size();
        } catch (NoSuchFileException _) {
            return 0;
        }
    }

    static int freePort() {
        return PoolStage.freePort();
    }

    /** Starts nginx on a port of its own, which is returned; {@code locations} for its server. */
    int nginx(String outside, String locations) throws IOException {
        int port = freePort();
        Path conf = file("nginx.conf");
        Files.writeString(
                conf,
                filled(
                        """
                        daemon off; master_process off; pid DIR/nginx.pid; error_log DIR/nginx.log;
                        events { worker_connections 512; }
                        http {
                          access_log off;
                          client_body_temp_path DIR/body; fastcgi_temp_path DIR/fcgi;
                          proxy_temp_path DIR/proxy; uwsgi_temp_path DIR/uwsgi;
                          scgi_temp_path DIR/scgi; client_max_body_size 100m;
                          fastcgi_param QUERY_STRING $query_string;
                          fastcgi_param REQUEST_METHOD $request_method;
                          fastcgi_param CONTENT_LENGTH $content_length;
                          %s
                          server { listen 127.0.0.1:%d; %s }
                        }
                        """
                                .formatted(outside, port, locations)));
        start("nginx", List.of("/usr/sbin/nginx", "-e", "stderr", "-c", "" + conf));
        awaitListening(port);
        return port;
    }

    /** Starts lighttpd on a port of its own, which is returned, before the socket of one pool. */
    int lighttpd(String socket) throws IOException {
        int port = freePort();
        Path conf = file("lighttpd.conf");
        Files.writeString(
                conf,
                filled(
                        """
                        server.modules = ( 'mod_fastcgi' )
                        server.bind = '127.0.0.1'
                        server.port = %d
                        server.document-root = 'DIR'
                        fastcgi.server = ( '/' => (( 'socket' => 'DIR/%s', 'check-local' => 'disable' )) )
                        """
                                .formatted(port, socket)));
        start("lighttpd", List.of("/usr/sbin/lighttpd", "-D", "-f", "" + conf));
        awaitListening(port);
        return port;
    }

    private static void awaitListening(int port) {
        patiently().until(() -> FrontServer.listens(port));
    }

    @Override
    public void close() throws IOException {
        List<Long> left = List.of();
        try {
            while (!started.isEmpty()) {
                Process process = started.pop();
                process.destroy();
                assertThat(ends(process)).as("it ends: %s; %s", process.info(), log()).isTrue();
            }
        } finally {
            monitor.destroyForcibly();
            long end = System.nanoTime() + LAST_MOMENTS.toNanos();
            left = left();
            while (!left.isEmpty() && System.nanoTime() < end) {
                left = left();
            }
            for (long pid : left) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        assertThat(left).as("processes that outlived their monitor").isEmpty();
    }

    private static boolean ends(Process process) {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot wait for a process: interrupted", e);
        }
    }

    /** Processes with the variables of the monitor, which run. */
    List<Long> left() {
        String mark = "PROCMON_STATE_DIR=" + folder.resolve("state");
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> PoolStage.words(pid, "environ").contains(mark))
                .toList();
    }
}
