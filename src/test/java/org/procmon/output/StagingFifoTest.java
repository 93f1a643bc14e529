package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.write;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ProcessSpec;
import org.procmon.output.log.OutputLoss;
import org.procmon.posix.CurrentProcess;

/** Lines on their way through the fifo of the monitor's own; this process is its holder. */
@Timeout(60)
class StagingFifoTest {
    private static final ProcessSpec WEB = OutputTestBed.spec("web", 1_000_000_000, 1, false);
    private static final ProcessSpec APP = OutputTestBed.spec("app", 1_000_000_000, 1, false);

    @TempDir Path folder = Path.of("");

    @Test
    void recordsABusyWriterAndKeepsItsLines() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel web = outputTestBed.pen(WEB);
                WritableByteChannel app = outputTestBed.pen(APP)) {
            outputTestBed.outputs.heldBy(CurrentProcess.pid());
            int first = writeUntil(outputTestBed, web, "web.out");
            int second = writeUntil(outputTestBed, app, "app.out");
            int third = writeUntil(outputTestBed, web, "web.out", first);
            outputTestBed.awaitText("web.log", numbers(0, third));
            outputTestBed.awaitText("app.log", numbers(0, second));
        }
    }

    @Test
    void withoutAHolderItIsNotUsed() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel web = outputTestBed.pen(WEB)) {
            int count = writeFor(web, Duration.ofMillis(500));
            outputTestBed.awaitText("web.log", numbers(0, count));
            assertThat(note()).isEmpty();
        }
    }

    @Test
    void aProcessWithoutTheFifoIsNoHolder() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel web = outputTestBed.pen(WEB)) {
            outputTestBed.outputs.heldBy((int) other.pid());
            int count = writeFor(web, Duration.ofMillis(500));
            outputTestBed.awaitText("web.log", numbers(0, count));
            assertThat(note()).isEmpty();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aHolderThatIsGoneIsNone() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel web = outputTestBed.pen(WEB);
                WritableByteChannel app = outputTestBed.pen(APP)) {
            outputTestBed.outputs.heldBy(CurrentProcess.pid());
            writeUntil(outputTestBed, web, "web.out");
            outputTestBed.outputs.heldBy(0);
            int count = writeFor(app, Duration.ofMillis(500));
            outputTestBed.awaitText("app.log", numbers(0, count));
            assertThat(note()).isEqualTo("web.out");
        }
    }

    @Test
    void aStateFolderThatIsReachedByALinkIsNoHindrance() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (OutputTestBed outputTestBed = new OutputTestBed(link);
                WritableByteChannel web = outputTestBed.pen(WEB)) {
            outputTestBed.outputs.heldBy(CurrentProcess.pid());
            writeUntil(outputTestBed, web, "web.out");
        }
    }

    @Test
    void theFifoHolderHoldsItToo() {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder)) {
            outputTestBed.outputs.prepare(WEB);
            assertThat(outputTestBed.outputs.held()).hasSize(2);
            assertThat(outputTestBed.outputs.fifos())
                    .containsExactlyInAnyOrder(
                            outputTestBed.fifo("staging").toString(),
                            outputTestBed.fifo("web.out").toString());
        }
    }

    @Test
    void writesOutputOfAKilledMonitorFirst() throws Exception {
        try (Left left = new Left("two\nthr", "web.out\nof a longer name\n")) {
            Files.createDirectories(folder.resolve("log"));
            Files.writeString(folder.resolve("log/web.log"), "one\n");
            write(left.web, "ee\nfour\n");
            try (OutputTestBed next = new OutputTestBed(folder, List.of(WEB, APP))) {
                next.awaitText("web.log", "one\ntwo\nthree\nfour\n");
            }
        }
    }

    /** A process may be about to be started again while the monitor takes over. */
    @Test
    void thatIsSoEvenIfItsFifoIsOpenedFirst() throws Exception {
        OutputCapture next = new OutputCapture(folder.resolve("fifo"), folder.resolve("log"));
        try (Left left = new Left("one\n", "web.out\n")) {
            write(left.web, "two\n");
            next.prepare(WEB);
            next.start(Duration.ZERO, (_, _) -> {});
            left.killed.awaitText("web.log", "one\ntwo\n");
        } finally {
            next.drainAndClose(OutputTestBed.LONGEST);
        }
    }

    @Test
    void moreThanIsMovedAtOnceIsFinished() throws Exception {
        String lines = numbers(0, 10_000);
        try (Left left = new Left(lines, "web.out\n")) {
            write(left.web, "last\n");
            try (OutputTestBed next = new OutputTestBed(folder, List.of(WEB, APP))) {
                next.awaitText("web.log", lines + "last\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone.out\n", "\n", ""})
    void dropsOutputOfAnUnknownProcess(String note) throws Exception {
        try (Left left = new Left("of one that is not configured any more\n", note)) {
            write(left.web, "one\n");
            try (OutputTestBed next = new OutputTestBed(folder, List.of(WEB, APP))) {
                next.awaitText("web.log", "one\n");
                next.outputs.heldBy(CurrentProcess.pid());
                int count = writeUntil(next, left.web, "web.out");
                next.awaitText("web.log", "one\n" + numbers(0, count));
            }
        }
    }

    @Test
    void whatCannotBeWrittenIsCountedToTheByte() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel web = outputTestBed.pen(WEB)) {
            outputTestBed.outputs.heldBy(CurrentProcess.pid());
            int first = writeUntil(outputTestBed, web, "web.out");
            outputTestBed.awaitText("web.log", numbers(0, first));
            Files.delete(outputTestBed.log("web.log"));
            Files.createDirectory(outputTestBed.log("web.log"));
            int last = writeFor(web, Duration.ofMillis(500), first);
            long lost = numbers(first, last).length();
            patiently()
                    .until(() ->
                            outputTestBed
                                    .outputs
                                    .loss("web")
                                    .map(OutputLoss::bytes)
                                    .orElse(0L)
                                    .equals(lost));
        }
    }

    @Test
    void linesStayWholeWhenFilesAreRotated() throws Exception {
        ProcessSpec small = OutputTestBed.spec("web", 100_000, 1000, false);
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel web = outputTestBed.pen(small)) {
            outputTestBed.outputs.heldBy(CurrentProcess.pid());
            int count = writeUntil(outputTestBed, web, "web.out");
            String all = numbers(0, count);
            patiently().untilAsserted(() -> assertThat(joined(outputTestBed)).isEqualTo(all));
            for (int i = 1; Files.exists(outputTestBed.log("web.log." + i)); i++) {
                assertThat(outputTestBed.text("web.log." + i))
                        .endsWith("\n")
                        .hasSizeLessThan(100_001);
            }
        }
    }

    /** What a monitor leaves that is killed while it stages something. */
    private final class Left implements AutoCloseable {
        final OutputTestBed killed = new OutputTestBed(folder);

        /** Where the process goes on writing. */
        final WritableByteChannel web = killed.pen(WEB);

        private final WritableByteChannel staging =
                OutputTestBed.open(killed.fifo("staging").toString());

        Left(String text, String note) throws Exception {
            killed.abandon();
            write(staging, text);
            Files.writeString(killed.fifo("staging-of"), note);
        }

        @Override
        public void close() throws IOException {
            web.close();
            staging.close();
        }
    }

    private String note() throws IOException {
        Path note = folder.resolve("fifo/staging-of");
        return Files.exists(note) ? Files.readString(note).lines().findFirst().orElse("") : "";
    }

    private int writeUntil(OutputTestBed outputTestBed, WritableByteChannel pen, String note)
            throws Exception {
        return writeUntil(outputTestBed, pen, note, 0);
    }

    /**
     * Writes numbered lines, each by itself, until the note names this stream; how many there are.
     */
    private int writeUntil(
            OutputTestBed outputTestBed, WritableByteChannel pen, String note, int from)
            throws Exception {
        Path file = outputTestBed.fifo("staging-of");
        AtomicInteger next = new AtomicInteger(from);
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread writer =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                while (!done.isDone()) {
                                    write(pen, next.getAndIncrement() + "\n");
                                }
                            } catch (IOException e) {
                                done.completeExceptionally(e);
                            }
                        });
        patiently()
                .until(() -> Files.exists(file) && Files.readString(file).startsWith(note + "\n"));
        done.complete(null);
        writer.join();
        done.join();
        return next.get();
    }

    private static int writeFor(WritableByteChannel pen, Duration time) throws IOException {
        return writeFor(pen, time, 0);
    }

    private static int writeFor(WritableByteChannel pen, Duration time, int from)
            throws IOException {
        long end = System.nanoTime() + time.toNanos();
        int next = from;
        while (System.nanoTime() - end < 0) {
            write(pen, next++ + "\n");
        }
        return next;
    }

    private static String numbers(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i).append('\n');
        }
        return text.toString();
    }

    /** All files of the log, the oldest first. */
    private static String joined(OutputTestBed outputTestBed) throws IOException {
        List<String> parts = new ArrayList<>();
        for (int i = 1; Files.exists(outputTestBed.log("web.log." + i)); i++) {
            parts.addFirst(new String(outputTestBed.bytes("web.log." + i), StandardCharsets.UTF_8));
        }
        parts.add(outputTestBed.text("web.log"));
        return String.join("", parts);
    }
}
