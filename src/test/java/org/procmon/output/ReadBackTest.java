package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.spec;
import static org.procmon.output.OutputTestBed.write;

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
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.output.log.OutputChunk;

/** The log files as one stream. */
@Timeout(60)
class ReadBackTest {
    private static final int ALL = 1 << 16;
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);
    private static final ProcessSpec SMALL = spec("web", 1000, 3, false);

    @TempDir Path folder = Path.of("");

    @Test
    void theLastLinesAreReadAcrossRotation() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(SMALL)) {
            String all = lines(outputTestBed, pen, 0, 35);
            assertThat(outputTestBed.log("web.log.3")).exists();

            assertThat(text(outputTestBed.outputs.last("web", Output.STDOUT, 1000, ALL)))
                    .isEqualTo(all);
            assertThat(text(outputTestBed.outputs.last("web", Output.STDOUT, 12, ALL)))
                    .isEqualTo(all.substring(23 * 100));
            assertThat(text(outputTestBed.outputs.last("web", Output.STDOUT, 1, ALL)))
                    .isEqualTo(all.substring(34 * 100));
            assertThat(text(outputTestBed.outputs.last("web", Output.STDOUT, 1000, 1234)))
                    .isEqualTo(all.substring(all.length() - 1234));
            assertThat(text(outputTestBed.outputs.last("web", Output.STDERR, 1000, ALL)))
                    .isEqualTo(all);
            OutputChunk.Piece end =
                    (OutputChunk.Piece) outputTestBed.outputs.last("web", Output.STDOUT, 0, ALL);
            assertThat(end.bytes()).isEmpty();
            OutputChunk more =
                    outputTestBed.outputs.after("web", Output.STDOUT, end.position(), ALL);
            assertThat(((OutputChunk.Piece) more).position()).isEqualTo(end.position());
        }
    }

    @Test
    void aReaderContinuesAcrossRotationsAndMonitors() throws Exception {
        OutputTestBed first = new OutputTestBed(folder);
        WritableByteChannel pen = first.pen(SMALL);
        String all = lines(first, pen, 0, 5);
        OutputChunk.Piece last =
                (OutputChunk.Piece) first.outputs.last("web", Output.STDOUT, 10, ALL);
        assertThat(text(last)).isEqualTo(all);
        first.abandon();
        try (pen;
                OutputTestBed second = new OutputTestBed(folder)) {
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
    void aReaderOfARemovedFileContinuesAtTheOldestWithANotice() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(SMALL)) {
            lines(outputTestBed, pen, 0, 5);
            OutputChunk.Piece last =
                    (OutputChunk.Piece) outputTestBed.outputs.last("web", Output.STDOUT, 10, ALL);
            lines(outputTestBed, pen, 5, 100);
            OutputChunk.Piece next =
                    (OutputChunk.Piece)
                            outputTestBed.outputs.after("web", Output.STDOUT, last.position(), ALL);
            assertThat(next.skipped()).isTrue();
            assertThat(next.bytes()).isEqualTo(outputTestBed.bytes("web.log.3"));
        }
    }

    @Test
    void aReaderOfATruncatedFileStartsAgainWithANotice() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(SMALL)) {
            lines(outputTestBed, pen, 0, 5);
            OutputChunk.Piece last =
                    (OutputChunk.Piece) outputTestBed.outputs.last("web", Output.STDOUT, 10, ALL);
            Files.write(outputTestBed.log("web.log"), new byte[0]);
            write(pen, "new\n");
            outputTestBed.awaitText("web.log", "new\n");
            OutputChunk.Piece next =
                    (OutputChunk.Piece)
                            outputTestBed.outputs.after("web", Output.STDOUT, last.position(), ALL);
            assertThat(next.skipped()).isTrue();
            assertThat(text(next)).isEqualTo("new\n");
        }
    }

    @Test
    void beforeThereIsAnyFileThereIsNothingAndThenTheStart() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(SMALL)) {
            OutputChunk.Piece none =
                    (OutputChunk.Piece) outputTestBed.outputs.last("web", Output.STDOUT, 10, ALL);
            assertThat(none.bytes()).isEmpty();
            OutputChunk.Piece still =
                    (OutputChunk.Piece)
                            outputTestBed.outputs.after("web", Output.STDOUT, none.position(), ALL);
            assertThat(still.position()).isEqualTo(none.position());
            String all = lines(outputTestBed, pen, 0, 3);
            OutputChunk.Piece start =
                    (OutputChunk.Piece)
                            outputTestBed.outputs.after("web", Output.STDOUT, none.position(), ALL);
            assertThat(text(start)).isEqualTo(all);
            assertThat(start.skipped()).isFalse();
        }
    }

    @Test
    void refusesAMalformedPosition() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(SMALL)) {
            lines(outputTestBed, pen, 0, 3);
            for (String position : List.of("", "x", "1:2", ".:", "1.2:", "1.2:x", "-1.-1:-1")) {
                OutputChunk outputChunk =
                        outputTestBed.outputs.after("web", Output.STDOUT, position, ALL);
                assertThat(outputChunk).as(position).isEqualTo(new OutputChunk.NoPosition());
            }
        }
    }

    @Test
    void theNextByteWakesAWaitingReader() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(SMALL)) {
            String all = lines(outputTestBed, pen, 0, 3);
            String end =
                    ((OutputChunk.Piece) outputTestBed.outputs.last("web", Output.STDOUT, 10, ALL))
                            .position();
            CompletableFuture<String> follower =
                    CompletableFuture.supplyAsync(() -> follow(outputTestBed, end, 4), VIRTUAL);
            assertThat(outputTestBed.outputs.await("web", Output.STDOUT, end, Duration.ZERO))
                    .isFalse();
            assertThat(follower).isNotDone();
            String more = lines(outputTestBed, pen, 3, 27);
            write(pen, "end\n");
            assertThat(follower.get()).isEqualTo(more + "end\n");
            assertThat(all).isNotEmpty();
        }
    }

    @Test
    void refusesToReadUncapturedOutput() throws Exception {
        ProcessSpec spec =
                SpecBuilder.process("a")
                        .stdout(new OutputSpec.Discarded())
                        .stderr(new OutputSpec.Inherited())
                        .build();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            outputTestBed.outputs.prepare(spec);
            assertThat(outputTestBed.outputs.last("a", Output.STDERR, 10, ALL))
                    .isEqualTo(new OutputChunk.NotKept("stderr of a is not captured"));
            assertThat(outputTestBed.outputs.after("b", Output.STDOUT, "", ALL))
                    .isEqualTo(new OutputChunk.NotKept("no output of b is known"));
            assertThat(outputTestBed.outputs.await("a", Output.STDOUT, "", Duration.ofDays(1)))
                    .isFalse();
        }
    }

    /** Reads on until a piece ends with the line {@code end}. */
    private static String follow(OutputTestBed outputTestBed, String from, int mark) {
        StringBuilder read = new StringBuilder();
        String position = from;
        try {
            while (read.length() < mark || !read.toString().endsWith("end\n")) {
                outputTestBed.outputs.await("web", Output.STDOUT, position, Duration.ofSeconds(30));
                OutputChunk.Piece piece =
                        (OutputChunk.Piece)
                                outputTestBed.outputs.after("web", Output.STDOUT, position, ALL);
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
    private static String lines(
            OutputTestBed outputTestBed, WritableByteChannel pen, int from, int count)
            throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = from; i < from + count; i++) {
            all.append("%099d\n".formatted(i));
        }
        write(pen, all.toString());
        String last = "%099d\n".formatted(from + count - 1);
        patiently().until(() -> outputTestBed.text("web.log").endsWith(last));
        return all.toString();
    }

    private static String text(OutputChunk outputChunk) {
        return new String(((OutputChunk.Piece) outputChunk).bytes(), StandardCharsets.UTF_8);
    }
}
