package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.Stand.patiently;
import static org.procmon.output.Stand.spec;
import static org.procmon.output.Stand.write;

import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.spec.ProcessSpec;

/** What becomes of output that cannot be kept. */
@Timeout(60)
class OutputLossTest {
    private static final ProcessSpec WEB = spec("web", 10_000_000, 5, false);

    @TempDir Path folder = Path.of("");

    @Test
    void whatCannotBeWrittenIsCountedAndTheWriterNeverWaits() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            Files.createDirectories(stand.log("web.log"));
            write(pen, new byte[3_000_000]);
            awaitLost(stand, 3_000_000);
            assertThat(stand.outputs.loss("web"))
                    .contains(
                            new OutputLoss(
                                    3_000_000,
                                    "cannot write " + stand.log("web.log") + ": Is a directory",
                                    true));
        }
    }

    @Test
    void theEndOfWhatIsBeingLostCanBeReadAllTheSame() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "whole\nbeg");
            stand.awaitText("web.log", "whole\nbeg");
            block(stand);
            write(pen, "un\nlost\n");
            awaitLost(stand, 8);
            assertThat(last(stand, 2)).isEqualTo("un\nlost\n");
            unblock(stand);
            assertThat(last(stand, 9)).isEqualTo("whole\nbegun\nlost\n");
            assertThat(last(stand, 2)).isEqualTo("begun\nlost\n");

            stand.clock.advance(Duration.ofSeconds(2));
            write(pen, "kept\n");
            stand.awaitText("web.log", "whole\nbeg\nkept\n");
            patiently().until(() -> last(stand, 9).equals("whole\nbeg\nkept\n"));
        }
    }

    @Test
    void ofWhatIsLostTheLast64KiBAreKept() throws Exception {
        StringBuilder lines = new StringBuilder();
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            Files.createDirectories(stand.log("web.log"));
            for (int i = 0; lines.length() < 300_000; i++) {
                String line = "line " + i + "\n";
                lines.append(line);
                write(pen, line);
            }
            awaitLost(stand, lines.length());
            assertThat(last(stand, 1_000_000))
                    .isEqualTo(lines.substring(lines.length() - LostTail.MOST));
            assertThat(last(stand, 0)).isEmpty();
        }
    }

    private static String last(Stand stand, int lines) {
        return stand.outputs.last("web", Output.STDOUT, lines, 1 << 20)
                        instanceof OutputChunk.Piece piece
                ? new String(piece.bytes(), StandardCharsets.UTF_8)
                : "not kept";
    }

    @Test
    void writingResumesByItselfButNotBeforeASecondIsOver() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            stand.outputs.onLoss((name, outputLoss) ->
                    told.add(name + " " + outputLoss.bytes() + " " + outputLoss.failing()));
            Files.createDirectories(stand.log("web.log"));
            write(pen, "one\n");
            awaitLost(stand, 4);
            Files.delete(stand.log("web.log"));
            stand.clock.advance(Duration.ofMillis(999));
            write(pen, "two\n");
            awaitLost(stand, 8);
            stand.clock.advance(Duration.ofMillis(1));
            write(pen, "three\n");
            stand.awaitText("web.log", "three\n");
            patiently().until(() -> !stand.outputs.loss("web").orElseThrow().failing());
            assertThat(stand.outputs.loss("web").orElseThrow().bytes()).isEqualTo(8);
            patiently()
                    .untilAsserted(
                            () -> assertThat(told).containsExactly("web 0 true", "web 8 false"));
        }
    }

    @Test
    void afterALossThereIsAWholeLineOnALineOfItsOwn() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "whole\nbeg");
            stand.awaitText("web.log", "whole\nbeg");
            block(stand);
            write(pen, "un\nlost\nhal");
            awaitLost(stand, 11);

            unblock(stand);
            stand.clock.advance(Duration.ofSeconds(2));
            write(pen, "f a line\nthe next\n");

            stand.awaitText("web.log", "whole\nbeg\nthe next\n");
            assertThat(stand.outputs.loss("web").orElseThrow().bytes()).isEqualTo(20);
        }
    }

    @Test
    void withoutAnyEndOfALineWritingResumesInTheMiddle() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            Files.createDirectories(stand.log("web.log"));
            write(pen, "x");
            awaitLost(stand, 1);
            Files.delete(stand.log("web.log"));
            stand.clock.advance(Duration.ofSeconds(2));
            write(pen, new byte[1_000_000]);
            patiently().until(() -> stand.bytes("web.log").length > 500_000);
        }
    }

    @Test
    void aLinkThatOthersCouldHavePutThereIsNotFollowed() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            Files.createDirectories(stand.log(""));
            Files.setPosixFilePermissions(
                    stand.log(""), PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.createSymbolicLink(stand.log("web.log"), victim);
            write(pen, "one\n");
            awaitLost(stand, 4);
            assertThat(victim).hasContent("precious");
            assertThat(stand.outputs.loss("web").orElseThrow().reason())
                    .contains("web.log: it is a symbolic link that is not followed: everybody")
                    .endsWith("can change its folder " + folder + "/log");
        }
    }

    @Test
    void aLogThatIsNoRegularFileIsNotWritten() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            Files.createDirectories(stand.log("web.log"));
            write(pen, "one\n");
            awaitLost(stand, 4);
            assertThat(stand.outputs.loss("web").orElseThrow().reason())
                    .endsWith("web.log: Is a directory");
        }
    }

    @Test
    void aLogThatCannotBeRotatedGrows() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec("web", 1000, 1, false))) {
            Files.createDirectories(stand.log("web.log.1/full"));
            String lines = ("x".repeat(99) + "\n").repeat(50);
            write(pen, lines);
            stand.awaitText("web.log", lines);
            assertThat(stand.outputs.loss("web")).isEmpty();

            Files.delete(stand.log("web.log.1/full"));
            Files.delete(stand.log("web.log.1"));
            stand.clock.advance(Duration.ofSeconds(2));
            write(pen, "new\n");
            stand.awaitText("web.log", "new\n");
            stand.awaitText("web.log.1", lines);
        }
    }

    /** Puts something in the place of the log file that cannot be written. */
    private static void block(Stand stand) throws Exception {
        Files.move(stand.log("web.log"), stand.log("aside"));
        Files.createDirectory(stand.log("web.log"));
        stand.outputs.reopen(Duration.ofSeconds(30));
    }

    private static void unblock(Stand stand) throws Exception {
        Files.delete(stand.log("web.log"));
        Files.move(stand.log("aside"), stand.log("web.log"));
    }

    private static void awaitLost(Stand stand, long bytes) {
        patiently()
                .until(() -> stand.outputs.loss("web").map(OutputLoss::bytes).orElse(0L) == bytes);
    }
}
