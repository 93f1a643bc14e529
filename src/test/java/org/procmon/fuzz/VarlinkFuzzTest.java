package org.procmon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.ViewerServer;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/**
 * Whatever a viewer sends to the control socket. {@code -Dprocmon.fuzz.seconds=N} makes it last,
 * {@code -Dprocmon.seed=N} repeats it.
 */
class VarlinkFuzzTest {
    private static final int INPUTS = 10_000;
    private static final long ROOM = 16 << 20;

    @TempDir Path folder = Path.of("");

    private final long seed = Long.getLong("procmon.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final VarlinkMessages messages = new VarlinkMessages(random);
    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeOutput output = new FakeOutput();
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();

    @Test
    void aViewerIsAnsweredOrItsConnectionEndsAndNothingChanges() throws Exception {
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        long begun = System.nanoTime();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (ControlServer _ =
                ViewerServer.open(
                        folder.resolve("s"),
                        new MonitorPorts(supervisor, output, Upgrader.NONE, Reloader.NONE),
                        (_, bug) -> bugs.add(bug))) {
            send(500);
            long heap = usedHeap();
            long descriptors = descriptors();
            long seconds = Long.getLong("procmon.fuzz.seconds", 0);
            do {
                send(INPUTS);
            } while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds));
            await().untilAsserted(() ->
                    assertThat(descriptors()).as(how()).isLessThanOrEqualTo(descriptors));
            assertThat(usedHeap()).as(how()).isLessThan(heap + ROOM);
        } finally {
            System.setErr(err);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
        assertThat(bugs).as(how()).isEmpty();
        assertThat(supervisor.commands).as(how()).isEmpty();
        assertThat(output.reopened()).as(how()).isZero();
        List<String> lines = log.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.size()).as(how()).isBetween(1, (int) (100 + 5 * seconds));
        assertThat(lines)
                .as(how())
                .noneMatch(line -> line.contains("a bug"))
                .allMatch(line -> line.length() < 1_200)
                .allMatch(line -> line.codePoints().allMatch(VarlinkFuzzTest::isHarmless));
    }

    private void send(int inputs) throws IOException {
        for (int i = 0; i < inputs; i++) {
            try (RawConnection client = new RawConnection(folder.resolve("s"))) {
                if (random.nextInt(10) == 0) {
                    try (RawConnection other = new RawConnection(folder.resolve("s"))) {
                        sendTo(other);
                        exchange(client);
                    }
                } else {
                    exchange(client);
                }
            }
        }
    }

    /** Says something and goes without listening. */
    private void sendTo(RawConnection client) throws IOException {
        try {
            client.send(messages.next());
        } catch (IOException e) {
            assertThat(e).as(how()).hasMessageMatching("Broken pipe|Connection reset.*");
        }
    }

    /** Sends some messages, in pieces or at once, and reads all that comes. */
    private void exchange(RawConnection client) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
        for (int i = 0; i < count; i++) {
            sent.writeBytes(messages.next());
            if (random.nextInt(12) > 0) {
                sent.write(0);
            }
        }
        byte[] bytes = sent.toByteArray();
        try {
            for (byte[] piece : pieces(bytes)) {
                client.send(piece);
            }
            client.channel().shutdownOutput();
        } catch (IOException e) {
            assertThat(e).as(how()).hasMessageMatching("Broken pipe|Connection reset.*");
        }
        int complete = 0;
        for (byte b : bytes) {
            complete += b == 0 ? 1 : 0;
        }
        List<String> finished = new ArrayList<>();
        for (String reply = client.receive(); !reply.equals("end"); reply = client.receive()) {
            assertThat(reply.strip()).as(how()).matches(VarlinkFuzzTest::isDeclared);
            if (!reply.contains("\"continues\":true")) {
                finished.add(reply);
            }
        }
        assertThat(finished.size()).as(how()).isLessThanOrEqualTo(complete);
    }

    private List<byte[]> pieces(byte[] bytes) {
        if (random.nextInt(5) > 0) {
            return List.of(bytes);
        }
        List<byte[]> pieces = new ArrayList<>();
        int size = bytes.length < 400 ? 1 : bytes.length / 50;
        for (int at = 0; at < bytes.length; at += size) {
            pieces.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
        return pieces;
    }

    private static boolean isDeclared(String reply) {
        return reply.startsWith("{\"parameters\":{")
                || Stream.of(ErrorName.values())
                        .filter(error -> error != ErrorName.UNKNOWN)
                        .anyMatch(error ->
                                reply.startsWith("{\"error\":\"" + error.wireName() + "\""));
    }

    private static boolean isHarmless(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED
                && c < 0xE0000;
    }

    private static long descriptors() {
        String[] all = Path.of("/proc/self/fd").toFile().list();
        return all == null ? 0 : all.length;
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private String how() {
        return "with -Dprocmon.seed=" + seed;
    }
}
