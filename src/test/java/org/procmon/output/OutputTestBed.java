package org.procmon.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.output.log.Clock;
import org.procmon.posix.Spawn;

/** Outputs in a folder of a test, and a pen that writes as a child does. */
public final class OutputTestBed implements AutoCloseable {
    /** A safety net. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    final Path folder;
    public final OutputCapture outputs;
    public final HandClock clock = new HandClock();
    private final CompletableFuture<Throwable> bug = new CompletableFuture<>();
    private boolean open = true;

    OutputTestBed(Path folder) {
        this(folder, List.of());
    }

    /** As a monitor that finds these processes, and what another one has left of their output. */
    OutputTestBed(Path folder, List<ProcessSpec> resumed) {
        this.folder = folder;
        this.outputs = new OutputCapture(folder.resolve("fifo"), folder.resolve("log"), clock);
        outputs.resume(resumed);
        outputs.start(Duration.ZERO, (_, e) -> bug.complete(e));
    }

    /** A clock that stands still until it is moved. */
    static final class HandClock implements Clock {
        private final AtomicLong millis = new AtomicLong(1_764_000_000_000L);

        private volatile CountDownLatch held = new CountDownLatch(0);

        /** From now on whoever asks for the time waits, as on a disk that does not answer. */
        void hold() {
            held = new CountDownLatch(1);
        }

        void release() {
            held.countDown();
        }

        void advance(Duration by) {
            millis.addAndGet(by.toMillis());
        }

        @Override
        public long nanos() {
            return millis.get() * 1_000_000;
        }

        @Override
        public long wallMillis() {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return millis.get();
        }
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
    }

    /** A process whose stdout is kept so, in its default file, and whose stderr goes with it. */
    public static ProcessSpec spec(String name, long maxBytes, int keep, boolean timestamps) {
        return SpecBuilder.process(name)
                .stdout(new OutputSpec.Captured(Optional.empty(), maxBytes, keep, timestamps))
                .stderr(new OutputSpec.WithStdout())
                .build();
    }

    public Path log(String file) {
        return folder.resolve("log").resolve(file);
    }

    Path fifo(String file) {
        return folder.resolve("fifo").resolve(file);
    }

    /** Prepares a run, and opens its standard output. */
    public WritableByteChannel pen(ProcessSpec spec) throws IOException {
        Spawn.Stream out = outputs.prepare(spec).out();
        assertThat(out).isInstanceOf(Spawn.Stream.OpenReadWrite.class);
        return open(((Spawn.Stream.OpenReadWrite) out).path());
    }

    static WritableByteChannel open(String fifo) throws IOException {
        return Files.newByteChannel(
                Path.of(fifo), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    public static void write(WritableByteChannel pen, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            pen.write(buffer);
        }
    }

    public static void write(WritableByteChannel pen, String text) throws IOException {
        write(pen, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file, or nothing while there is none. */
    public byte[] bytes(String file) throws IOException {
        try {
            return Files.readAllBytes(log(file));
        } catch (NoSuchFileException _) {
            return new byte[0];
        }
    }

    String text(String file) throws IOException {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    public void awaitText(String file, String text) {
        patiently().untilAsserted(() -> assertThat(text(file)).isEqualTo(text));
    }

    /** Ends as a killed monitor does. */
    void abandon() throws InterruptedException {
        open = false;
        outputs.abandon();
    }

    @Override
    public void close() {
        try {
            if (open) {
                outputs.drainAndClose(OutputTestBed.LONGEST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot wait for the end: interrupted", e);
        }
        assertThat(bug).isNotDone();
    }
}
