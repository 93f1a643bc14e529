package org.procmon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code up}; the monitor of {@link CommandRunner} serves unless a test closes it. */
class UpCommandTest extends CommandRunner {
    private static final String PLAIN = "{\"processes\": [{\"id\": \"a\", \"exec\": \"a\"}]}";

    @Test
    void aPlainFileIsRunItself() throws IOException {
        server.close();
        Path file = Files.writeString(folder.resolve("p.json"), PLAIN);
        assertThat(run("up", "-f", file.toString(), "--no-backup")).isEqualTo(17);
        assertThat(ran.getFirst()).isEqualTo(file);
        assertThat(((RunOptions) ran.get(1)).role()).isEqualTo(RunOptions.Role.ALONE);
    }

    @Test
    void variablesOfTheDotEnvFileAreReplacedInACopyThatOthersCannotRead() throws IOException {
        server.close();
        Files.writeString(
                folder.resolve(".env"),
                "# a comment\n\nexport PORT=\"81\"\nNAME='x y' # no\nCOLUMNS=1 # the caller's wins\n");
        Path file =
                Files.writeString(
                        folder.resolve("p.json"),
                        "{\"processes\": [{\"id\": \"a\","
                                + " \"exec\": [\"${PORT:-8000}\", \"${COLUMNS}\"]}]}");
        assertThat(run("up", file.toString())).isEqualTo(17);
        Path merged = folder.resolve(".procmon.up.json");
        assertThat(ran.getFirst()).isEqualTo(merged);
        assertThat(Files.readString(merged)).contains("\"exec\": [\"81\", \"80\"]");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(merged)))
                .isEqualTo("rw-------");
    }

    @Test
    void severalFilesAndProfilesAreOneConfiguration() throws IOException {
        server.close();
        Path base = Files.writeString(folder.resolve("a.json"), PLAIN);
        Path more =
                Files.writeString(
                        folder.resolve("b.json"),
                        "{\"processes\": [{\"id\": \"b\", \"exec\": \"b\", \"profiles\": \"x\"},"
                                + "{\"id\": \"c\", \"exec\": \"c\", \"profiles\": \"y\"},"
                                + "{\"id\": \"d\", \"exec\": \"d\", \"profiles\": \"z\"}]}");
        assertThat(run("up", "-f", base.toString(), "-f" + more, "--profile", "x", "--profile=z"))
                .isEqualTo(17);
        assertThat(Files.readString(folder.resolve(".procmon.up.json")))
                .contains("\"a\"", "\"b\"", "\"d\"")
                .doesNotContain("\"c\"", "profiles");
    }

    @Test
    void problemsAreNamedAndNothingIsRun() throws IOException {
        Path file = Files.writeString(folder.resolve("p.json"), PLAIN.replace("exec", "command"));
        assertThat(run("up", file.toString())).isEqualTo(78);
        assertThat(err())
                .contains(file + ":1:28: unknown key 'command'; here it is 'exec'\n")
                .endsWith(
                        "procmon: cannot run the project: it has problems, nothing was changed\n");
        err.reset();
        Files.writeString(folder.resolve(".env"), "\nfoo bar\n");
        assertThat(run("up", file.toString())).isEqualTo(78);
        assertThat(err()).startsWith(folder.resolve(".env") + ":2:1: a line must be NAME=VALUE\n");
        assertThat(ran).isEmpty();
    }

    @Test
    void anotherConfigurationIsNotReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("p.json"), PLAIN);
        assertThat(run("up", file.toString())).isEqualTo(1);
        assertThat(err())
                .isEqualTo(
                        "procmon: cannot run the project: the monitor with pid 100 runs another"
                                + " one; --state-dir names another directory for this one\n");
        assertThat(ran).isEqualTo(List.of());
    }
}
