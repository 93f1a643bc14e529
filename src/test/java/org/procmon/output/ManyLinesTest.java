package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.output.OutputTestBed.patiently;
import static org.procmon.output.OutputTestBed.write;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ProcessSpec;
import org.procmon.output.log.OutputLoss;
import org.procmon.posix.CurrentProcess;

/** A process that writes line by line, without a rest. */
@Timeout(60)
class ManyLinesTest {
    private static final ProcessSpec WEB = OutputTestBed.spec("web", 1_000_000_000_000L, 1, false);
    private static final ProcessSpec APP = OutputTestBed.spec("app", 1_000_000_000_000L, 1, false);
    private static final int BLOCKS = 500;

    @TempDir Path folder = Path.of("");

    @Test
    void itsFifoIsWatchedAgainWhenItRests() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            String inode = inode(outputTestBed);
            Lines lines = new Lines(pen);
            patiently().until(() -> !isWatched(inode));
            long count = lines.end();
            patiently().until(() -> isWatched(inode));
            write(pen, count + "\n");
            patiently().until(() -> lastOf(outputTestBed).equals(Long.toString(count)));
            assertThat(numbered(outputTestBed)).isEqualTo(count + 1);
        }
    }

    @Test
    void allOfItIsThereAtTheEnd() throws Exception {
        OutputTestBed outputTestBed = new OutputTestBed(folder);
        long count;
        try (outputTestBed;
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            String inode = inode(outputTestBed);
            Lines lines = new Lines(pen);
            patiently().until(() -> !isWatched(inode));
            count = lines.end();
        }
        assertThat(numbered(outputTestBed)).isEqualTo(count);
    }

    @Test
    void movesBlocksWrittenBesideManyLines() throws Exception {
        byte[] block = new byte[1 << 16];
        new Random(7).nextBytes(block);
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB);
                WritableByteChannel other = outputTestBed.pen(APP)) {
            String inode = inode(outputTestBed);
            outputTestBed.outputs.heldBy(CurrentProcess.pid());
            Lines lines = new Lines(pen);
            patiently().until(() -> !isWatched(inode));
            for (int i = 0; i < BLOCKS; i++) {
                write(other, block);
            }
            long count = lines.end();
            patiently().until(() -> outputTestBed.bytes("app.log").length == BLOCKS * block.length);
            byte[] all = outputTestBed.bytes("app.log");
            for (int i = 0; i < BLOCKS; i++) {
                assertThat(Arrays.copyOfRange(all, i * block.length, (i + 1) * block.length))
                        .isEqualTo(block);
            }
            patiently().until(() -> lastOf(outputTestBed).equals(Long.toString(count - 1)));
            assertThat(numbered(outputTestBed)).isEqualTo(count);
        }
    }

    @Test
    void aFifoThatIsReplacedMeanwhileIsLeftAlone() throws Exception {
        try (OutputTestBed outputTestBed = new OutputTestBed(folder);
                WritableByteChannel pen = outputTestBed.pen(WEB)) {
            String inode = inode(outputTestBed);
            Queue<OutputLoss> losses = new ConcurrentLinkedQueue<>();
            outputTestBed.outputs.onLoss((_, outputLoss) -> losses.add(outputLoss));
            // Written until the pen is closed.
            Lines _ = new Lines(pen);
            patiently().until(() -> !isWatched(inode));
            Files.delete(outputTestBed.fifo("web.out"));
            outputTestBed.outputs.prepare(WEB);
            // Whoever opened anything now would do so under the number of the one that is closed.
            patiently().during(Duration.ofMillis(100)).until(losses::isEmpty);
            try (WritableByteChannel next = outputTestBed.pen(WEB)) {
                write(next, "next\n");
                patiently().until(() -> lastOf(outputTestBed).equals("next"));
            }
        }
    }

    /** Numbered lines, each written by itself. */
    private static final class Lines {
        private final AtomicBoolean go = new AtomicBoolean(true);
        private final CompletableFuture<Long> count = new CompletableFuture<>();

        Lines(WritableByteChannel pen) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        long number = 0;
                        try {
                            while (go.get()) {
                                write(pen, number++ + "\n");
                            }
                            count.complete(number);
                        } catch (IOException e) {
                            count.completeExceptionally(e);
                        }
                    });
        }

        /** How many there are. */
        long end() {
            go.set(false);
            return count.join();
        }
    }

    private static String lastOf(OutputTestBed outputTestBed) throws IOException {
        String text = outputTestBed.text("web.log");
        return text.substring(text.lastIndexOf('\n', text.length() - 2) + 1).strip();
    }

    /** How many lines there are, which must be in order. */
    private static long numbered(OutputTestBed outputTestBed) throws IOException {
        long number = 0;
        for (Iterator<String> i = outputTestBed.text("web.log").lines().iterator();
                i.hasNext();
                number++) {
            assertThat(i.next()).isEqualTo(Long.toString(number));
        }
        return number;
    }

    private static String inode(OutputTestBed outputTestBed) throws IOException {
        return Long.toHexString(
                (long) Files.getAttribute(outputTestBed.fifo("web.out"), "unix:ino"));
    }

    /** Whether any epoll of this process watches it; source: proc_pid_fdinfo(5). */
    private static boolean isWatched(String inode) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
            for (Path one : all) {
                if (read(one)
                        .lines()
                        .anyMatch(line ->
                                line.startsWith("tfd:") && line.contains(" ino:" + inode + " "))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static String read(Path info) throws IOException {
        try {
            return Files.readString(info);
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
