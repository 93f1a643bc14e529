package org.procmon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.launch.plan.LaunchRefused;
import org.procmon.posix.Descriptor;

class HandedFilesTest {
    @TempDir Path folder = Path.of("");

    private static Path target(Descriptor file) throws Exception {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + file.number()));
    }

    private static List<String> openFiles() throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path one : all) {
                try {
                    files.add(Files.readSymbolicLink(one).toString());
                } catch (IOException _) {
                    // That of the listing itself.
                }
            }
        }
        return files;
    }

    @Test
    void eachStartGetsTheFilesThatAreThereThen() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "one").toRealPath();
        HandedFiles files = new HandedFiles();
        List<Descriptor> first = files.open("http", List.of(key));
        assertThat(target(first.getFirst())).isEqualTo(key);

        Files.delete(key);
        Files.writeString(key, "two");
        List<Descriptor> second = files.open("http", List.of(key, key));
        assertThat(target(second.getLast())).isEqualTo(key);
        assertThat(openFiles()).contains(key.toString()).doesNotContain(key + " (deleted)");
        second.forEach(Descriptor::close);
    }

    @Test
    void saysWhichFileCannotBeOpened() {
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> new HandedFiles().open("http", List.of(none)))
                .isInstanceOf(LaunchRefused.class)
                .hasMessageContaining("cannot open '" + none + "': ");
    }
}
