package org.procmon.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.journal.Samples.running;
import static org.procmon.journal.Samples.stopped;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that takes no more. It is a small one of the test's own, which takes root. */
class FullDiskTest {
    @TempDir Path folder = Path.of("");
    private Path disk = folder;
    private TestJournal test = new TestJournal(folder);

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        must("mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "none", disk.toString());
        test = new TestJournal(disk);
    }

    @AfterEach
    void unmount() throws Exception {
        must("umount", disk.toString());
    }

    @Test
    void aFullDiskKeepsTheOldRecordAndIsLoggedOnce() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("one"));
        journal.keep(running("two"));
        Path filler = fill();

        List<String> log =
                test.logOf(() -> {
                    journal.keep(stopped("one"));
                    journal.keep(stopped("two"));
                    journal.keep(running("three"));
                });

        assertThat(log).hasSize(1);
        assertThat(log.getFirst())
                .contains(
                        "ERROR journal: cannot write file="
                                + test.record("one")
                                + " reason=\"No space left on device\"");
        assertThat(test.files()).containsExactly("one.json", "two.json");
        assertThat(test.open().read(true)).containsExactly(running("one"), running("two"));
        assertThat(journal.isBehind()).isTrue();
        assertThat(journal.unkept("one"))
                .contains("cannot write " + test.record("one") + ": No space left on device");
        assertThat(journal.unkept("four")).isEmpty();

        Files.delete(filler);
        List<String> later = test.logOf(() -> journal.keep(stopped("three")));

        assertThat(later).hasSize(1);
        assertThat(later.getFirst()).contains("can write again");
        assertThat(journal.isBehind()).isFalse();
        assertThat(journal.unkept("one")).isEmpty();
        // The other changes were not forgotten over it.
        assertThat(test.open().read(true))
                .containsExactly(stopped("one"), stopped("three"), stopped("two"));
    }

    @Test
    void aChangeThatWasTakenBackIsNotWrittenLater() throws IOException {
        JournalFolder journal = test.open();
        journal.keep(running("one"));
        Path filler = fill();
        journal.keep(stopped("one"));
        journal.keep(running("one"));
        journal.keep(running("two"));
        journal.drop("two");
        Files.delete(filler);

        journal.keep(running("three"));

        assertThat(test.open().read(true)).containsExactly(running("one"), running("three"));
    }

    @Test
    void aReadOnlyDiskLeavesTheOldRecordToo() throws Exception {
        JournalFolder journal = test.open();
        journal.keep(running("one"));
        must("mount", "-o", "remount,ro", disk.toString());

        List<String> log =
                test.logOf(() -> {
                    journal.keep(stopped("one"));
                    journal.drop("one");
                });

        assertThat(log).hasSize(1);
        assertThat(log.getFirst()).contains("Read-only file system");
        assertThat(test.open().read(true)).containsExactly(running("one"));
        must("mount", "-o", "remount,rw", disk.toString());
        journal.keep(stopped("one"));
        assertThat(test.open().read(true)).containsExactly(stopped("one"));
    }

    @Test
    void theMonitorsOwnFilesStayAsTheyWereToo() throws IOException {
        MonitorFile file = test.monitorFile();
        MonitorRecord before = MonitorRecord.first(TestJournal.NOW, "/etc/p.json");
        byte[] configuration = {1, 2, 3};
        file.keepMonitor(before);
        file.keepConfiguration(configuration);
        fill();

        List<String> log =
                test.logOf(() -> {
                    file.keepMonitor(before.withShutdown());
                    file.keepConfiguration(new byte[100_000]);
                });

        assertThat(log).hasSize(1);
        assertThat(file.readMonitor()).contains(before);
        assertThat(file.readConfiguration().orElseThrow()).isEqualTo(configuration);
        assertThat(disk.resolve(".new")).doesNotExist();
    }

    @Test
    void recordsThatCannotBeWrittenAreNotTakenForAllThereIs() throws IOException {
        JournalFolder journal = test.open();
        journal.complete();
        journal.keep(running("one"));
        assertThat(test.open().isComplete()).isTrue();
        Path filler = fill();
        journal.keep(stopped("one"));
        assertThat(test.open().isComplete()).isFalse();
        journal.complete();
        assertThat(test.open().isComplete()).as("while something is owed").isFalse();

        Files.delete(filler);
        journal.keep(running("two"));
        assertThat(test.open().isComplete()).isTrue();
        assertThat(test.open().read(true)).containsExactly(stopped("one"), running("two"));
    }

    @Test
    void theEndIsKeptWithoutRoomForItAndABeginningIsNotTakenForAnEnd() throws IOException {
        MonitorFile file = test.monitorFile();
        MonitorRecord begun = MonitorRecord.first(TestJournal.NOW, "/etc/p.json");
        file.keepMonitor(begun);
        Path filler = fill();
        assertThat(file.keepMonitor(begun.withEnd())).isEmpty();
        assertThat(test.monitorFile().readMonitor()).contains(begun.withEnd());

        MonitorFile next = test.monitorFile();
        assertThat(next.readMonitor().orElseThrow().ended()).isTrue();
        next.keepMonitor(begun);
        assertThat(test.monitorFile().readMonitor()).isEmpty();

        Files.delete(filler);
        next.keepMonitor(begun);
        assertThat(test.monitorFile().readMonitor()).contains(begun);
        next.keepMonitor(begun.withEnd());
        assertThat(test.monitorFile().readMonitor()).contains(begun.withEnd());
        fill();
        next = test.monitorFile();
        assertThat(next.readMonitor().orElseThrow().ended()).isTrue();
        next.keepMonitor(begun);
        assertThat(test.monitorFile().readMonitor()).isEmpty();
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return filler;
        }
    }

    private static void must(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
    }
}
