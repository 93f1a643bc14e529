package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that writes line by line without a rest, whose monitors are killed meanwhile. */
@Timeout(300)
class TorrentIT {
    private static final int KILLS = 12;
    private static final long PIECE = 2 << 20;

    /** So long that most of what is going on is the moving of them. */
    private static final int LENGTH = 150;

    /** Numbered lines, each written by itself, until there is a file. */
    private static final String LINES =
            """
            $| = 1;
            my $i = 0;
            until (-e "$ENV{DIR}/enough") {
                printf "%%0%dd\\n", $i++ for 1 .. 10000;
            }
            open(my $count, '>', "$ENV{DIR}/count");
            print $count $i;
            close $count;
            sleep 1000;
            """
                    .formatted(LENGTH - 1);

    @TempDir Path folder = Path.of("");

    @Test
    void eachLineIsThereOnceAndInOrder() throws Exception {
        Files.writeString(folder.resolve("lines.pl"), LINES);
        String configuration =
                Config.of(
                        Config.script(
                                "web",
                                "exec perl $DIR/lines.pl",
                                "'stdout': {'max_size': '10GB'}"));
        try (TestMonitor first = TestMonitor.start(folder, configuration)) {
            awaitMore(first);
            patiently().until(() -> first.lines("state/fifo/staging-of").contains("web.out"));
            first.kill();
            for (int i = 1; i < KILLS; i++) {
                TestMonitor next = TestMonitor.start(folder, configuration);
                awaitMore(next);
                next.kill();
            }
            try (TestMonitor last = TestMonitor.start(folder, configuration)) {
                Files.createFile(folder.resolve("enough"));
                patiently().until(() -> !last.lines("count").isEmpty());
                int count = last.number("count");
                patiently().until(() -> Files.size(log(last)) >= (long) LENGTH * count);
                assertThat(inOrder(log(last))).isEqualTo(count);
            }
        }
    }

    private static Path log(TestMonitor monitor) {
        return monitor.state().resolve("log/web.log");
    }

    /** Waits until this monitor has taken in a good piece of it. */
    private static void awaitMore(TestMonitor monitor) throws Exception {
        Path log = log(monitor);
        patiently().until(() -> Files.exists(log));
        long before = Files.size(log);
        patiently().until(() -> Files.size(log) > before + PIECE);
    }

    /** How many lines there are, each the number of those before it. */
    private static long inOrder(Path log) throws IOException {
        long number = 0;
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertThat(line).hasSize(LENGTH - 1).endsWith("0" + number);
                number++;
            }
        }
        return number;
    }
}
