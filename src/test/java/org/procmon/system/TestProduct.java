package org.procmon.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The built product, and other programs that tests run to their end. */
final class TestProduct {
    private static final Path FOLDER =
            Path.of(System.getProperty("procmon.product", "target/procmon"));

    private TestProduct() {}

    static String procmon() {
        Path program = FOLDER.resolve("bin/procmon").toAbsolutePath();
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    "cannot test " + program + ": it was not built; ./build.sh makes it");
        }
        return program.toString();
    }

    /** Runs {@code procmon} to its end, on a state folder, with {@code DIR} for scripts. */
    static Outcome procmon(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(procmon()));
        command.addAll(List.of(arguments));
        return run(builder(folder, command));
    }

    /** Runs any program to its end. */
    static Outcome run(ProcessBuilder builder) throws IOException {
        Path out = Files.createTempFile("procmon-test", ".out");
        Path err = Files.createTempFile("procmon-test", ".err");
        try {
            Process process =
                    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!ends(process, Duration.ofSeconds(60))) {
                process.destroyForcibly();
                throw new AssertionError("still running after 60 s: " + builder.command());
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Whether a process ends within this time. */
    static boolean ends(Process process, Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot wait for a process: interrupted", e);
        }
    }

    /** Sends a signal, all pids at once. */
    static void signal(String signal, List<Integer> pids) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$@\"", "kill"));
        command.add(signal);
        pids.forEach(pid -> command.add(pid.toString()));
        Outcome outcome = run(new ProcessBuilder(command));
        if (outcome.code() != 0) {
            throw new IOException("cannot signal " + pids + ": " + outcome.err());
        }
    }

    static void signal(String signal, int pid) throws IOException {
        signal(signal, List.of(pid));
    }

    /** A command in the environment of the tests: its own state folder, and no other monitor's. */
    static ProcessBuilder builder(Path folder, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PROCMON_STATE_DIR", stateFolder(folder).toString());
        builder.environment().put("DIR", folder.toString());
        return builder;
    }

    static Path stateFolder(Path folder) {
        return folder.resolve("state");
    }
}
