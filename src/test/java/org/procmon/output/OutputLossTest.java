package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.spec;
import static org.procmon.output.OutputTestBed.write;

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
import org.procmon.config.ProcessSpec;
import org.procmon.output.log.LostTail;
import org.procmon.output.log.OutputChunk;
import org.procmon.output.log.OutputLoss;

/** What becomes of output that cannot be kept. */
@Timeout(60)
class OutputLossTest {
    private static final ProcessSpec WEB = spec("web", 10_000_000, 5, false);

    @TempDir Path folder = Path.of("");

    @Test
    void whatCannotBeWrittenIsCountedAndTheWriterNeverWaits() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            Files.createDirectories(outputTestBed.log("web.log"));
            write(pen, new byte[3_000_000]);
            awaitLost(outputTestBed, 3_000_000);
            assertThat(outputTestBed.outputs.loss("web"))
                    .contains(
                            new OutputLoss(
                                    3_000_000,
                                    "cannot write "
                                            + outputTestBed.log("web.log")
                                            + ": Is a directory",
                                    true));
        }
    }

    @Test
    void lostOutputHasAReadableTail() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "whole\nbeg");
            outputTestBed.awaitText("web.log", "whole\nbeg");
            block(outputTestBed);
            write(pen, "un\nlost\n");
            awaitLost(outputTestBed, 8);
            assertThat(last(outputTestBed, 2)).isEqualTo("un\nlost\n");
            unblock(outputTestBed);
            assertThat(last(outputTestBed, 9)).isEqualTo("whole\nbegun\nlost\n");
            assertThat(last(outputTestBed, 2)).isEqualTo("begun\nlost\n");

            outputTestBed.clock.advance(Duration.ofSeconds(2));
            write(pen, "kept\n");
            outputTestBed.awaitText("web.log", "whole\nbeg\nkept\n");
            patiently().until(() -> last(outputTestBed, 9).equals("whole\nbeg\nkept\n"));
        }
    }

    @Test
    void keepsTheLast64KibOfLostOutput() throws Exception {
        StringBuilder lines = new StringBuilder();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            Files.createDirectories(outputTestBed.log("web.log"));
            for (int i = 0; lines.length() < 300_000; i++) {
                String line = "line " + i + "\n";
                lines.append(line);
                write(pen, line);
            }
            awaitLost(outputTestBed, lines.length());
            assertThat(last(outputTestBed, 1_000_000))
                    .isEqualTo(lines.substring(lines.length() - LostTail.MOST));
            assertThat(last(outputTestBed, 0)).isEmpty();
        }
    }

    private static String last(OutputTestBed outputTestBed, int lines) {
        return outputTestBed.outputs.last("web", Output.STDOUT, lines, 1 << 20)
                        instanceof OutputChunk.Piece piece
                ? new String(piece.bytes(), StandardCharsets.UTF_8)
                : "not kept";
    }

    @Test
    void writingResumesByItselfButNotBeforeASecondIsOver() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            outputTestBed.outputs.onLoss((name, outputLoss) ->
                    told.add(name + " " + outputLoss.bytes() + " " + outputLoss.failing()));
            Files.createDirectories(outputTestBed.log("web.log"));
            write(pen, "one\n");
            awaitLost(outputTestBed, 4);
            Files.delete(outputTestBed.log("web.log"));
            outputTestBed.clock.advance(Duration.ofMillis(999));
            write(pen, "two\n");
            awaitLost(outputTestBed, 8);
            outputTestBed.clock.advance(Duration.ofMillis(1));
            write(pen, "three\n");
            outputTestBed.awaitText("web.log", "three\n");
            patiently().until(() -> !outputTestBed.outputs.loss("web").orElseThrow().failing());
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().bytes()).isEqualTo(8);
            patiently()
                    .untilAsserted(
                            () -> assertThat(told).containsExactly("web 0 true", "web 8 false"));
        }
    }

    @Test
    void afterALossThereIsAWholeLineOnALineOfItsOwn() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "whole\nbeg");
            outputTestBed.awaitText("web.log", "whole\nbeg");
            block(outputTestBed);
            write(pen, "un\nlost\nhal");
            awaitLost(outputTestBed, 11);

            unblock(outputTestBed);
            outputTestBed.clock.advance(Duration.ofSeconds(2));
            write(pen, "f a line\nthe next\n");

            outputTestBed.awaitText("web.log", "whole\nbeg\nthe next\n");
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().bytes()).isEqualTo(20);
        }
    }

    @Test
    void withoutAnyEndOfALineWritingResumesInTheMiddle() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            Files.createDirectories(outputTestBed.log("web.log"));
            write(pen, "x");
            awaitLost(outputTestBed, 1);
            Files.delete(outputTestBed.log("web.log"));
            outputTestBed.clock.advance(Duration.ofSeconds(2));
            write(pen, new byte[1_000_000]);
            patiently().until(() -> outputTestBed.bytes("web.log").length > 500_000);
        }
    }

    @Test
    void aLinkThatOthersCouldHavePutThereIsNotFollowed() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            Files.createDirectories(outputTestBed.log(""));
            Files.setPosixFilePermissions(
                    outputTestBed.log(""), PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.createSymbolicLink(outputTestBed.log("web.log"), victim);
            write(pen, "one\n");
            awaitLost(outputTestBed, 4);
            assertThat(victim).hasContent("precious");
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().reason())
                    .contains("web.log: it is a symbolic link that is not followed: everybody")
                    .endsWith("can change its folder " + folder + "/log");
        }
    }

    @Test
    void aLogThatIsNoRegularFileIsNotWritten() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            Files.createDirectories(outputTestBed.log("web.log"));
            write(pen, "one\n");
            awaitLost(outputTestBed, 4);
            assertThat(outputTestBed.outputs.loss("web").orElseThrow().reason())
                    .endsWith("web.log: Is a directory");
        }
    }

    @Test
    void aLogThatCannotBeRotatedGrows() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec("web", 1000, 1, false))) {
            Files.createDirectories(outputTestBed.log("web.log.1/full"));
            String lines = ("x".repeat(99) + "\n").repeat(50);
            write(pen, lines);
            outputTestBed.awaitText("web.log", lines);
            assertThat(outputTestBed.outputs.loss("web")).isEmpty();

            Files.delete(outputTestBed.log("web.log.1/full"));
            Files.delete(outputTestBed.log("web.log.1"));
            outputTestBed.clock.advance(Duration.ofSeconds(2));
            write(pen, "new\n");
            outputTestBed.awaitText("web.log", "new\n");
            outputTestBed.awaitText("web.log.1", lines);
        }
    }

    /** Puts something in the place of the log file that cannot be written. */
    private static void block(OutputTestBed outputTestBed) throws Exception {
        Files.move(outputTestBed.log("web.log"), outputTestBed.log("aside"));
        Files.createDirectory(outputTestBed.log("web.log"));
        outputTestBed.outputs.reopen(Duration.ofSeconds(30));
    }

    private static void unblock(OutputTestBed outputTestBed) throws Exception {
        Files.delete(outputTestBed.log("web.log"));
        Files.move(outputTestBed.log("aside"), outputTestBed.log("web.log"));
    }

    private static void awaitLost(OutputTestBed outputTestBed, long bytes) {
        patiently()
                .until(() ->
                        outputTestBed.outputs.loss("web").map(OutputLoss::bytes).orElse(0L)
                                == bytes);
    }
}
