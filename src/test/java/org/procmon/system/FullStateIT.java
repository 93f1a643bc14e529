package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.control.client.ControlException;
import org.procmon.posix.Signals;

/** The disk of the state folder takes no more, so that monitors can tell each other little. */
@Timeout(120)
class FullStateIT {
    private static final int KILL = 9;

    /** Longer than what counts as young. */
    private static final long GROWN_MS = 2500;

    @TempDir Path folder = Path.of("");
    private Disk disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Disk.at(TestProduct.stateFolder(folder), "2m");
    }

    @AfterEach
    void unmount() throws Exception {
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F"})
    void theEndOfBothMonitorsNeedsNoRoom(String option) throws Exception {
        Path file = configuration("web");
        Path filler;
        try (TestMonitor pair = start(option, file)) {
            patiently().until(() -> pair.row("procmon1").ageMs() > GROWN_MS);
            pair.awaitRun("procmon2", 1);
            filler = disk.fill();
            pair.must("-x");
        }
        assertThat(Files.readAllLines(folder.resolve("began"))).hasSize(1);
        Files.delete(filler);
        try (TestMonitor next = start("-F", file)) {
            next.awaitRun("web", 2);
            assertThat(next.row("procmon1").cause()).isEqualTo("started");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-f", "-F"})
    void theEndOfBothMonitorsNeedsNoDiskThatCanBeWritten(String option) throws Exception {
        try (TestMonitor pair = start(option, configuration("web"))) {
            patiently().until(() -> pair.row("procmon1").ageMs() > GROWN_MS);
            pair.awaitRun("procmon2", 1);
            disk.freeze();
            try {
                pair.must("-x");
                assertThat(pair.awaitExit(Duration.ofSeconds(20))).isZero();
                patiently().until(() -> pair.left().isEmpty());
                assertThat(pair.log()).contains("Read-only file system");
            } finally {
                disk.thaw();
            }
            // Nobody could remove it.
            Files.delete(pair.socket());
        }
        assertThat(Files.readAllLines(folder.resolve("began"))).hasSize(1);
    }

    @Test
    void aBackupTakesOverWhereNothingCanBeWritten() throws Exception {
        try (TestMonitor pair = start("-F", configuration("web"))) {
            patiently().until(() -> pair.row("procmon1").ageMs() > GROWN_MS);
            int backup = pair.awaitRun("procmon2", 1).pid();
            int web = pair.awaitRun("web", 1).pid();
            disk.freeze();
            try {
                Signals.send(pair.pid(), KILL);
                patiently()
                        .ignoreExceptionsInstanceOf(ControlException.class)
                        .until(() -> pair.row("procmon1").pid() == backup);
                assertThat(pair.row("web").pid()).isEqualTo(web);
                Outcome restart = pair.cli("restart", "web");
                assertThat(restart.code()).isZero();
                assertThat(restart.err())
                        .contains("may not know that web is running", "Read-only file system");
                pair.awaitRun("web", 2);
            } finally {
                disk.thaw();
            }
            pair.must("-x");
        }
        assertThat(Files.readAllLines(folder.resolve("began"))).hasSize(2);
    }

    @Test
    void startsNothingTwiceOnAFullDisk() throws Exception {
        Path file = configuration("web");
        try (TestMonitor killed = TestMonitor.start(folder, Files.readString(file))) {
            killed.awaitRun("web", 1);
            disk.fill();
            Signals.send(killed.row("web").pid(), KILL);
            int pid = killed.awaitRun("web", 2).pid();
            killed.kill();
            try (TestMonitor next = TestMonitor.start(folder, Files.readString(file))) {
                assertThat(next.row("web").pid()).isEqualTo(pid);
                assertThat(next.row("web").runcount()).isEqualTo(2);
                assertThat(next.lines("began")).hasSize(2);
            }
        }
    }

    @Test
    void explainListsChangesThatWouldBeLost() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(folder, Files.readString(configuration("web")))) {
            monitor.awaitRun("web", 1);
            Path filler = disk.fill();
            String why =
                    "cannot write "
                            + monitor.state().resolve("journal/web.json")
                            + ": No space left on device";
            Outcome stop = monitor.cli("stop", "web");
            assertThat(stop.code()).isZero();
            assertThat(stop.err())
                    .isEqualTo(
                            "procmon: the next monitor may not know that web is stopped: "
                                    + why
                                    + "\n");
            assertThat(monitor.cli("explain", "web").out())
                    .contains(
                            "'procmon start web' starts it; it may be otherwise to the next monitor: "
                                    + why);
            assertThat(monitor.cli("status", "web").out()).contains("not kept:    " + why);
            Files.delete(filler);
            Outcome start = monitor.cli("start", "web");
            assertThat(start.err()).isEmpty();
            assertThat(monitor.cli("explain", "web").out()).doesNotContain("next monitor");
            disk.fill();
            assertThat(monitor.cli("delete", "web").err())
                    .isEqualTo(
                            "procmon: the next monitor may not know that web is deleted: "
                                    + why
                                    + "\n");
        }
    }

    @Test
    void aConfigurationThatCannotBeKeptIsRefused() throws Exception {
        Path file = configuration("web");
        try (TestMonitor monitor = TestMonitor.start(folder, Files.readString(file))) {
            monitor.awaitRun("web", 1);
            disk.fill();
            Files.copy(
                    configuration("mail"),
                    monitor.file("procmon.json"),
                    StandardCopyOption.REPLACE_EXISTING);
            Outcome reload = monitor.cli("reload");
            assertThat(reload.code()).isEqualTo(1);
            assertThat(reload.err())
                    .contains("cannot keep the configuration")
                    .contains("No space left on device; nothing was changed");
            assertThat(monitor.row("web").state()).isEqualTo("running");
        }
    }

    private Path configuration(String name) throws Exception {
        return Files.writeString(
                folder.resolve(name + ".conf"),
                Config.of(Config.script(name, "echo >>$DIR/began; exec sleep 1000", Config.KEPT)));
    }

    private TestMonitor start(String option, Path file) throws Exception {
        return TestMonitor.start(folder, List.of(), option, file.toString());
    }
}
