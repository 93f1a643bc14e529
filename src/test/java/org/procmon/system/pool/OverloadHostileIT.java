package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a pool that refuses them, which do not behave. */
@Timeout(120)
class OverloadHostileIT {
    private static final String POOL =
            "{'id': 'app', 'exec': ['BAD', 'serve'], 'listen': 'DIR/app', 'mode': 'ondemand',"
                    + " 'workers': 1}";

    /** See {@code Refusals}. */
    private static final int MOST = 1024;

    private static final int OTHER_FILES = 150;

    @TempDir Path folder = Path.of("");

    private BadStage stopped() throws Exception {
        BadStage stage = new BadStage(folder, POOL);
        stage.procmon("stop", "app");
        return stage;
    }

    /** Reads until the connection ends. */
    private static Duration untilClosed(SocketChannel client, long since) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (client.read(buffer) >= 0) {
                buffer.clear();
            }
        } catch (IOException _) {
            // It was reset, which ends it too.
        }
        return Duration.ofNanos(System.nanoTime() - since);
    }

    private static boolean send(SocketChannel client, ByteBuffer bytes) {
        try {
            return client.write(bytes) >= 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void aClientThatSendsNothingIsDroppedSoon() throws Exception {
        try (BadStage stage = stopped();
                SocketChannel client = SocketChannel.open(stage.socket("app"))) {
            Duration took = untilClosed(client, System.nanoTime());
            assertThat(took).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(8));
        }
    }

    @Test
    void aClientThatDoesNotSpeakFastCgiIsDroppedAtOnce() throws Exception {
        try (BadStage stage = stopped();
                SocketChannel client = SocketChannel.open(stage.socket("app"))) {
            long begun = System.nanoTime();
            assertThat(send(client, ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII))))
                    .isTrue();
            assertThat(untilClosed(client, begun)).isLessThan(Duration.ofMillis(1500));
        }
    }

    @Test
    void aClientThatSendsOneByteAtATimeIsDroppedSoon() throws Exception {
        try (BadStage stage = stopped();
                SocketChannel client = SocketChannel.open(stage.socket("app"))) {
            long begun = System.nanoTime();
            ByteBuffer request = ByteBuffer.allocate(1 << 16).put(OverloadRequest.begin());
            request.clear();
            // Each byte is sent alone, and the next when the pipe is calm; the end is the kernel's.
            patiently()
                    .until(() -> {
                        ByteBuffer one = request.slice(request.position(), 1);
                        request.position(request.position() + 1);
                        return !send(client, one);
                    });
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
        }
    }

    @Test
    void thousandsAtOnceHoldNoMoreThanTheLimitAndOthersAreAnswered() throws Exception {
        List<SocketChannel> clients = new ArrayList<>();
        try (BadStage stage = stopped()) {
            int most = 0;
            for (int i = 0; i < 2000; i++) {
                clients.add(SocketChannel.open(stage.socket("app")));
                if (i % 50 == 0) {
                    most = Math.max(most, files(stage));
                }
            }
            for (int i = 0; i < 10; i++) {
                most = Math.max(most, files(stage));
                assertThat(OverloadRequest.ask(stage.socket("app"), "").isRefused()).isTrue();
            }
            System.out.println("at most " + most + " open files");
            assertThat(most).isLessThan(MOST + OTHER_FILES);
            patiently().until(() -> files(stage) < OTHER_FILES);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static int files(BadStage stage) {
        String[] files = new File("/proc/" + stage.pid() + "/fd").list();
        return files == null ? 0 : files.length;
    }
}
