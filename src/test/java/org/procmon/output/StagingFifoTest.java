package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.Stand.patiently;
import static org.procmon.output.Stand.write;

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
import org.procmon.posix.CurrentProcess;
import org.procmon.spec.ProcessSpec;

/** Lines on their way through the fifo of the monitor's own; this process is its holder. */
@Timeout(60)
class StagingFifoTest {
    private static final ProcessSpec WEB = Stand.spec("web", 1_000_000_000, 1, false);
    private static final ProcessSpec APP = Stand.spec("app", 1_000_000_000, 1, false);

    @TempDir Path folder = Path.of("");

    @Test
    void whoWritesManyLinesIsNotedAndAllOfThemAreKept() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel web = stand.pen(WEB);
                WritableByteChannel app = stand.pen(APP)) {
            stand.outputs.heldBy(CurrentProcess.pid());
            int first = writeUntil(stand, web, "web.out");
            int second = writeUntil(stand, app, "app.out");
            int third = writeUntil(stand, web, "web.out", first);
            stand.awaitText("web.log", numbers(0, third));
            stand.awaitText("app.log", numbers(0, second));
        }
    }

    @Test
    void withoutAHolderItIsNotUsed() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel web = stand.pen(WEB)) {
            int count = writeFor(web, Duration.ofMillis(500));
            stand.awaitText("web.log", numbers(0, count));
            assertThat(note()).isEmpty();
        }
    }

    @Test
    void whoDoesNotHaveItOpenIsNoHolder() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        try (Stand stand = new Stand(folder);
                WritableByteChannel web = stand.pen(WEB)) {
            stand.outputs.heldBy((int) other.pid());
            int count = writeFor(web, Duration.ofMillis(500));
            stand.awaitText("web.log", numbers(0, count));
            assertThat(note()).isEmpty();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aHolderThatIsGoneIsNone() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel web = stand.pen(WEB);
                WritableByteChannel app = stand.pen(APP)) {
            stand.outputs.heldBy(CurrentProcess.pid());
            writeUntil(stand, web, "web.out");
            stand.outputs.heldBy(0);
            int count = writeFor(app, Duration.ofMillis(500));
            stand.awaitText("app.log", numbers(0, count));
            assertThat(note()).isEqualTo("web.out");
        }
    }

    @Test
    void aStateFolderThatIsReachedByALinkIsNoHindrance() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (Stand stand = new Stand(link);
                WritableByteChannel web = stand.pen(WEB)) {
            stand.outputs.heldBy(CurrentProcess.pid());
            writeUntil(stand, web, "web.out");
        }
    }

    @Test
    void whoHoldsTheFifosHoldsItToo() {
        try (Stand stand = new Stand(folder)) {
            stand.outputs.prepare(WEB);
            assertThat(stand.outputs.held()).hasSize(2);
            assertThat(stand.outputs.fifos())
                    .containsExactlyInAnyOrder(
                            stand.fifo("staging").toString(), stand.fifo("web.out").toString());
        }
    }

    @Test
    void whatAKilledMonitorHasLeftInItComesBeforeWhatWasWrittenSince() throws Exception {
        try (Left left = new Left("two\nthr", "web.out\nof a longer name\n")) {
            Files.createDirectories(folder.resolve("log"));
            Files.writeString(folder.resolve("log/web.log"), "one\n");
            write(left.web, "ee\nfour\n");
            try (Stand next = new Stand(folder, List.of(WEB, APP))) {
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
            next.drainAndClose(Stand.LONGEST);
        }
    }

    @Test
    void moreThanIsMovedAtOnceIsFinished() throws Exception {
        String lines = numbers(0, 10_000);
        try (Left left = new Left(lines, "web.out\n")) {
            write(left.web, "last\n");
            try (Stand next = new Stand(folder, List.of(WEB, APP))) {
                next.awaitText("web.log", lines + "last\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone.out\n", "\n", ""})
    void whatIsNobodysAnyMoreIsDropped(String note) throws Exception {
        try (Left left = new Left("of one that is not configured any more\n", note)) {
            write(left.web, "one\n");
            try (Stand next = new Stand(folder, List.of(WEB, APP))) {
                next.awaitText("web.log", "one\n");
                next.outputs.heldBy(CurrentProcess.pid());
                int count = writeUntil(next, left.web, "web.out");
                next.awaitText("web.log", "one\n" + numbers(0, count));
            }
        }
    }

    @Test
    void whatCannotBeWrittenIsCountedToTheByte() throws Exception {
        try (Stand stand = new Stand(folder);
                WritableByteChannel web = stand.pen(WEB)) {
            stand.outputs.heldBy(CurrentProcess.pid());
            int first = writeUntil(stand, web, "web.out");
            stand.awaitText("web.log", numbers(0, first));
            Files.delete(stand.log("web.log"));
            Files.createDirectory(stand.log("web.log"));
            int last = writeFor(web, Duration.ofMillis(500), first);
            long lost = numbers(first, last).length();
            patiently()
                    .until(() ->
                            stand.outputs
                                    .loss("web")
                                    .map(OutputLoss::bytes)
                                    .orElse(0L)
                                    .equals(lost));
        }
    }

    @Test
    void linesStayWholeWhenFilesAreRotated() throws Exception {
        ProcessSpec small = Stand.spec("web", 100_000, 1000, false);
        try (Stand stand = new Stand(folder);
                WritableByteChannel web = stand.pen(small)) {
            stand.outputs.heldBy(CurrentProcess.pid());
            int count = writeUntil(stand, web, "web.out");
            String all = numbers(0, count);
            patiently().untilAsserted(() -> assertThat(joined(stand)).isEqualTo(all));
            for (int i = 1; Files.exists(stand.log("web.log." + i)); i++) {
                assertThat(stand.text("web.log." + i)).endsWith("\n").hasSizeLessThan(100_001);
            }
        }
    }

    /** What a monitor leaves that is killed while it stages something. */
    private final class Left implements AutoCloseable {
        final Stand killed = new Stand(folder);

        /** Where the process goes on writing. */
        final WritableByteChannel web = killed.pen(WEB);

        private final WritableByteChannel staging = Stand.open(killed.fifo("staging").toString());

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

    private int writeUntil(Stand stand, WritableByteChannel pen, String note) throws Exception {
        return writeUntil(stand, pen, note, 0);
    }

    /**
     * Writes numbered lines, each by itself, until the note names this stream; how many there are.
     */
    private int writeUntil(Stand stand, WritableByteChannel pen, String note, int from)
            throws Exception {
        Path file = stand.fifo("staging-of");
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
    private static String joined(Stand stand) throws IOException {
        List<String> parts = new ArrayList<>();
        for (int i = 1; Files.exists(stand.log("web.log." + i)); i++) {
            parts.addFirst(new String(stand.bytes("web.log." + i), StandardCharsets.UTF_8));
        }
        parts.add(stand.text("web.log"));
        return String.join("", parts);
    }
}
