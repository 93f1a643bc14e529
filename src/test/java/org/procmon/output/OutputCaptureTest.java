package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.Stand.patiently;
import static org.procmon.output.Stand.spec;
import static org.procmon.output.Stand.write;

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
import org.procmon.posix.Descriptor;
import org.procmon.posix.Spawn;
import org.procmon.spec.OutputSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.SpecBuilder;

/** From fifos into files, with pens in the place of children. */
@Timeout(60)
class OutputCaptureTest {
    private static final int MB = 1_000_000;
    private static final ProcessSpec WEB = spec("web", 10 * MB, 5, false);

    @TempDir Path folder = Path.of("");

    @Test
    void whatIsWrittenToTheFifoIsAppendedToTheFile() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "one\n");
            stand.awaitText("web.log", "one\n");
            write(pen, "tw");
            stand.awaitText("web.log", "one\ntw");
            write(pen, "o\n");
            stand.awaitText("web.log", "one\ntwo\n");
            assertThat(permissions(stand.log("web.log"))).isEqualTo("rw-r-----");
            assertThat(permissions(stand.fifo("web.out"))).isEqualTo("rw-------");
            assertThat(permissions(stand.fifo(""))).isEqualTo("rwx------");
            assertThat(stand.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void bothStreamsHaveAFileOfTheirOwnUnlessTheyAreJoined() throws Exception {
        try (Stand stand = new Stand(folder)) {
            Spawn.Streams streams = stand.outputs.prepare(SpecBuilder.process("a").build());
            try (WritableByteChannel out = pen(streams.out());
                    WritableByteChannel err = pen(streams.err())) {
                write(out, "out\n");
                write(err, "err\n");
                stand.awaitText("a.log", "out\n");
                stand.awaitText("a.err", "err\n");
            }
            assertThat(stand.outputs.prepare(WEB).err()).isEqualTo(new Spawn.Stream.SameAsOut());
            assertThat(stand.outputs.prepare(WEB).in()).isEqualTo(new Spawn.Stream.DevNull());
        }
    }

    @Test
    void whatIsPreparedSoonIsThereBeforeAnybodyAsksForIt() throws Exception {
        try (Stand stand = new Stand(folder)) {
            stand.outputs.prepareSoon(List.of(WEB));
            stand.outputs.awaitResumed();
            assertThat(stand.outputs.fifos()).contains(stand.fifo("web.out").toString());
            Object inode = Files.getAttribute(stand.fifo("web.out"), "unix:ino");
            try (WritableByteChannel pen = stand.pen(WEB)) {
                write(pen, "one\n");
                stand.awaitText("web.log", "one\n");
            }
            assertThat(Files.getAttribute(stand.fifo("web.out"), "unix:ino")).isEqualTo(inode);
        }
    }

    @Test
    void aStreamThatIsNotCapturedHasNoFifo() throws Exception {
        ProcessSpec spec =
                SpecBuilder.process("a")
                        .stdout(new OutputSpec.Inherited())
                        .stderr(new OutputSpec.Discarded())
                        .build();
        try (Stand stand = new Stand(folder)) {
            assertThat(stand.outputs.prepare(spec).out()).isEqualTo(new Spawn.Stream.Inherit());
            assertThat(stand.outputs.prepare(spec).err()).isEqualTo(new Spawn.Stream.DevNull());
            assertThat(stand.fifo("")).isDirectoryNotContaining("glob:**/a.*");
            assertThat(stand.outputs.fifos()).containsOnly(stand.fifo("staging").toString());
        }
    }

    @Test
    void aFileOfItsOwnIsWrittenWhereItIsConfigured() throws Exception {
        Path file = folder.resolve("elsewhere/a.txt");
        ProcessSpec spec =
                SpecBuilder.process("a")
                        .stdout(new OutputSpec.Captured(Optional.of(file), MB, 5, false))
                        .build();
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec)) {
            write(pen, "hello\n");
            patiently().untilAsserted(() -> assertThat(file).hasContent("hello\n"));
        }
    }

    @Test
    void binaryBytesArriveAsTheyAre() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, bytes);
            patiently().untilAsserted(() -> assertThat(stand.bytes("web.log")).isEqualTo(bytes));
        }
    }

    /** With nobody to read it, an ordinary fifo takes 64 KiB. */
    @Test
    @Timeout(60)
    void whoWritesMuchMayWriteMoreWithoutWaiting() throws Exception {
        Stand stand = new Stand(folder);
        try (WritableByteChannel pen = stand.pen(WEB)) {
            byte[] much = new byte[500_000];
            write(pen, much);
            patiently().until(() -> stand.bytes("web.log").length == much.length);
            stand.abandon();
            write(pen, much);
        }
    }

    @Test
    void aDiskThatDoesNotAnswerDoesNotHoldUpTheEnd() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec("web", MB, 5, true))) {
            stand.clock.hold();
            write(pen, "a line\n".getBytes(StandardCharsets.UTF_8));
            patiently().until(() -> !stand.outputs.drainAndClose(Duration.ofMillis(50)));
            stand.clock.release();
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
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec)) {
            byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(1 + random.nextInt(3000), bytes.length - at);
                write(pen, Arrays.copyOfRange(bytes, at, at + count));
                at += count;
            }
            String end = all.substring(all.length() - 30);
            patiently().until(() -> stand.text("web.log").endsWith(end));
            assertThat(joined(stand, "web.log").toString(StandardCharsets.UTF_8))
                    .isEqualTo(all.toString());
            assertThat(stand.log("web.log.50")).exists();
            for (int age = 1; Files.exists(stand.log("web.log." + age)); age++) {
                assertThat(stand.text("web.log." + age)).endsWith("\n");
                assertThat(stand.log("web.log." + age))
                        .satisfies(f -> assertThat(Files.size(f)).isBetween(4_900L, 5_000L));
            }
        }
    }

    @Test
    void noMoreFilesAreKeptThanAreWanted() throws Exception {
        ProcessSpec spec = spec("web", 1_000, 2, false);
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec)) {
            for (int i = 0; i < 100; i++) {
                write(pen, "%099d\n".formatted(i));
            }
            patiently().until(() -> stand.text("web.log").endsWith("99\n"));
            assertThat(stand.log("web.log.2")).exists();
            assertThat(stand.log("web.log.3")).doesNotExist();
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
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec)) {
            write(pen, line);
            patiently().until(() -> joined(stand, "web.log").size() == line.length);
            stand.outputs.reopen(Duration.ofSeconds(30));
            assertThat(joined(stand, "web.log").toByteArray()).isEqualTo(line);
            assertThat(stand.bytes("web.log.1")).hasSize(2 * MB);
        }
    }

    @Test
    void eachLineBeginsWithItsTimeIfSoWished() throws Exception {
        ProcessSpec spec = spec("web", 1_000, 1000, true);
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(spec)) {
            String time = Instant.ofEpochMilli(stand.clock.wallMillis()).toString();
            String stamp = time.replace("00Z", "00.000Z") + " ";
            assertThat(stamp).hasSize(TimestampFormat.LENGTH);
            write(pen, "on");
            stand.awaitText("web.log", stamp + "on");
            write(pen, "e\n\ntwo\n");
            stand.awaitText("web.log", stamp + "one\n" + stamp + "\n" + stamp + "two\n");

            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 5_000; i++) {
                all.append(i).append('\n');
            }
            write(pen, all.toString());
            patiently().until(() -> stand.text("web.log").endsWith(" 4999\n"));
            String read = joined(stand, "web.log").toString(StandardCharsets.UTF_8);
            assertThat(read.lines()).allMatch(line -> line.startsWith(stamp));
            assertThat(read.replace(stamp, "")).endsWith("two\n" + all);
            assertThat(stand.bytes("web.log.1")).hasSizeBetween(950, 1000);
        }
    }

    @Test
    void aNextMonitorGoesOnWhereAnAbandonedOneStopped() throws Exception {
        ProcessSpec spec = spec("web", 100_000, 1000, false);
        int lines = 60_000;
        Stand first = new Stand(folder);
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
            Stand stand = first;
            for (int i = 0; i < 20; i++) {
                Stand now = stand;
                long before = joined(now, "web.log").size();
                patiently()
                        .until(() -> !writer.isAlive() || joined(now, "web.log").size() > before);
                stand.abandon();
                stand = new Stand(folder);
                stand.outputs.resume(List.of(spec));
            }
            writer.join();
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < lines; i++) {
                all.append("line ").append(i).append('\n');
            }
            Stand last = stand;
            patiently().until(() -> last.text("web.log").endsWith("line " + (lines - 1) + "\n"));
            assertThat(joined(last, "web.log").toString(StandardCharsets.UTF_8))
                    .isEqualTo(all.toString());
            last.close();
        }
    }

    @Test
    void whatWasInTheFifoAtTheEndIsMovedBeforeTheEnd() throws Exception {
        Stand stand = new Stand(folder);
        try (stand;
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "x".repeat(60_000));
        }
        assertThat(stand.text("web.log")).hasSize(60_000);
    }

    @Test
    void aFileThatVanishedIsMadeAnewWithItsFolderAndNothingIsLost() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "one\n");
            stand.awaitText("web.log", "one\n");
            Files.delete(stand.log("web.log"));
            write(pen, "two\n");
            stand.awaitText("web.log", "two\n");
            Files.delete(stand.log("web.log"));
            Files.delete(stand.log(""));
            write(pen, "three\n");
            stand.awaitText("web.log", "three\n");
            assertThat(stand.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void aFileThatSomebodyCutsShortHasNoHole() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "one\n");
            stand.awaitText("web.log", "one\n");
            Files.write(stand.log("web.log"), new byte[0]);
            write(pen, "two\n");
            stand.awaitText("web.log", "two\n");
        }
    }

    @Test
    void aFileThatWasMovedAwayIsWrittenUntilAllAreOpenedAnew() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "one\n");
            stand.awaitText("web.log", "one\n");
            Files.move(stand.log("web.log"), stand.log("moved"));
            write(pen, "two\n");
            stand.awaitText("moved", "one\ntwo\n");

            stand.outputs.reopen(Duration.ofSeconds(30));

            assertThat(stand.log("web.log")).isEmptyFile();
            write(pen, "three\n");
            stand.awaitText("web.log", "three\n");
            assertThat(stand.text("moved")).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void aFifoThatSomebodyRemovedIsMadeAnewForTheNextRun() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel old = stand.pen(WEB)) {
            Files.delete(stand.fifo("web.out"));
            try (WritableByteChannel pen = stand.pen(WEB)) {
                write(pen, "new\n");
                stand.awaitText("web.log", "new\n");
            }
            assertThat(old.isOpen()).isTrue();
        }
    }

    @Test
    void whatStandsInTheWayOfAFifoIsReplaced() throws Exception {
        try (Stand stand = new Stand(folder)) {
            Files.writeString(stand.fifo("web.out"), "no fifo");
            try (WritableByteChannel pen = stand.pen(WEB)) {
                write(pen, "one\n");
                stand.awaitText("web.log", "one\n");
            }
        }
    }

    @Test
    void withoutAFifoTheOutputIsDroppedAndSaidSo() throws Exception {
        try (Stand stand = new Stand(folder)) {
            Files.createDirectories(stand.fifo("web.out/full"));
            assertThat(stand.outputs.prepare(WEB).out()).isEqualTo(new Spawn.Stream.DevNull());
            assertThat(stand.outputs.loss("web"))
                    .contains(
                            new OutputLoss(
                                    0,
                                    "cannot open fifo " + stand.fifo("web.out") + ": File exists",
                                    true));
            Files.delete(stand.fifo("web.out/full"));
            Files.delete(stand.fifo("web.out"));
            assertThat(stand.outputs.prepare(WEB).out())
                    .isInstanceOf(Spawn.Stream.OpenReadWrite.class);
            assertThat(stand.outputs.loss("web")).isEmpty();
        }
    }

    @Test
    void allFifosAreHeld() throws Exception {
        try (Stand stand = new Stand(folder)) {
            stand.outputs.prepare(WEB);
            stand.outputs.open(List.of(WEB, SpecBuilder.process("a").build()));
            assertThat(stand.outputs.held()).hasSize(4);
            for (Descriptor held : stand.outputs.held()) {
                assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + held.number())))
                        .hasParentRaw(stand.fifo("").toRealPath());
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
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(WEB)) {
            write(pen, "one\n");
            stand.awaitText("web.log", "one\n");
            stand.outputs.prepare(other);
            write(pen, "two\n");
            patiently()
                    .untilAsserted(() -> assertThat(folder.resolve("other")).hasContent("two\n"));
            assertThat(stand.text("web.log")).isEqualTo("one\n");
        }
    }

    @Test
    void moreStreamsThanOpenFilesAreWrittenInTurns() throws Exception {
        try (Stand stand = new Stand(folder)) {
            List<WritableByteChannel> pens = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                pens.add(stand.pen(spec("p" + i, MB, 5, false)));
            }
            for (int round = 0; round < 3; round++) {
                for (WritableByteChannel pen : pens) {
                    write(pen, "round " + round + "\n");
                }
            }
            for (int i = 0; i < 200; i++) {
                stand.awaitText("p" + i + ".log", "round 0\nround 1\nround 2\n");
                pens.get(i).close();
            }
        }
    }

    private static WritableByteChannel pen(Spawn.Stream stream) throws IOException {
        return Stand.open(((Spawn.Stream.OpenReadWrite) stream).path());
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** What all files of a log hold, the oldest first. */
    static ByteArrayOutputStream joined(Stand stand, String name) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int age = 0;
        while (Files.exists(stand.log(name + "." + (age + 1)))) {
            age++;
        }
        for (; age >= 0; age--) {
            joined.writeBytes(stand.bytes(age == 0 ? name : name + "." + age));
        }
        return joined;
    }
}
