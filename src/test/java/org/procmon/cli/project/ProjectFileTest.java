package org.procmon.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectFileTest {
    @TempDir Path folder = Path.of("");

    @Test
    void theNearestFileAboveIsFound() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b/c"));
        Path above = Files.writeString(folder.resolve("procmon.json"), "{}");
        assertThat(ProjectFile.find(deep)).contains(above);
        Path nearer = Files.writeString(folder.resolve("a/procmon.json"), "{}");
        assertThat(ProjectFile.find(deep)).contains(nearer);
        Files.createDirectory(deep.resolve("procmon.json"));
        assertThat(ProjectFile.find(deep)).contains(nearer);
    }
}
