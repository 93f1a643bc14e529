package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Instance;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.output.log.OutputChunk;

/** Workers of a pool that write to one file, which has the name of the pool. */
@Timeout(60)
class SharedLogTest {
    private static final int ALL = 1 << 16;
    private static final Pattern MARKED = Pattern.compile("\\[([0-9]+)] (.*)");

    @TempDir Path folder = Path.of("");

    private static ProcessSpec worker(int number) {
        return worker(number, 10_000_000, 5, false);
    }

    private static ProcessSpec worker(int number, long maxBytes, int keep, boolean stamped) {
        return with(
                number,
                new OutputSpec.Captured(Optional.empty(), maxBytes, keep, stamped).shared());
    }

    private static ProcessSpec with(int number, OutputSpec output) {
        return SpecBuilder.process("app")
                .stdout(output)
                .stderr(new OutputSpec.WithStdout())
                .build()
                .as(new Instance("app", number));
    }

    @Test
    void eachLineStaysWholeHoweverItsPartsArrive() throws Exception {
        try (OutputTestBed bed = new OutputTestBed(folder);
                WritableByteChannel first = bed.pen(worker(1));
                WritableByteChannel second = bed.pen(worker(2))) {
            write(first, "begun ");
            write(second, "whole\n");
            bed.awaitText("app.log", "[2] whole\n");
            write(second, "a\nb");
            write(first, "and ended\n");
            patiently().until(() -> bed.text("app.log").lines().count() == 3);
            assertThat(bed.text("app.log").lines())
                    .containsExactlyInAnyOrder("[2] whole", "[2] a", "[1] begun and ended");
        }
        assertThat(Files.readString(folder.resolve("log/app.log")))
                .as("the rest, when the monitor ends")
                .endsWith("[2] b\n");
    }

    @Test
    void textWithoutANewlineIsALineAfterASecond() throws Exception {
        try (OutputTestBed bed = new OutputTestBed(folder);
                WritableByteChannel first = bed.pen(worker(1))) {
            write(first, "no end");
            // It is seen before the clock is moved, or a moment after that.
            patiently()
                    .until(() -> {
                        bed.clock.advance(Duration.ofMillis(100));
                        return bed.text("app.log").equals("[1] no end\n");
                    });
            bed.awaitText("app.log", "[1] no end\n");
            write(first, "later\n");
            bed.awaitText("app.log", "[1] no end\n[1] later\n");
        }
    }

