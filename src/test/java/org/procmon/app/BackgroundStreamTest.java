package org.procmon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BackgroundStreamTest {
    @Test
    void writesLinesInOrderBeforeItCloses() {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        try (BackgroundStream stream = new BackgroundStream(sink)) {
            for (int i = 0; i < 100; i++) {
                write(stream, i + "\n");
            }
        }
        String text = sink.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("0\n1\n2\n").endsWith("98\n99\n").hasLineCount(100);
    }

    @Test
    void longLinesThatWaitTakeNoMoreThanAMebibyte() {
        CountDownLatch gate = new CountDownLatch(1);
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        OutputStream stuck =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("lines are written as a whole");
                    }

                    @Override
                    public void write(byte[] bytes) {
                        try {
                            gate.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        sink.writeBytes(bytes);
                    }
                };
        try (BackgroundStream stream = new BackgroundStream(stuck)) {
            for (int i = 0; i < 500; i++) {
                write(stream, "x".repeat(100_000) + "\n");
            }
            gate.countDown();
            await().until(() -> sink.size() > 1000);
        }
        assertThat(sink.size()).isBetween(900_000, 1_200_000);
        assertThat(sink.toString(StandardCharsets.UTF_8))
                .contains(" WARN monitor: log lines were dropped lines=");
    }

    @Test
    void aBlockedSinkDelaysNoWriterAndTheLossIsCounted() {
        CountDownLatch gate = new CountDownLatch(1);
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        OutputStream stuck =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        try {
                            gate.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        sink.write(bytes, offset, length);
                    }
                };
        int lines = 25_000;
        try (BackgroundStream stream = new BackgroundStream(stuck)) {
            for (int i = 0; i < lines; i++) {
                write(stream, "x\n");
            }
            gate.countDown();
            // Room for the last word, by which the stream ends.
            await().until(() -> sink.size() > 1000);
        }
        String text = sink.toString(StandardCharsets.UTF_8);
        assertThat(text).contains(" WARN monitor: log lines were dropped lines=");
        long kept = text.lines().filter("x"::equals).count();
        long lost =
                text.lines()
                        .filter(line -> line.contains("dropped lines="))
                        .mapToLong(
                                line -> Long.parseLong(line.substring(line.indexOf("lines=") + 6)))
                        .sum();
        assertThat(kept + lost).isEqualTo(lines);
    }

    private static void write(BackgroundStream stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
    }
}
