package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.posix.AtomicFileFolder.Content;

/** Small files, replaced as a whole. */
class AtomicFileFolderTest {
    @TempDir Path path = Path.of("");

    @Test
    void aReaderSeesTheOldOrTheNewFile() throws Exception {
        AtomicFileFolder writer = folder();
        byte[] first = filled(1);
        assertThat(writer.replace("file", first, first.length)).isEmpty();
        AtomicBoolean enough = new AtomicBoolean();
        Thread writing =
                Thread.ofPlatform()
                        .start(() -> {
                            for (byte i = 2; !enough.get(); i = (byte) (i + 1)) {
                                byte[] next = filled(i);
                                writer.replace("file", next, next.length);
                            }
                        });
        try {
            AtomicFileFolder reader = folder();
            int changes = 0;
            byte last = 1;
            for (int i = 0; i < 200_000 && changes < 200; i++) {
                byte[] read = ((Content.Whole) reader.read("file", 10_000)).bytes();
                assertThat(read).isEqualTo(filled(read[0]));
                changes += read[0] == last ? 0 : 1;
                last = read[0];
            }
            assertThat(changes).isGreaterThan(1);
        } finally {
            enough.set(true);
            writing.join();
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[5000];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void aMissingFileIsAbsentAndNeedsNoRemoval() throws IOException {
        assertThat(folder().read("none", 10)).isInstanceOf(Content.Absent.class);
        assertThat(folder().remove("none")).isEmpty();
        assertThat(folder().move("none", folder(), "other")).contains(Errno.ENOENT);
        assertThat(new AtomicFileFolder(path + "/none").replace("file", new byte[1], 1))
                .contains(Errno.ENOENT);
        assertThatThrownBy(() -> new AtomicFileFolder(path + "/none").names())
                .isInstanceOf(IOException.class);
    }

    @Test
    void listsNamesOfAnyBytes() throws IOException {
        Files.createFile(path.resolve("plain"));
        Files.createFile(path.resolve("x".repeat(255)));
        Files.createDirectory(path.resolve(".folder"));
        Files.createSymbolicLink(path.resolve("link"), Path.of("nowhere"));

        assertThat(folder().names())
                .containsExactlyInAnyOrder("plain", "x".repeat(255), ".folder", "link");
    }

    @Test
    void oneDescriptorAtATimeIsUsed() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        AtomicFileFolder folder = folder();
        folder.replace("file", new byte[10], 10);
        folder.read("file", 100);
        int before = count(descriptors);
        for (int i = 0; i < 100; i++) {
            folder.replace("file", new byte[10], 10);
            folder.read("file", 100);
            folder.read("file", 1);
            folder.names();
            folder.replace("no", new byte[10], 10);
            folder.remove("no");
        }

        // Other threads of the JVM may open a few for a moment.
        assertThat(count(descriptors)).isLessThan(before + 50);
    }

    private static int count(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return (int) entries.count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/", "../a"})
    void aNameIsAFilesName(String name) {
        assertThatThrownBy(() -> folder().read(name, 10))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AtomicFileFolder folder() {
        return new AtomicFileFolder(path.toString());
    }
}
