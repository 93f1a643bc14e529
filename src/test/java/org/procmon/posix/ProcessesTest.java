package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir Path folder = Path.of("");

    private final Kin kin = new Kin();

    @AfterEach
    void end() {
        kin.end();
    }

    @Test
    void allAreFoundZombiesToo() {
        int sleeping = kin.child(folder, "exec sleep 1000");
        int zombie = kin.child(folder, "exit 0");
        await().until(() -> ProcessStat.of(zombie).filter(ProcessStat::hasEnded).isPresent());
        assertThat(Processes.pids())
                .contains(CurrentProcess.pid(), sleeping, zombie)
                .doesNotHaveDuplicates();
    }

    @Test
    void readsThePeakMemoryOfALiveProcess() {
        int sleeping = kin.child(folder, "exec sleep 1000");
        int zombie = kin.child(folder, "exit 0");
        await().until(() -> ProcessStat.of(zombie).filter(ProcessStat::hasEnded).isPresent());
        // Between its start and its program it has the memory of this one.
        await().untilAsserted(() ->
                assertThat(Processes.peakOf(sleeping)).isBetween(300_000L, 20_000_000L));
        assertThat(Processes.peakOf(CurrentProcess.pid())).isGreaterThan(20_000_000);
        assertThat(Processes.peakOf(zombie)).isZero();
        assertThat(Processes.peakOf(-1)).isZero();
    }

    @Test
    void moreThanOneBufferOfNamesIsRead() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(folder.resolve(Integer.toString(i)));
            Files.createFile(folder.resolve("a-longer-name-that-is-no-number-" + i));
        }
        assertThat(Processes.numbers(folder.toString())).hasSize(3000).contains(0, 2999);
    }

    @Test
    void listsOpenFilesByPath() throws IOException {
        Path file = Files.createFile(folder.resolve("a file")).toRealPath();
        int pid = kin.child(folder, "exec sleep 1000 <'" + file + "'");
        await().until(() -> Processes.openFiles(pid).contains(file.toString()));
        assertThat(Processes.openFiles(pid)).hasSize(2);
        assertThat(Processes.openFiles(0)).isEmpty();
    }

    @Test
    void readsTheInitialEnvironment() {
        int pid =
                kin.child(
                        folder,
                        Map.of("FIRST", "yes", "LONG", "x".repeat(100_000), "LAST", "a b=c"),
                        List.of("sleep", "1000"));
        // The kernel is loading the program for a moment.
        await().until(() -> ProcessStat.of(pid).orElseThrow().environmentEnd() != 0);
        assertThat(Processes.beganWith(pid, List.of("FIRST=yes", "LAST=a b=c"))).isTrue();
        assertThat(Processes.beganWith(pid, List.of("FIRST=yes", "LAST=a b="))).isFalse();
        assertThat(Processes.beganWith(pid, List.of("FIRST=ye"))).isFalse();
        assertThat(Processes.beganWith(pid, List.of("IRST=yes"))).isFalse();
    }

    @Test
    void theBootAndThePidNamespaceAreNamed() throws IOException {
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        String namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        assertThat(BootId.current()).startsWith(boot + "/");
        assertThat(namespace)
                .isEqualTo("pid:[" + BootId.current().substring(boot.length() + 1) + "]");
    }
}
