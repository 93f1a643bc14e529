package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user that has neither an account nor a home, as in many containers. Needs root. */
class PrivateFoldersIT {
    private static final int FIRST = 1_000_000_000;

    private final int uid = FIRST + (int) ProcessHandle.current().pid();
    private final Path state = Path.of("/tmp/procmon-" + uid);

    @TempDir Path folder;

    @AfterEach
    void remove() throws IOException {
        if (Files.isSymbolicLink(state)) {
            Files.delete(state);
        } else if (Files.exists(state)) {
            try (Stream<Path> all = Files.walk(state)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void itHasFoldersOfItsOwn() throws Exception {
        Process monitor = builder("HOME=/", "run", "--no-backup", configuration()).start();
        try {
            patiently()
                    .failFast("it ended", () -> !monitor.isAlive())
                    .until(() -> TestProduct.run(builder("A=1", "status", "one")).code() == 0);
            patiently()
                    .until(() -> Files.readString(state.resolve("log/one.log")).equals("hello\n"));
            assertThat(Files.getAttribute(state, "unix:uid")).isEqualTo(uid);
            assertThat(Files.getPosixFilePermissions(state))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(Path.of("/tmp/.local")).doesNotExist();
        } finally {
            monitor.destroy();
            assertThat(TestProduct.ends(monitor, Duration.ofSeconds(10))).isTrue();
        }
        assertThat(monitor.exitValue()).isZero();
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws Exception {
        Files.createDirectory(state);
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(TestProduct.run(builder("A=1", "run", configuration())))
                .isEqualTo(
                        refused(
                                "it belongs to uid 0, not %d; name another with --state-dir or PROCMON_STATE_DIR"
                                        .formatted(uid)));
    }

    @Test
    void aLinkAtItsPathIsNotFollowed() throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        Files.setAttribute(target, "unix:uid", uid);
        Files.createSymbolicLink(state, target);

        assertThat(TestProduct.run(builder("A=1", "run", configuration())))
                .isEqualTo(
                        refused(
                                "it is a symbolic link; name another with --state-dir or PROCMON_STATE_DIR"));
        assertThat(Files.exists(target.resolve("lock"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    private Outcome refused(String reason) {
        return new Outcome(
                1,
                "",
                "procmon: cannot run %s: cannot use the state folder %s: %s\n"
                        .formatted(folder.resolve("procmon.json"), state, reason));
    }

    private String configuration() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.writeString(
                        folder.resolve("procmon.json"),
                        Config.of(Config.script("one", "echo hello; exec sleep 1000")))
                .toString();
    }

    private ProcessBuilder builder(String variable, String... arguments) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--clear-groups"));
        command.addAll(List.of("--reuid=" + uid, "--regid=" + uid, "env", "-i", variable));
        command.add(TestProduct.procmon());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
