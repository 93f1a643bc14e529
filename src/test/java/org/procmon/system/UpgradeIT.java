package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.status.fields.ProcessRow;

/** Monitors that are replaced by those of another version while all goes on. */
@Timeout(300)
class UpgradeIT extends Pairs {
    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F", "--no-backup"})
    void anUpgradeReplacesTheMonitorsAndTouchesNoProcess(String option) throws Exception {
        try (TestMonitor pair = start(option)) {
            ProcessRow web = pair.awaitRun("web", 1);
            boolean alone = option.equals("--no-backup");
            int primary = pair.row(PRIMARY).pid();
            int backup = alone ? 0 : settledBackup(pair).pid();
            if (option.equals("-f")) {
                // The shell that waits for the backup would see it end: it is replaced too.
                assertThat(backup).isEqualTo(pair.pid());
            }

            String control = "{\"control\": {\"socket_mode\": \"0600\"}, ";
            configuration(web().replaceFirst("\\{", control));
            assertThat(pair.cli("reload").out()).contains("takes effect after 'procmon upgrade'");
            assertThat(mode(pair.socket())).isEqualTo("rw-rw----");

            pair.must("upgrade");

            assertThat(mode(pair.socket())).isEqualTo("rw-------");
            assertThat(pair.row(PRIMARY).pid()).isEqualTo(primary);
            assertThat(pair.row(PRIMARY).runcount()).isEqualTo(2);
            assertThat(pair.row(PRIMARY).cause()).isEqualTo("upgraded by a command");
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(pair.row("web").runcount()).isEqualTo(1);
            if (!alone) {
                eventually().until(() -> pair.row(BACKUP).pid() != backup);
                pair.awaitRun(BACKUP, 2);
            }
            assertThat(pair.log()).doesNotContain("SIGKILL");
            TestProduct.signal("USR1", web.pid());
            assertThat(pair.awaitRun("web", 2).lastExit().orElseThrow().signal()).contains("USR1");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aBrokenInstallationCostsNothing() throws Exception {
        Path program = install();
        String file = configuration(web());
        try (TestMonitor pair = TestMonitor.startOf(program, folder, "-F", file)) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();
            Files.move(program, program.resolveSibling("away"));
            assertThat(pair.cli("upgrade"))
                    .isEqualTo(
                            new Outcome(
                                    1,
                                    "",
                                    "procmon: cannot upgrade the monitor: cannot execute '"
                                            + program
                                            + "'\n"));

            Files.writeString(program, "#!/bin/sh\nexit 3\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
            pair.cli("upgrade", "--no-wait");

            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            eventually().until(() -> pair.row(BACKUP).cause().contains("exited with code 3"));
            Files.move(
                    program.resolveSibling("away"), program, StandardCopyOption.REPLACE_EXISTING);
            pair.awaitRun(BACKUP, 2);
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    /** A program of its own; the rest is the product's. */
    private Path install() throws Exception {
        Path product = Path.of(TestProduct.procmon()).resolve("../..").normalize();
        String script = Files.readString(product.resolve("bin/procmon"));
        String home = "home=${program%/*}/..";
        assertThat(script).contains(home);
        Path program = folder.resolve("installed");
        Files.writeString(program, script.replace(home, "home=" + product));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F", "--no-backup"})
    void anotherPairTakesOverEvenFromOneThatHangs(String option) throws Exception {
        String file = configuration(web());
        try (TestMonitor first = start("-f")) {
            ProcessRow web = first.awaitRun("web", 1);
            settledBackup(first);
            int primary = first.row(PRIMARY).pid();
            TestProduct.signal("STOP", List.of(primary, first.pid()));

            Outcome refused = first.cli("run", file);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("another monitor, pid " + primary + ", runs");

            try (TestMonitor second =
                    option.equals("--no-backup")
                            ? TestMonitor.start(
                                    folder, List.of(), "run", option, "--take-over", file)
                            : TestMonitor.start(folder, List.of(), option, file, "--take-over")) {
                assertThat(Proc.hasEnded(primary)).isTrue();
                ProcessRow after = second.awaitRun("web", 1);
                assertThat(after.pid()).isEqualTo(web.pid());
                assertThat(after.runcount()).isEqualTo(1);
                assertThat(second.row(PRIMARY).runcount()).isEqualTo(2);
                second.must("-x");
                assertNothingIsLeft(second);
            }
        }
    }
}
