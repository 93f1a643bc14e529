package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file system of a test's own that nobody answers for: see {@code dead-mount.pl}. Mounting it
 * takes root, and a kernel that has FUSE.
 */
final class DeadMount implements AutoCloseable {
    private static final String SCRIPT = "dead-mount.pl";

    private final Path folder;
    private final Process owner;

    private DeadMount(Path folder, Process owner) {
        this.folder = folder;
        this.owner = owner;
    }

    /** Mounts one on a new folder. */
    static DeadMount at(Path folder) throws IOException {
        assumeThat(Files.isWritable(Path.of("/dev/fuse"))).as("there is FUSE").isTrue();
        Files.createDirectory(folder);
        Path script = folder.resolveSibling(SCRIPT);
        try (InputStream text = DeadMount.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(text, SCRIPT), script);
        }
        Process owner =
                new ProcessBuilder("perl", script.toString(), folder.toString())
                        .redirectErrorStream(true)
                        .start();
        BufferedReader said = owner.inputReader();
        assertThat(said.readLine()).isEqualTo("mounted");
        return new DeadMount(folder, owner);
    }

    /** Whoever waits there is told that it is gone. */
    void abort() throws InterruptedException {
        owner.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        owner.destroyForcibly();
        assertThat(TestProduct.run(new ProcessBuilder("umount", "--lazy", folder.toString())))
                .isEqualTo(new Outcome(0, "", ""));
    }
}
