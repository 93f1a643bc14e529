package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One monitor for one state folder, and a folder that is nobody else's. */
@Timeout(60)
class StateFolderIT {
    private static final String CONFIGURATION =
            Config.of(Config.program("one", "sleep 1000", Config.KEPT));

    @TempDir Path folder = Path.of("");

    @Test
    void aSecondMonitorNamesTheFirstAndLeavesItInPeace() throws Exception {
        try (TestMonitor monitor = TestMonitor.start(folder, CONFIGURATION)) {
            int pid = monitor.awaitRun("one", 1).pid();

            // As a group would need it, which the second is not asked for.
            Files.setPosixFilePermissions(
                    monitor.state(), PosixFilePermissions.fromString("rwxr-x---"));

            Outcome second =
                    monitor.cli("run", "--no-backup", monitor.file("procmon.json").toString());

            assertThat(second.code()).isEqualTo(1);
            assertThat(permissions(monitor.state())).isEqualTo("rwxr-x---");
            assertThat(second.err())
                    .contains("another monitor, pid " + monitor.pid() + ", runs on");
            assertThat(monitor.row("one").pid()).isEqualTo(pid);
            assertThat(Proc.supervised(monitor.pid())).hasSize(1);
        }
    }

    @Test
    void aMonitorTakesOverFromOneThatWasKilled() throws Exception {
        try (TestMonitor first = TestMonitor.start(folder, CONFIGURATION)) {
            int pid = first.awaitRun("one", 1).pid();
            first.kill();
            assertThat(first.cli("-l").code()).isEqualTo(6);
            assertThat(Files.exists(first.socket())).isTrue();
            try (TestMonitor second = TestMonitor.start(folder, CONFIGURATION)) {
                assertThat(second.awaitRun("one", 1).pid()).isEqualTo(pid);
                assertThat(second.row("one").runcount()).isEqualTo(1);
            }
        }
    }

    @Test
    void onlyTheOwnerHasAccess() throws Exception {
        try (TestMonitor monitor = TestMonitor.start(folder, CONFIGURATION)) {
            assertThat(permissions(monitor.state())).isEqualTo("rwx------");
            assertThat(permissions(monitor.socket())).isEqualTo("rw-rw----");
        }
    }

    @Test
    void refusesALinkAFileOrAnotherUsersDirectory() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(refused(link)).contains(link + ": it is a symbolic link");
        assertThat(refused(file)).contains(file + " is not a folder");
        assertThat(refused(foreign())).contains("belongs to uid ");
    }

    private String refused(Path state) throws Exception {
        Path file = Files.writeString(folder.resolve("procmon.json"), CONFIGURATION);
        Outcome outcome =
                TestProduct.procmon(
                        folder, "run", "--no-backup", "--state-dir", state + "", file + "");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(Proc.having("PROCMON_STATE_DIR=" + TestProduct.stateFolder(folder))).isEmpty();
        return outcome.err();
    }

    /** A folder of another user: root makes one, and for all others root's will do. */
    private Path foreign() throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            return Path.of("/usr");
        }
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.setAttribute(theirs, "unix:uid", 12_345);
        return theirs;
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
