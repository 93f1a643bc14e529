package org.procmon.system.http;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.procmon.system.Outcome;

/**
 * All that one test starts, with a folder and a port of its own and an environment that leads every
 * program there. Closing it ends it all, and fails if anything outlives that.
 */
final class Stage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final Path folder;
    private final int port = freePort();
    private final Map<String, String> environment = new HashMap<>();
    private final Deque<Running> started = new ArrayDeque<>();
    private Path lighttpdFolder = Programs.checkout().resolve("lighttpd");
    private Path home = Programs.product();
    private List<String> wrapper = List.of();

    /**
     * @param folder for the test alone; its path is short, for the sockets in it
     */
    Stage(Path folder) {
        this.folder = folder;
        environment.put("PORT", String.valueOf(port));
        environment.put("PROCMON_HOME", home.toString());
        environment.put("PROCMON_STATE_DIR", folder.resolve("state").toString());
        environment.put("PROCMON_WEB_DIR", folder.resolve("web").toString());
        environment.put("DIR", folder.toString());
    }

    static ConditionFactory patiently() {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .pollInSameThread();
    }

    Stage with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /**
     * Uses copies of the product and the web server's files, which any user may read: the checkout
     * may be in a folder that only its owner may enter.
     */
    Stage openToEveryone() throws IOException {
        home = folder.resolve("product");
        // With its times, which its caches are bound to.
        copy(Programs.product(), home);
        copyLighttpdFolder();
        assertThat(run("chmod", "-R", "a+rX", "" + home, "" + lighttpdFolder).code()).isZero();
        assertThat(run("chmod", "711", folder.toString()).code()).isZero();
        return with("PROCMON_HOME", home.toString());
    }

    /** Changes a word in one of the configurations, or rather in a copy of them all. */
    Stage edit(String conf, String from, String to) throws IOException {
        copyLighttpdFolder();
        String text = Files.readString(conf(conf));
        assertThat(text).contains(from);
        Files.writeString(conf(conf), text.replace(from, to));
        return this;
    }

    /** Whatever is started from here on runs as this user, who owns the folder from here on. */
    Stage actAs(String user) throws IOException {
        String group = run("id", "-gn", user).out().strip();
        assertThat(run("chown", user, folder.toString()).code()).isZero();
        wrapper =
                List.of(
                        Programs.setpriv(),
                        "--reuid=" + user,
                        "--regid=" + group,
                        "--init-groups",
                        "--");
        return this;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path socket(String name) {
        return file("web").resolve(name);
    }

    Path conf(String name) {
        return lighttpdFolder.resolve(name);
    }

    String procmon() {
        return home.resolve("bin/procmon").toString();
    }

    String fcgiProc() {
        return home.resolve("bin/fcgi_proc").toString();
    }

    int port() {
        return port;
    }

    /** Starts a program that is to go on. */
    Running start(String name, Path cwd, List<String> command) throws IOException {
        Path log = Files.createTempFile(folder, name, ".log");
        List<String> whole = new ArrayList<>(wrapper);
        whole.addAll(command);
        Process process =
                builder(whole)
                        .directory(cwd.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        process.getOutputStream().close();
        Running running = new Running(process, log);
        started.push(running);
        return running;
    }

    Running start(String name, String... command) throws IOException {
        return start(name, folder, List.of(command));
    }

    /** Starts a monitor, and waits until it answers. */
    Running monitor(String configuration) throws IOException {
        Path file = Files.writeString(file("procmon.json"), configuration);
        Running monitor = start("monitor", procmon(), "run", "--no-backup", file.toString());
        patiently().failFast(() -> mustLive(monitor)).until(() -> run(procmon(), "-l").code() == 0);
        return monitor;
    }

    /** Starts lighttpd with one of the configurations, and waits until it serves its own page. */
    Running lighttpd(String conf) throws IOException {
        List<String> command = List.of(Programs.lighttpd(), "-D", "-f", conf(conf).toString());
        Running lighttpd = start("lighttpd", Path.of("/"), command);
        patiently()
                .failFast(() -> mustLive(lighttpd))
                .until(() ->
                        run(Programs.curl(), "-fs", "http://127.0.0.1:" + port + "/").code() == 0);
        return lighttpd;
    }

    /** Asks once, whatever the answer is. */
    Answer ask(String query, String... options) throws IOException {
        return Answer.parse(run(curl(query, options)).out());
    }

    /** Asks in the background. */
    Running askLater(String query, String... options) throws IOException {
        return start("curl", curl(query, options));
    }

    /** Asks until the answer is a good one. */
    Answer await200(String query) {
        return patiently().until(() -> ask(query), answer -> answer.status() == OK);
    }

    private String[] curl(String query, String... options) {
        List<String> command =
                new ArrayList<>(List.of(Programs.curl(), "-isS", "--globoff", "--max-time", "50"));
        command.addAll(List.of(options));
        command.add("http://127.0.0.1:" + port + "/procs" + query);
        return command.toArray(String[]::new);
    }

    /** Runs a program to its end. */
    Outcome run(String... command) throws IOException {
        Path err = Files.createTempFile(folder, "run", ".err");
        Process process = builder(List.of(command)).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot wait for " + command[0], e);
        }
        String text = Files.readString(err);
        Files.delete(err);
        return new Outcome(process.exitValue(), out, text);
    }

    void signal(String signal, long pid) throws IOException {
        assertThat(run("sh", "-c", "kill -s $1 $2", "kill", signal, "" + pid).code()).isZero();
    }

    /** The pids of the {@code fcgi_proc} in this environment. */
    List<Long> responders() {
        return everyone().stream()
                .map(ProcessHandle::pid)
                .filter(pid ->
                        ServerProcesses.command(pid).contains("org.procmon.app.FcgiProcMain"))
                .toList();
    }

    /** Everything that runs in this environment. */
    List<ProcessHandle> everyone() {
        return ServerProcesses.having("PROCMON_STATE_DIR=" + environment.get("PROCMON_STATE_DIR"));
    }

    void awaitNobody() {
        patiently().until(() -> everyone().isEmpty());
    }

    @Override
    public void close() throws IOException {
        try {
            while (!started.isEmpty()) {
                Running next = started.pop();
                if (next.isAlive()) {
                    next.stop();
                }
            }
            awaitNobody();
        } finally {
            everyone().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static void mustLive(Running running) throws IOException {
        if (!running.isAlive()) {
            throw new AssertionError("it ended: " + running.log());
        }
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PROCMON"));
        builder.environment().putAll(environment);
        return builder;
    }

    private void copyLighttpdFolder() throws IOException {
        lighttpdFolder = folder.resolve("lighttpd");
        copy(Programs.checkout().resolve("lighttpd"), lighttpdFolder);
    }

    private void copy(Path from, Path to) throws IOException {
        Outcome outcome = run("cp", "-Rp", from.toString(), to.toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    /**
     * Below the ports that the kernel gives to outgoing connections, which may take any of them.
     */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // Taken; another one will do.
            }
        }
    }
}
