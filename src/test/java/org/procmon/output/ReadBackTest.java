package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.Stand.patiently;
import static org.procmon.output.Stand.spec;
import static org.procmon.output.Stand.write;

import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.spec.OutputSpec;
import org.procmon.spec.ProcessSpec;
import org.procmon.spec.SpecBuilder;

/** The log files as one stream. */
@Timeout(60)
class ReadBackTest {
    private static final int ALL = 1 << 16;
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);
    private static final ProcessSpec SMALL = spec("web", 1000, 3, false);

    @TempDir Path folder = Path.of("");

    @Test
    void theLastLinesAreReadAcrossRotation() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(SMALL)) {
            String all = lines(stand, pen, 0, 35);
            assertThat(stand.log("web.log.3")).exists();

            assertThat(text(stand.outputs.last("web", Output.STDOUT, 1000, ALL))).isEqualTo(all);
            assertThat(text(stand.outputs.last("web", Output.STDOUT, 12, ALL)))
                    .isEqualTo(all.substring(23 * 100));
            assertThat(text(stand.outputs.last("web", Output.STDOUT, 1, ALL)))
                    .isEqualTo(all.substring(34 * 100));
            assertThat(text(stand.outputs.last("web", Output.STDOUT, 1000, 1234)))
                    .isEqualTo(all.substring(all.length() - 1234));
            assertThat(text(stand.outputs.last("web", Output.STDERR, 1000, ALL))).isEqualTo(all);
            OutputChunk.Piece end =
                    (OutputChunk.Piece) stand.outputs.last("web", Output.STDOUT, 0, ALL);
            assertThat(end.bytes()).isEmpty();
            OutputChunk more = stand.outputs.after("web", Output.STDOUT, end.position(), ALL);
            assertThat(((OutputChunk.Piece) more).position()).isEqualTo(end.position());
        }
    }

    @Test
    void aReaderGoesOnAcrossRotationsAndMonitors() throws Exception {
        Stand first = new Stand(folder);
        WritableByteChannel pen = first.pen(SMALL);
        String all = lines(first, pen, 0, 5);
        OutputChunk.Piece last =
                (OutputChunk.Piece) first.outputs.last("web", Output.STDOUT, 10, ALL);
        assertThat(text(last)).isEqualTo(all);
        first.abandon();
        try (pen;
                Stand second = new Stand(folder)) {
            second.outputs.resume(List.of(SMALL));
            String more = lines(second, pen, 5, 30);
            String position = last.position();
            StringBuilder read = new StringBuilder();
            while (read.length() < more.length()) {
                OutputChunk.Piece piece =
                        (OutputChunk.Piece)
                                second.outputs.after("web", Output.STDOUT, position, 333);
                assertThat(piece.skipped()).isFalse();
                assertThat(piece.bytes()).hasSizeLessThanOrEqualTo(333);
                assertThat(piece.position()).isNotEqualTo(position);
                read.append(text(piece));
                position = piece.position();
            }
            assertThat(read).hasToString(more);
            OutputChunk.Piece end =
                    (OutputChunk.Piece) second.outputs.after("web", Output.STDOUT, position, 333);
            assertThat(end.bytes()).isEmpty();
            assertThat(end.position()).isEqualTo(position);
        }
    }

    @Test
    void aReaderWhoseFileIsGoneGoesOnAtTheOldestAndIsToldSo() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(SMALL)) {
            lines(stand, pen, 0, 5);
            OutputChunk.Piece last =
                    (OutputChunk.Piece) stand.outputs.last("web", Output.STDOUT, 10, ALL);
            lines(stand, pen, 5, 100);
            OutputChunk.Piece next =
                    (OutputChunk.Piece)
                            stand.outputs.after("web", Output.STDOUT, last.position(), ALL);
            assertThat(next.skipped()).isTrue();
            assertThat(next.bytes()).isEqualTo(stand.bytes("web.log.3"));
        }
    }

    @Test
    void aReaderOfAFileThatWasCutShortBeginsAnewAndIsToldSo() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(SMALL)) {
            lines(stand, pen, 0, 5);
            OutputChunk.Piece last =
                    (OutputChunk.Piece) stand.outputs.last("web", Output.STDOUT, 10, ALL);
            Files.write(stand.log("web.log"), new byte[0]);
            write(pen, "new\n");
            stand.awaitText("web.log", "new\n");
            OutputChunk.Piece next =
                    (OutputChunk.Piece)
                            stand.outputs.after("web", Output.STDOUT, last.position(), ALL);
            assertThat(next.skipped()).isTrue();
            assertThat(text(next)).isEqualTo("new\n");
        }
    }

    @Test
    void beforeThereIsAnyFileThereIsNothingAndThenTheStart() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(SMALL)) {
            OutputChunk.Piece none =
                    (OutputChunk.Piece) stand.outputs.last("web", Output.STDOUT, 10, ALL);
            assertThat(none.bytes()).isEmpty();
            OutputChunk.Piece still =
                    (OutputChunk.Piece)
                            stand.outputs.after("web", Output.STDOUT, none.position(), ALL);
            assertThat(still.position()).isEqualTo(none.position());
            String all = lines(stand, pen, 0, 3);
            OutputChunk.Piece start =
                    (OutputChunk.Piece)
                            stand.outputs.after("web", Output.STDOUT, none.position(), ALL);
            assertThat(text(start)).isEqualTo(all);
            assertThat(start.skipped()).isFalse();
        }
    }

    @Test
    void whatIsNoPositionIsCalledSo() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(SMALL)) {
            lines(stand, pen, 0, 3);
            for (String position : List.of("", "x", "1:2", ".:", "1.2:", "1.2:x", "-1.-1:-1")) {
                OutputChunk outputChunk = stand.outputs.after("web", Output.STDOUT, position, ALL);
                assertThat(outputChunk).as(position).isEqualTo(new OutputChunk.NoPosition());
            }
        }
    }

    @Test
    void whoWaitsIsWokenByTheNextByte() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel pen = stand.pen(SMALL)) {
            String all = lines(stand, pen, 0, 3);
            String end =
                    ((OutputChunk.Piece) stand.outputs.last("web", Output.STDOUT, 10, ALL))
                            .position();
            CompletableFuture<String> follower =
                    CompletableFuture.supplyAsync(() -> follow(stand, end, 4), VIRTUAL);
            assertThat(stand.outputs.await("web", Output.STDOUT, end, Duration.ZERO)).isFalse();
            assertThat(follower).isNotDone();
            String more = lines(stand, pen, 3, 27);
            write(pen, "end\n");
            assertThat(follower.get()).isEqualTo(more + "end\n");
            assertThat(all).isNotEmpty();
        }
    }

    @Test
    void whatIsNotCapturedCannotBeRead() throws Exception {
        ProcessSpec spec =
                SpecBuilder.process("a")
                        .stdout(new OutputSpec.Discarded())
                        .stderr(new OutputSpec.Inherited())
                        .build();
        try (Stand stand = new Stand(folder)) {
            stand.outputs.prepare(spec);
            assertThat(stand.outputs.last("a", Output.STDERR, 10, ALL))
                    .isEqualTo(new OutputChunk.NotKept("stderr of a is not captured"));
            assertThat(stand.outputs.after("b", Output.STDOUT, "", ALL))
                    .isEqualTo(new OutputChunk.NotKept("no output of b is known"));
            assertThat(stand.outputs.await("a", Output.STDOUT, "", Duration.ofDays(1))).isFalse();
        }
    }

    /** Reads on until a piece ends with the line {@code end}. */
    private static String follow(Stand stand, String from, int mark) {
        StringBuilder read = new StringBuilder();
        String position = from;
        try {
            while (read.length() < mark || !read.toString().endsWith("end\n")) {
                stand.outputs.await("web", Output.STDOUT, position, Duration.ofSeconds(30));
                OutputChunk.Piece piece =
                        (OutputChunk.Piece)
                                stand.outputs.after("web", Output.STDOUT, position, ALL);
                assertThat(piece.skipped()).isFalse();
                read.append(text(piece));
                position = piece.position();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return read.toString();
    }

    /** Writes so many lines of 100 bytes, and waits until they are in the files. */
    private static String lines(Stand stand, WritableByteChannel pen, int from, int count)
            throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            all.append("%099d\n".formatted(i));
        }
        write(pen, all.toString());
        String last = "%099d\n".formatted(from + count - 1);
        patiently().until(() -> stand.text("web.log").endsWith(last));
        return all.toString();
    }

    private static String text(OutputChunk outputChunk) {
        return new String(((OutputChunk.Piece) outputChunk).bytes(), StandardCharsets.UTF_8);
    }
}
