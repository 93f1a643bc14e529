package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.LostOutput;

/** A disk that takes no more output: nobody waits for it, and it is used again when it can be. */
@Timeout(90)
class FullDiskIT {
    /** Writes numbered lines as fast as it can, and tells how far it is. */
    private static final String WRITER =
            "perl -e '$| = 1; open(my $t, q(>), qq($ENV{DIR}/at));"
                    + " for ($i = 0; ; $i++) { printf(qq(line %09d\\n), $i);"
                    + " if ($i % 1000 == 0) { seek($t, 0, 0); syswrite($t, sprintf(q(%09d), $i));"
                    + " select(undef, undef, undef, 0.005) } }'";

    @TempDir Path folder = Path.of("");

    @Test
    void aFullDiskBlocksNothingAndWritingResumes() throws Exception {
        try (Disk disk = Disk.at(folder.resolve("disk"), "256k")) {
            Path filler = disk.fill();
            try (TestMonitor monitor = start()) {
                assertLosing(monitor, "No space left on device");
                int runs = (int) monitor.row("writer").runcount();
                assertThat(runs).isEqualTo(1);
                Files.delete(filler);

                patiently().until(() -> Files.size(log()) > 10_000);

                List<String> lines = wholeLines();
                assertThat(lines).allMatch(line -> line.matches("line \\d{9}"));
                assertThat(lines).isSorted();
            }
        }
    }

    @Test
    void aReadOnlyDiskToo() throws Exception {
        try (Disk disk = Disk.at(folder.resolve("disk"), "64m");
                TestMonitor monitor = start()) {
            patiently().until(() -> Files.exists(log()) && Files.size(log()) > 0);
            // What is open for writing forbids this.
            Files.move(log(), folder.resolve("disk/moved"));
            Files.createDirectory(log());
            monitor.must("reopen");
            assertLosing(monitor, "Is a directory");
            Files.delete(log());
            disk.setReadOnly(true);
            assertLosing(monitor, "Read-only file system");

            disk.setReadOnly(false);

            patiently().until(() -> Files.exists(log()) && Files.size(log()) > 0);
            patiently().until(() -> !loss(monitor).failing());
            assertThat(monitor.log()).contains("writer output is written again");
        }
    }

    @Test
    void recreatesARemovedLogDirectoryWithoutLoss() throws Exception {
        try (TestMonitor monitor = start()) {
            patiently().until(() -> Files.exists(log()) && Files.size(log()) > 0);
            assertThat(
                            TestProduct.run(
                                    new ProcessBuilder(
                                            "rm", "-rf", folder.resolve("disk").toString())))
                    .isEqualTo(new Outcome(0, "", ""));

            patiently().until(() -> Files.exists(log()) && Files.size(log()) > 0);

            assertThat(monitor.row("writer").output()).isEmpty();
        }
    }

    private TestMonitor start() throws Exception {
        String stdout = "'stdout': {'file': 'disk/log', 'max_size': '50MB'}";
        return TestMonitor.start(
                folder, Config.of(Config.script("writer", "exec " + WRITER, stdout)));
    }

    private Path log() {
        return folder.resolve("disk/log");
    }

    /** All but the last, which may be on its way. */
    private List<String> wholeLines() throws IOException {
        String text = Files.readString(log());
        return text.substring(0, text.lastIndexOf('\n')).lines().toList();
    }

    /** Output is being lost for this reason, and the program goes on all the same. */
    private void assertLosing(TestMonitor monitor, String reason) throws Exception {
        patiently().until(() -> isLosing(monitor, reason));
        long before = at();
        patiently().until(() -> at() > before + 10_000);
    }

    private static boolean isLosing(TestMonitor monitor, String reason) throws Exception {
        return monitor.row("writer")
                .output()
                .filter(o -> o.failing() && o.lostBytes() > 0 && o.reason().endsWith(reason))
                .isPresent();
    }

    private static LostOutput loss(TestMonitor monitor) throws Exception {
        return monitor.row("writer").output().orElseThrow();
    }

    private long at() throws IOException {
        Path file = folder.resolve("at");
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.length() == 9 ? Long.parseLong(text) : 0;
    }
}
