package org.procmon.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A user who may only look and does its worst: see {@code chaos-viewer.pl}. Needs root, which can
 * run a program as another user.
 */
final class ChaosViewer implements AutoCloseable {
    private static final String SCRIPT = "chaos-viewer.pl";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String NOBODY = "65534";

    private final Process process;

    private ChaosViewer(Process process) {
        this.process = process;
    }

    /** What a configuration needs to let it look. */
    static String control() throws IOException {
        String group =
                Files.readAllLines(Path.of("/etc/group")).stream()
                        .filter(line -> line.split(":", -1)[2].equals(NOBODY))
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no group has the number " + NOBODY));
        return "\"control\": {\"socket_group\": \"" + group + "\"},";
    }

    /**
     * Starts it.
     *
     * @param folder of the monitors, which it must be able to reach
     */
    static ChaosViewer start(Path folder, long seed) throws IOException {
        Path script = folder.resolve(SCRIPT);
        try (InputStream text = ChaosViewer.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(text, SCRIPT), script);
        }
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        List<String> command =
                List.of(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "perl",
                        script.toString(),
                        TestProduct.stateFolder(folder).resolve("control.sock").toString(),
                        Long.toString(Math.abs(seed % 1_000_000)));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(folder.resolve("viewer.err").toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return new ChaosViewer(process);
    }

    /** Whether it is still at it, as it has to be to the end. */
    boolean goesOn() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        boolean _ = TestProduct.ends(process, PATIENCE);
    }
}