    @Test
    void manyWritersAtOnceLoseAndMixNothing() throws Exception {
        int writers = 4;
        int lines = 3000;
        List<WritableByteChannel> pens = new ArrayList<>();
        try (OutputTestBed bed = new OutputTestBed(folder)) {
            for (int i = 1; i <= writers; i++) {
                pens.add(bed.pen(worker(i, 50_000, 1000, i % 2 == 0)));
            }
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                WritableByteChannel pen = pens.get(i);
                char letter = (char) ('a' + i);
                all.add(CompletableFuture.runAsync(() -> writeParts(pen, letter, lines)));
            }
            all.forEach(CompletableFuture::join);
            bed.outputs.drainAndClose(OutputTestBed.LONGEST);
            for (WritableByteChannel pen : pens) {
                pen.close();
            }
        }
        List<List<String>> found =
                IntStream.range(0, writers)
                        .mapToObj(_ -> (List<String>) new ArrayList<String>())
                        .toList();
        try (Stream<Path> files = Files.list(folder.resolve("log"))) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher marked = MARKED.matcher(line);
                    assertThat(marked.find()).as(line).isTrue();
                    found.get(Integer.parseInt(marked.group(1)) - 1).add(marked.group(2));
                }
            }
        }
        for (int i = 0; i < writers; i++) {
            char letter = (char) ('a' + i);
            assertThat(found.get(i))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, lines)
                                    .mapToObj(line -> line(letter, line))
                                    .toList());
        }
    }

    /** From no text to some kilobytes. */
    private static String line(char letter, int number) {
        return number + ":" + String.valueOf(letter).repeat(number * 37 % 3001);
    }

    private static void writeParts(WritableByteChannel pen, char letter, int lines) {
        try {
            for (int i = 0; i < lines; i++) {
                String line = line(letter, i) + "\n";
                int middle = line.length() / 2;
                write(pen, line.substring(0, middle));
                write(pen, line.substring(middle));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLineOfTheLengthOfAFifoStaysWhole() throws Exception {
        try (OutputTestBed bed = new OutputTestBed(folder);
                WritableByteChannel first = bed.pen(worker(1));
                WritableByteChannel second = bed.pen(worker(2))) {
            String longest = "x".repeat(60_000);
            write(first, longest);
            write(second, "short\n");
            write(first, "y\n");
            patiently().until(() -> bed.text("app.log").length() > longest.length() + 15);
            assertThat(bed.text("app.log").lines().collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder("[1] " + longest + "y", "[2] short");
        }
    }

    @Test
    void aMonitorThatDiesLosesNothingAndCutsNoLine() throws Exception {
        OutputTestBed first = new OutputTestBed(folder);
        WritableByteChannel one = first.pen(worker(1));
        WritableByteChannel two = first.pen(worker(2));
        write(one, "1\nhalf ");
        first.awaitText("app.log", "[1] 1\n");
        first.abandon();
        write(two, "2\n");
        try (one;
                two;
                OutputTestBed second = new OutputTestBed(folder, List.of(worker(1), worker(2)))) {
            patiently().until(() -> second.text("app.log").contains("[2] 2\n"));
            write(one, "a line\n");
            second.awaitText("app.log", "[1] 1\n[2] 2\n[1] half a line\n");
        }
    }

    @Test
    void theLinesOfOneWorkerAreReadBack() throws Exception {
        try (OutputTestBed bed = new OutputTestBed(folder);
                WritableByteChannel first = bed.pen(worker(1, 1000, 9, true));
                WritableByteChannel second = bed.pen(worker(2, 1000, 9, true))) {
            OutputChunk.Piece start = last(bed, "app.1", 0);
            String all = "";
            for (int i = 0; i < 40; i++) {
                write(first, "one " + i + "\n");
                write(second, "two " + i + "\n");
                all += "one " + i + "\n";
                int end = i;
                patiently().until(() -> plain(last(bed, "app.1", 1)).equals("one " + end + "\n"));
                patiently().until(() -> plain(last(bed, "app.2", 1)).equals("two " + end + "\n"));
            }
            assertThat(bed.log("app.log.2")).exists();
            assertThat(plain(last(bed, "app.1", 1000))).isEqualTo(all);
            assertThat(plain(last(bed, "app.1", 3))).isEqualTo("one 37\none 38\none 39\n");
            assertThat(read(bed, "app.1", start.position(), 100)).isEqualTo(all);
            String end = last(bed, "app.1", 0).position();
            assertThat(bed.outputs.await("app.1", Output.STDOUT, end, Duration.ZERO)).isFalse();
            write(second, "not mine\n");
            patiently().until(() -> plain(last(bed, "app.2", 1)).equals("not mine\n"));
            assertThat(bed.outputs.await("app.1", Output.STDOUT, end, Duration.ZERO)).isFalse();
            assertThat(read(bed, "app.1", end, ALL)).isEmpty();
            write(first, "mine\n");
            assertThat(bed.outputs.await("app.1", Output.STDOUT, end, OutputTestBed.LONGEST))
                    .isTrue();
            assertThat(read(bed, "app.1", end, ALL)).isEqualTo("mine\n");
        }
    }

    private static OutputChunk.Piece last(OutputTestBed bed, String name, int lines) {
        return (OutputChunk.Piece) bed.outputs.last(name, Output.STDOUT, lines, ALL);
    }

    /** Without the timestamps. */
    private static String plain(OutputChunk.Piece piece) {
        return new String(piece.bytes(), StandardCharsets.UTF_8)
                .replaceAll("(?m)^2[-0-9T:.]*Z ", "");
    }

    private static String read(OutputTestBed bed, String name, String from, int atOnce) {
        StringBuilder all = new StringBuilder();
        String position = from;
        while (true) {
            OutputChunk.Piece piece =
                    (OutputChunk.Piece) bed.outputs.after(name, Output.STDOUT, position, atOnce);
            assertThat(piece.skipped()).isFalse();
            if (piece.position().equals(position)) {
                return all.toString();
            }
            position = piece.position();
            all.append(plain(piece));
        }
    }

    @Test
    void whetherTheFileIsSharedMayChange() throws Exception {
        OutputSpec own = new OutputSpec.Captured(Optional.empty(), 10_000_000, 5, false);
        try (OutputTestBed bed = new OutputTestBed(folder);
                WritableByteChannel first = bed.pen(worker(1));
                WritableByteChannel second = bed.pen(worker(2))) {
            write(first, "a\n");
            bed.awaitText("app.log", "[1] a\n");
            bed.outputs.prepare(with(1, own));
            bed.outputs.awaitResumed();
            write(first, "b\n");
            bed.awaitText("app.1.log", "b\n");
            write(second, "c\n");
            bed.awaitText("app.log", "[1] a\n[2] c\n");
            bed.outputs.prepare(worker(1));
            bed.outputs.awaitResumed();
            write(first, "d\n");
            bed.awaitText("app.log", "[1] a\n[2] c\n[1] d\n");
            assertThat(bed.text("app.1.log")).isEqualTo("b\n");
        }
    }
}
