package org.procmon.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.WriterCheck.Finding;

@Timeout(60)
class WriterCheckTest {
    @TempDir Path folder = Path.of("");

    private final WriterCheck writerCheck = new WriterCheck();

    private Finding of(Path path) {
        return writerCheck.of(path.toString());
    }

    @Test
    void aFileIsWrittenUntilItsWriterClosesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("app"), "one");
        assertThat(of(file)).isEqualTo(Finding.NOT_WRITTEN);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            assertThat(of(file)).isEqualTo(Finding.WRITTEN);
            out.write('2');
            assertThat(of(file)).isEqualTo(Finding.WRITTEN);
        }
        assertThat(of(file)).isEqualTo(Finding.NOT_WRITTEN);
        assertThat(file).hasContent("one2");
    }

    @Test
    void aReaderIsNoWriter() throws IOException {
        Path file = Files.writeString(folder.resolve("app"), "one");
        try (var in = Files.newInputStream(file)) {
            assertThat(of(file)).isEqualTo(Finding.NOT_WRITTEN);
            assertThat(in.read()).isEqualTo('o');
        }
    }

    @Test
    void aLinkStandsForItsTarget() throws IOException {
        Path file = Files.writeString(folder.resolve("app"), "one");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("app"));
        try (OutputStream _ = Files.newOutputStream(file)) {
            assertThat(of(link)).isEqualTo(Finding.WRITTEN);
        }
        assertThat(of(link)).isEqualTo(Finding.NOT_WRITTEN);
    }

    @Test
    void whatIsNoRegularFileIsNotWritten() throws IOException {
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThat(Set.of(folder, folder.resolve("none"), loop, Path.of("/dev/null")))
                .allSatisfy(path -> assertThat(of(path)).isEqualTo(Finding.NOT_WRITTEN));
    }

    /** The kernel sends a signal to the holder of the lease, whose default ends the program. */
    @Test
    void aWriterThatOpensTheFileDuringTheCheckEndsNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("app"), "one");
        AtomicBoolean ended = new AtomicBoolean();
        BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        Thread writer =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                        .start(() -> writeUntil(ended, file));
        Set<Finding> findings = EnumSet.noneOf(Finding.class);
        for (int i = 0; i < 20_000 || findings.size() < 2; i++) {
            findings.add(of(file));
        }
        ended.set(true);
        writer.join();
        assertThat(findings).containsExactlyInAnyOrder(Finding.WRITTEN, Finding.NOT_WRITTEN);
        assertThat(failures.poll(0, TimeUnit.SECONDS)).isNull();
    }

    private static void writeUntil(AtomicBoolean ended, Path file) {
        while (!ended.get()) {
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write('1');
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
