package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.spec;
import static org.procmon.output.OutputTestBed.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.output.log.OutputLoss;
import org.procmon.output.log.TimestampFormat;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Spawn;

/** From fifos into files, with pens in the place of children. */
@Timeout(60)
class OutputCaptureTest {
    private static final int MB = 1_000_000;
    private static final ProcessSpec WEB = spec("web", 10 * MB, 5, false);

    @TempDir Path folder = Path.of("");

    @Test
    void appendsFifoOutputToTheFile() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "one\n");
            outputTestBed.awaitText("web.log", "one\n");
            write(pen, "tw");
            outputTestBed.awaitText("web.log", "one\ntw");
            write(pen, "o\n");
            outputTestBed.awaitText("web.log", "one\ntwo\n");
            assertThat(permissions(outputTestBed.log("web.log"))).isEqualTo("rw-r-----");
            assertThat(permissions(outputTestBed.fifo("web.out"))).isEqualTo("rw-------");
            assertThat(permissions(outputTestBed.fifo(""))).isEqualTo("rwx------");
            assertThat(outputTestBed.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void bothStreamsHaveAFileOfTheirOwnUnlessTheyAreJoined() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            Spawn.Streams streams = outputTestBed.outputs.prepare(SpecBuilder.process("a").build());
            try (WritableByteChannel out = pen(streams.out());
                    WritableByteChannel err = pen(streams.err())) {
                write(out, "out\n");
                write(err, "err\n");
                outputTestBed.awaitText("a.log", "out\n");
                outputTestBed.awaitText("a.err", "err\n");
            }
            assertThat(outputTestBed.outputs.prepare(WEB).err())
                    .isEqualTo(new Spawn.Stream.SameAsOut());
            assertThat(outputTestBed.outputs.prepare(WEB).in())
                    .isEqualTo(new Spawn.Stream.DevNull());
        }
    }

    @Test
    void preparesFifosAhead() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            outputTestBed.outputs.prepareSoon(List.of(WEB));
            outputTestBed.outputs.awaitResumed();
            assertThat(outputTestBed.outputs.fifos())
                    .contains(outputTestBed.fifo("web.out").toString());
            Object inode = Files.getAttribute(outputTestBed.fifo("web.out"), "unix:ino");
            try (WritableByteChannel pen = outputTestBed.pen(WEB)) {
                write(pen, "one\n");
                outputTestBed.awaitText("web.log", "one\n");
            }
            assertThat(Files.getAttribute(outputTestBed.fifo("web.out"), "unix:ino"))
                    .isEqualTo(inode);
        }
    }

    @Test
    void aStreamThatIsNotCapturedHasNoFifo() throws Exception {
        ProcessSpec spec =
                SpecBuilder.process("a")
                        .stdout(new OutputSpec.Inherited())
                        .stderr(new OutputSpec.Discarded())
                        .build();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            assertThat(outputTestBed.outputs.prepare(spec).out())
                    .isEqualTo(new Spawn.Stream.Inherit());
            assertThat(outputTestBed.outputs.prepare(spec).err())
                    .isEqualTo(new Spawn.Stream.DevNull());
            assertThat(outputTestBed.fifo("")).isDirectoryNotContaining("glob:**/a.*");
            assertThat(outputTestBed.outputs.fifos())
                    .containsOnly(outputTestBed.fifo("staging").toString());
        }
    }

    @Test
    void aFileOfItsOwnIsWrittenWhereItIsConfigured() throws Exception {
        Path file = folder.resolve("elsewhere/a.txt");
        ProcessSpec spec =
                SpecBuilder.process("a")
                        .stdout(new OutputSpec.Captured(Optional.of(file), MB, 5, false))
                        .build();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec)) {
            write(pen, "hello\n");
            patiently().untilAsserted(() -> assertThat(file).hasContent("hello\n"));
        }
    }

    @Test
    void binaryBytesArriveAsTheyAre() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, bytes);
            patiently()
                    .untilAsserted(
                            () -> assertThat(outputTestBed.bytes("web.log")).isEqualTo(bytes));
        }
    }

    /** With nobody to read it, an ordinary fifo takes 64 KiB. */
    @Test
    @Timeout(60)
    void aLargeWriterGetsALargerPipe() throws Exception {
        OutputTestBed outputTestBed = new OutputTestBed(folder);
        try (WritableByteChannel pen = outputTestBed.pen(WEB)) {
            byte[] much = new byte[500_000];
            write(pen, much);
            patiently().until(() -> outputTestBed.bytes("web.log").length == much.length);
            outputTestBed.abandon();
            write(pen, much);
        }
    }

    @Test
    void aDiskThatDoesNotAnswerDoesNotHoldUpTheEnd() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec("web", MB, 5, true))) {
            outputTestBed.clock.hold();
            write(pen, "a line\n".getBytes(StandardCharsets.UTF_8));
            patiently().until(() -> !outputTestBed.outputs.drainAndClose(Duration.ofMillis(50)));
            outputTestBed.clock.release();
        }
    }

    @Test
    void linesStayWholeAndInOrderAcrossRotation() throws Exception {
        ProcessSpec spec = spec("web", 5_000, 1000, false);
        StringBuilder all = new StringBuilder();
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            all.append("line ").append(i).append("x".repeat(random.nextInt(20))).append('\n');
        }
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec)) {
            byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(1 + random.nextInt(3000), bytes.length - at);
                write(pen, Arrays.copyOfRange(bytes, at, at + count));
                at += count;
            }
            String end = all.substring(all.length() - 30);
            patiently().until(() -> outputTestBed.text("web.log").endsWith(end));
            assertThat(joined(outputTestBed, "web.log").toString(StandardCharsets.UTF_8))
                    .isEqualTo(all.toString());
            assertThat(outputTestBed.log("web.log.50")).exists();
            for (int age = 1; Files.exists(outputTestBed.log("web.log." + age)); age++) {
                assertThat(outputTestBed.text("web.log." + age)).endsWith("\n");
                assertThat(outputTestBed.log("web.log." + age))
                        .satisfies(f -> assertThat(Files.size(f)).isBetween(4_900L, 5_000L));
            }
        }
    }

    @Test
    void noMoreFilesAreKeptThanAreWanted() throws Exception {
        ProcessSpec spec = spec("web", 1_000, 2, false);
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec)) {
            for (int i = 0; i < 100; i++) {
                write(pen, "%099d\n".formatted(i));
            }
            patiently().until(() -> outputTestBed.text("web.log").endsWith("99\n"));
            assertThat(outputTestBed.log("web.log.2")).exists();
            assertThat(outputTestBed.log("web.log.3")).doesNotExist();
        }
    }

    @Test
    void aLineOfTenMegabytesIsBrokenAtTwiceTheLargestSize() throws Exception {
        ProcessSpec spec = spec("web", MB, 100, false);
        byte[] line = new byte[10 * MB];
        new Random(3).nextBytes(line);
        for (int i = 0; i < line.length; i++) {
            line[i] = (byte) (line[i] == '\n' ? 'n' : line[i]);
        }
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec)) {
            write(pen, line);
            patiently().until(() -> joined(outputTestBed, "web.log").size() == line.length);
            outputTestBed.outputs.reopen(Duration.ofSeconds(30));
            assertThat(joined(outputTestBed, "web.log").toByteArray()).isEqualTo(line);
            assertThat(outputTestBed.bytes("web.log.1")).hasSize(2 * MB);
        }
    }

    @Test
    void eachLineBeginsWithItsTimeIfSoWished() throws Exception {
        ProcessSpec spec = spec("web", 1_000, 1000, true);
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(spec)) {
            String time = Instant.ofEpochMilli(outputTestBed.clock.wallMillis()).toString();
            String stamp = time.replace("00Z", "00.000Z") + " ";
            assertThat(stamp).hasSize(TimestampFormat.LENGTH);
            write(pen, "on");
            outputTestBed.awaitText("web.log", stamp + "on");
            write(pen, "e\n\ntwo\n");
            outputTestBed.awaitText("web.log", stamp + "one\n" + stamp + "\n" + stamp + "two\n");

            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 5_000; i++) {
                all.append(i).append('\n');
            }
            write(pen, all.toString());
            patiently().until(() -> outputTestBed.text("web.log").endsWith(" 4999\n"));
            String read = joined(outputTestBed, "web.log").toString(StandardCharsets.UTF_8);
            assertThat(read.lines()).allMatch(line -> line.startsWith(stamp));
            assertThat(read.replace(stamp, "")).endsWith("two\n" + all);
            assertThat(outputTestBed.bytes("web.log.1")).hasSizeBetween(950, 1000);
        }
    }

    @Test
    void aNextMonitorContinuesAbandonedOutput() throws Exception {
        ProcessSpec spec = spec("web", 100_000, 1000, false);
        int lines = 60_000;
        OutputTestBed first = new OutputTestBed(folder);
        try (WritableByteChannel pen = first.pen(spec)) {
            Thread writer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int i = 0; i < lines; i++) {
                                        write(pen, "line " + i + "\n");
                                    }
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            OutputTestBed outputTestBed = first;
            for (int i = 0; i < 20; i++) {
                OutputTestBed now = outputTestBed;
                long before = joined(now, "web.log").size();
                patiently()
                        .until(() -> !writer.isAlive() || joined(now, "web.log").size() > before);
                outputTestBed.abandon();
                outputTestBed = new OutputTestBed(folder);
                outputTestBed.outputs.resume(List.of(spec));
            }
            writer.join();
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < lines; i++) {
                all.append("line ").append(i).append('\n');
            }
            OutputTestBed last = outputTestBed;
            patiently().until(() -> last.text("web.log").endsWith("line " + (lines - 1) + "\n"));
            assertThat(joined(last, "web.log").toString(StandardCharsets.UTF_8))
                    .isEqualTo(all.toString());
            last.close();
        }
    }

    @Test
    void drainsFifosBeforeItCloses() throws Exception {
        OutputTestBed outputTestBed = new OutputTestBed(folder);
        try (outputTestBed;
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "x".repeat(60_000));
        }
        assertThat(outputTestBed.text("web.log")).hasSize(60_000);
    }

    @Test
    void recreatesARemovedFileAndDirectoryWithoutLoss() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "one\n");
            outputTestBed.awaitText("web.log", "one\n");
            Files.delete(outputTestBed.log("web.log"));
            write(pen, "two\n");
            outputTestBed.awaitText("web.log", "two\n");
            Files.delete(outputTestBed.log("web.log"));
            Files.delete(outputTestBed.log(""));
            write(pen, "three\n");
            outputTestBed.awaitText("web.log", "three\n");
            assertThat(outputTestBed.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void aTruncatedFileGetsNoHole() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "one\n");
            outputTestBed.awaitText("web.log", "one\n");
            Files.write(outputTestBed.log("web.log"), new byte[0]);
            write(pen, "two\n");
            outputTestBed.awaitText("web.log", "two\n");
        }
    }

    @Test
    void writesAMovedFileUntilItIsReopened() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "one\n");
            outputTestBed.awaitText("web.log", "one\n");
            Files.move(outputTestBed.log("web.log"), outputTestBed.log("moved"));
            write(pen, "two\n");
            outputTestBed.awaitText("moved", "one\ntwo\n");

            outputTestBed.outputs.reopen(Duration.ofSeconds(30));

            assertThat(outputTestBed.log("web.log")).isEmptyFile();
            write(pen, "three\n");
            outputTestBed.awaitText("web.log", "three\n");
            assertThat(outputTestBed.text("moved")).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void recreatesARemovedFifoForTheNextRun() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel old = outputTestBed.pen(WEB)) {
            Files.delete(outputTestBed.fifo("web.out"));
            try (WritableByteChannel pen = outputTestBed.pen(WEB)) {
                write(pen, "new\n");
                outputTestBed.awaitText("web.log", "new\n");
            }
            assertThat(old.isOpen()).isTrue();
        }
    }

    @Test
    void whatStandsInTheWayOfAFifoIsReplaced() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            Files.writeString(outputTestBed.fifo("web.out"), "no fifo");
            try (WritableByteChannel pen = outputTestBed.pen(WEB)) {
                write(pen, "one\n");
                outputTestBed.awaitText("web.log", "one\n");
            }
        }
    }

    @Test
    void withoutAFifoTheOutputIsDroppedAndSaidSo() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            Files.createDirectories(outputTestBed.fifo("web.out/full"));
            assertThat(outputTestBed.outputs.prepare(WEB).out())
                    .isEqualTo(new Spawn.Stream.DevNull());
            assertThat(outputTestBed.outputs.loss("web"))
                    .contains(
                            new OutputLoss(
                                    0,
                                    "cannot open fifo "
                                            + outputTestBed.fifo("web.out")
                                            + ": File exists",
                                    true));
            Files.delete(outputTestBed.fifo("web.out/full"));
            Files.delete(outputTestBed.fifo("web.out"));
            assertThat(outputTestBed.outputs.prepare(WEB).out())
                    .isInstanceOf(Spawn.Stream.OpenReadWrite.class);
            assertThat(outputTestBed.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void allFifosAreHeld() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            outputTestBed.outputs.prepare(WEB);
            outputTestBed.outputs.open(List.of(WEB, SpecBuilder.process("a").build()));
            assertThat(outputTestBed.outputs.held()).hasSize(4);
            for (Descriptor held : outputTestBed.outputs.held()) {
                assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + held.number())))
                        .hasParentRaw(outputTestBed.fifo("").toRealPath());
            }
        }
    }

    @Test
    void aProcessMayChangeItsFileBetweenTwoRuns() throws Exception {
        ProcessSpec other =
                SpecBuilder.process("web")
                        .stdout(
                                new OutputSpec.Captured(
                                        Optional.of(folder.resolve("other")), MB, 5, false))
                        .build();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            write(pen, "one\n");
            outputTestBed.awaitText("web.log", "one\n");
            outputTestBed.outputs.prepare(other);
            write(pen, "two\n");
            patiently()
                    .untilAsserted(() -> assertThat(folder.resolve("other")).hasContent("two\n"));
            assertThat(outputTestBed.text("web.log")).isEqualTo("one\n");
        }
    }

    @Test
    void moreStreamsThanOpenFilesAreWrittenInTurns() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            List<WritableByteChannel> pens = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                pens.add(outputTestBed.pen(spec("p" + i, MB, 5, false)));
            }
            for (int round = 0; round < 3; round++) {
                for (WritableByteChannel pen : pens) {
                    write(pen, "round " + round + "\n");
                }
            }
            for (int i = 0; i < 200; i++) {
                outputTestBed.awaitText("p" + i + ".log", "round 0\nround 1\nround 2\n");
                pens.get(i).close();
            }
        }
    }

    private static WritableByteChannel pen(Spawn.Stream stream) throws IOException {
        return OutputTestBed.open(((Spawn.Stream.OpenReadWrite) stream).path());
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** What all files of a log hold, the oldest first. */
    static ByteArrayOutputStream joined(OutputTestBed outputTestBed, String name)
            throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int age = 0;
        while (Files.exists(outputTestBed.log(name + "." + (age + 1)))) {
            age++;
        }
        for (; age >= 0; age--) {
            joined.writeBytes(outputTestBed.bytes(age == 0 ? name : name + "." + age));
        }
        return joined;
    }
}
