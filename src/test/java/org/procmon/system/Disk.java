package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of a test's own, in memory. Mounting it takes root. */
final class Disk implements AutoCloseable {
    private final Path folder;

    private Disk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a new folder. */
    static Disk at(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        must("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + size, "none", folder.toString());
        return new Disk(folder);
    }

    /** Fills it to the last byte with a file. */
    Path fill() throws IOException {
        Path filler = folder.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return filler;
        }
    }

    /** Lets nobody write any more, be it root, or lets them again. */
    void setReadOnly(boolean readOnly) throws IOException {
        must("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), folder.toString());
    }

    /** Lets nobody open a file for writing any more, though some may be open for it already. */
    void freeze() throws IOException {
        must("mount", "--bind", folder.toString(), folder.toString());
        must("mount", "-o", "remount,bind,ro", folder.toString());
    }

    /** Takes that back. */
    void thaw() throws IOException {
        must("umount", "--lazy", folder.toString());
    }

    @Override
    public void close() throws IOException {
        must("umount", "--lazy", folder.toString());
    }

    private static void must(String... command) throws IOException {
        assertThat(TestProduct.run(new ProcessBuilder(command)))
                .as(String.join(" ", command))
                .isEqualTo(new Outcome(0, "", ""));
    }
}
