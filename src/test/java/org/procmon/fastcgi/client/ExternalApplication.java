package org.procmon.fastcgi.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A program that serves on a Unix socket, its descriptor 0. A missing tool fails the test. */
final class ExternalApplication {
    private static final long MOST_SECONDS = 300;

    private final Process process;

    private ExternalApplication(Process process) {
        this.process = process;
    }

    /** Starts a program with a listening socket, as web servers do. */
    static ExternalApplication start(Path socket, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(tool("spawn-fcgi", "spawn-fcgi"), "-n", "-s"));
        all.add(socket.toString());
        all.add("--");
        all.addAll(List.of(command));
        return new ExternalApplication(
                new ProcessBuilder(all)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    /** The path of a tool. */
    static String tool(String program, String packageName) {
        for (String one : System.getenv().getOrDefault("PATH", "/usr/bin").split(":", -1)) {
            Path path = Path.of(one, program);
            if (Files.isExecutable(path)) {
                return path.toString();
            }
        }
        throw new AssertionError(
                "cannot test without "
                        + program
                        + ": please install it (apt-get install "
                        + packageName
                        + ")");
    }

    /** A copy of a resource of this package in a folder. */
    static Path source(Path folder, String name) throws IOException {
        Path copy = folder.resolve(name);
        try (InputStream in = ExternalApplication.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(in, name), copy);
        }
        return copy;
    }

    /** Compiles; the output of the compiler is in the failure. */
    static void compile(Path log, ProcessBuilder compiler)
            throws IOException, InterruptedException {
        Process running = compiler.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = running.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        running.destroyForcibly();
        assertThat(ended && running.waitFor() == 0)
                .as("%s: %s", compiler.command(), Files.readString(log))
                .isTrue();
    }

    /** Ends the program. */
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
