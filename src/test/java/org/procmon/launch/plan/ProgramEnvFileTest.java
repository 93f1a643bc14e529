package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.EnvFile;
import org.procmon.posix.CurrentProcess;

/** Variables that the owner of a program keeps beside it. */
class ProgramEnvFileTest {
    private static final int STRANGER = 1234;

    @TempDir Path folder;

    private final EnvFiles files = new EnvFiles(CurrentProcess.uid());

    private static List<EnvFile> ofProgram(Path file) {
        return List.of(new EnvFile(file, true, true, false, false, true));
    }

    private Path file(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "A=1\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** A monitor that is root would read it for a user who may not. */
    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("app.env"), file("secret"));
        assertThatThrownBy(() -> files.read(ofProgram(link)))
                .isInstanceOf(LaunchRefused.class)
                .hasMessageContaining("app.env': it is a link");
    }

    @Test
    void itMayBelongToAnyUser() throws Exception {
        assumeTrue(CurrentProcess.uid() == 0);
        Path file = file("app.env");
        Files.setAttribute(file, "unix:uid", STRANGER);
        assertThat(files.read(ofProgram(file))).containsEntry("A", "1");
        assertThatThrownBy(() -> files.read(List.of(new EnvFile(file, true, true))))
                .hasMessageContaining("it belongs to user 1234");
    }
}
