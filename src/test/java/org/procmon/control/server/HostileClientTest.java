package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.calls.Peer;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Upgrader;

/** What a client may do to its own connection does nothing to another. */
@Timeout(60)
class HostileClientTest {
    private static final String LIST = "{\"method\":\"org.procmon.Monitor.List\"}|";
    private static final Duration SHORT = Duration.ofMillis(150);

    @TempDir Path folder = Path.of("");

    private static final String FOLLOW =
            "{\"method\":\"org.procmon.Monitor.ReadOutput\",\"parameters\":"
                    + "{\"name\":\"web\",\"follow\":true},\"more\":true}|";

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeOutput output = new FakeOutput();
    private Path socket = folder;

    @SuppressWarnings("NullAway.Init")
    private ControlServer server;

    @SuppressWarnings("NullAway.Init")
    private RawConnection bystander;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("control.sock");
        server =
                ControlServer.open(
                        socket,
                        ControlSpec.DEFAULT,
                        new MonitorPorts(supervisor, output, Upgrader.NONE, Reloader.NONE),
                        new Access(ControlSpec.DEFAULT, GroupMembership.NONE),
                        Peer::of,
                        new ClientLimits(8, 7, SHORT, SHORT, Duration.ofHours(1), SHORT));
        bystander = new RawConnection(socket);
    }

    @AfterEach
    void theBystanderIsStillServed() throws IOException {
        bystander.send(LIST);
        assertThat(bystander.receive()).startsWith("{\"parameters\":{\"processes\":[");
        bystander.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|",
                "||||||||",
                "[]|",
                "7|",
                "null|",
                "{|",
                "{}|",
                "{}{}|",
                "{\"method\":7}|",
                "{\"method\":\"\"}|",
                "{\"method\":\"org.procmon.Monitor.List\",\"parameters\":[]}|",
                "{\"method\":\"org.procmon.Monitor.List\",\"parameters\":{\"x\":tru}}|",
                "{\"method\":\"org.procmon.Monitor.List\"} x|",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n|",
            })
    void aMalformedCallClosesItsConnection(String bytes) throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send(bytes);
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void bytesThatAreNotUtf8EndTheirConnection() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send("{\"method\":\"");
            client.send((byte) 0xff, (byte) 0xfe, (byte) '"', (byte) '}', (byte) 0);
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void deepNestingEndsItsConnection() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send("{\"method\":\"org.procmon.Monitor.List\",\"parameters\":{\"x\":");
            client.send("[".repeat(100_000) + "]".repeat(100_000) + "}}|");
            assertThat(client.receive()).isEqualTo("end");
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
        }
    }

    @Test
    void aMessageOfOneMebibyteIsReadAndALongerOneEndsItsConnection() throws IOException {
        String head = "{\"method\":\"org.procmon.Monitor.Status\",\"parameters\":{\"name\":\"";
        String tail = "\"}}";
        String longest = "x".repeat((1 << 20) - head.length() - tail.length());
        try (RawConnection client = new RawConnection(socket)) {
            assertThat(client.call(head + longest + tail))
                    .startsWith("{\"error\":\"org.procmon.Monitor.TooLarge\"")
                    .hasSizeLessThan(500);
            client.send(head + longest + "x" + tail + "|");
            assertThat(client.receive()).isEqualTo("end");
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
        }
    }

    @Test
    void limitsDistinctNamesAndGlobsOfACall() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            assertThat(client.monitor("List", names("w*", 20_000, false))).contains("\"web\"");
            assertThat(client.monitor("List", names("w", 4_096, true))).contains("NoSuchProcess");
            assertThat(client.monitor("List", names("w", 4_097, true)))
                    .isEqualTo(
                            "{\"error\":\"org.procmon.Monitor.TooLarge\",\"parameters\":"
                                    + "{\"reason\":\"a call gives at most 4096 names; use a glob,"
                                    + " 'all' or several calls\"}}");
            assertThat(client.monitor("List", names("zz[w]*", 65, true)))
                    .contains("TooLarge", "at most 64 globs");
            assertThat(client.monitor("List", names("zz[w]*", 64, true))).contains("NoSuchProcess");
            assertThat(client.monitor("Stop", names("w", 9_000, true))).contains("TooLarge");
        }
        assertThat(supervisor.commands).isEmpty();
    }

    private static String names(String name, int count, boolean differ) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + name + (differ ? "x" + i : "") + "\"")
                .collect(Collectors.joining(",", "{\"names\":[", "]}"));
    }

    @Test
    void aSlowSenderIsCutOffAndAnIdleClientIsNot() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send(LIST);
            client.receive();
            await().pollDelay(SHORT.multipliedBy(2)).until(() -> true);
            client.send(LIST + "{");
            assertThat(client.receive()).startsWith("{\"parameters\"");
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void dropsAClientThatDoesNotReadItsReplies() throws Exception {
        try (RawConnection client = new RawConnection(socket)) {
            CompletableFuture<Void> cutOff =
                    CompletableFuture.runAsync(() -> {
                        try {
                            while (true) {
                                client.send(LIST.repeat(100));
                            }
                        } catch (IOException e) {
                            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
                        }
                    });
            cutOff.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void pipelinedCallsAreAnsweredInOrder() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            StringBuilder calls = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                calls.append("{\"method\":\"org.procmon.Monitor.M").append(i).append("\"}|");
            }
            client.send(calls.toString());
            for (int i = 0; i < 100; i++) {
                assertThat(client.receive()).contains("org.procmon.Monitor.M" + i + "\"");
            }
        }
    }

    @Test
    void aHalfClosedClientStillGetsItsAnswers() throws Exception {
        supervisor.hang();
        try (RawConnection client = new RawConnection(socket)) {
            client.send(
                    "{\"method\":\"org.procmon.Monitor.Stop\",\"parameters\":{\"names\":[\"web\"]}}|"
                            + LIST);
            client.channel().shutdownOutput();
            supervisor.replies.take().complete(new Reply.Done(List.of()));
            assertThat(client.receive()).isEqualTo("{\"parameters\":{\"processes\":[]}}");
            assertThat(client.receive()).startsWith("{\"parameters\":{\"processes\":[{");
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void aHalfClosedClientThatWaitsLongStillGetsItsAnswer() throws Exception {
        supervisor.hang();
        try (RawConnection client = new RawConnection(socket)) {
            client.send(
                    "{\"method\":\"org.procmon.Monitor.Stop\","
                            + "\"parameters\":{\"names\":[\"web\"]}}|");
            client.channel().shutdownOutput();
            CompletableFuture<Reply> reply = supervisor.replies.take();
            await().during(SHORT.multipliedBy(4)).until(() -> !reply.isDone());
            reply.complete(new Reply.Done(List.of()));
            assertThat(client.receive().strip()).isEqualTo("{\"parameters\":{\"processes\":[]}}");
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void aHalfClosedClientThatGoesGivesUpItsWait() throws Exception {
        supervisor.hang();
        CompletableFuture<Reply> reply;
        try (RawConnection client = new RawConnection(socket)) {
            client.send(
                    "{\"method\":\"org.procmon.Monitor.Stop\","
                            + "\"parameters\":{\"names\":[\"web\"]}}|");
            client.channel().shutdownOutput();
            reply = supervisor.replies.take();
            await().during(SHORT.multipliedBy(3)).until(() -> !reply.isDone());
        }
        await().until(reply::isCancelled);
    }

    @Test
    void continuesTheCommandOfADisconnectedClient() throws Exception {
        supervisor.hang();
        try (RawConnection client = new RawConnection(socket)) {
            client.send(
                    "{\"method\":\"org.procmon.Monitor.Stop\","
                            + "\"parameters\":{\"names\":[\"web\"]}}|");
            supervisor.commands.take();
        }
        CompletableFuture<Reply> reply = supervisor.replies.take();
        assertThat(reply).isNotCancelled();
        reply.complete(new Reply.Done(List.of()));
    }

    @Test
    void aClientThatVanishesInALongWaitGivesItsPlaceBack() throws Exception {
        supervisor.hang();
        List<RawConnection> crowd = new ArrayList<>();
        for (int i = 1; i < 8; i++) {
            RawConnection client = new RawConnection(socket);
            crowd.add(client);
            client.send(
                    "{\"method\":\"org.procmon.Monitor.Start\","
                            + "\"parameters\":{\"names\":[\"web\"]}}|");
            supervisor.commands.take();
        }
        for (RawConnection client : crowd) {
            client.close();
        }
        for (int i = 1; i < 8; i++) {
            CompletableFuture<Reply> reply = supervisor.replies.take();
            await().until(reply::isCancelled);
        }
        await().untilAsserted(() -> {
            try (RawConnection client = new RawConnection(socket)) {
                client.send(LIST);
                assertThat(client.receive()).startsWith("{\"parameters\"");
            }
        });
    }

    @Test
    void followersThatVanishGiveTheirPlacesBack() throws IOException {
        List<RawConnection> crowd = new ArrayList<>();
        for (int i = 1; i < 8; i++) {
            RawConnection client = new RawConnection(socket);
            crowd.add(client);
            client.send(FOLLOW);
            assertThat(client.receive()).contains("\"continues\":true");
        }
        await().until(() -> output.waiting() == 7);
        try (RawConnection tooMany = new RawConnection(socket)) {
            assertThat(tooMany.receive()).contains("org.procmon.Monitor.Busy");
            assertThat(tooMany.receive()).isEqualTo("end");
        }
        for (RawConnection client : crowd) {
            client.close();
        }
        await().until(() -> output.waiting() == 0);
        await().untilAsserted(() -> {
            try (RawConnection client = new RawConnection(socket)) {
                client.send(LIST);
                assertThat(client.receive()).startsWith("{\"parameters\"");
            }
        });
    }

    @Test
    void aFollowerThatDoesNotReadIsCutOffAndGivesItsPlaceBack() throws IOException {
        List<RawConnection> crowd = new ArrayList<>();
        for (int i = 1; i < 7; i++) {
            RawConnection client = new RawConnection(socket);
            crowd.add(client);
            client.send(LIST);
            assertThat(client.receive()).startsWith("{\"parameters\"");
        }
        try (RawConnection stuck = new RawConnection(socket)) {
            stuck.send(FOLLOW);
            await().until(() -> output.waiting() == 1);
            // More than the socket takes, so that a reply is stuck on its way.
            output.write("web", "x".repeat(4 << 20));
            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> {
                        try (RawConnection client = new RawConnection(socket)) {
                            client.send(LIST);
                            assertThat(client.receive()).startsWith("{\"parameters\"");
                        }
                    });
            int replies = 0;
            while (!stuck.receive().equals("end")) {
                replies++;
            }
            assertThat(replies).isLessThan(64);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
        }
        for (RawConnection client : crowd) {
            client.close();
        }
    }

    @Test
    void aSilentFollowerIsNotCutOff() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send(FOLLOW);
            client.receive();
            await().during(SHORT.multipliedBy(3)).until(() -> output.waiting() == 1);
            output.write("web", "x");
            assertThat(client.receive()).contains("\"data\":\"eA==\"", "\"continues\":true");
        }
    }

    @Test
    void halfAMessageEndsAFollowAndThenItsConnection() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send(FOLLOW);
            assertThat(client.receive()).contains("\"continues\":true");
            client.send("{");
            assertThat(client.receive()).doesNotContain("continues");
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void dropsAFollowerThatReadsNoReplies() throws IOException {
        try (RawConnection client = new RawConnection(socket)) {
            client.send(FOLLOW.replace("\"more\":true", "\"more\":true,\"oneway\":true") + LIST);
            assertThat(client.receive()).startsWith("{\"parameters\":{\"processes\":[");
        }
        assertThat(output.waiting()).isZero();
    }

    @Test
    void aClientThatWaitsLongIsAnsweredAndServedOn() throws Exception {
        supervisor.hang();
        try (RawConnection client = new RawConnection(socket)) {
            for (int i = 0; i < 3; i++) {
                client.send(
                        "{\"method\":\"org.procmon.Monitor.Stop\","
                                + "\"parameters\":{\"names\":[\"web\"]}}|");
                CompletableFuture<Reply> reply = supervisor.replies.take();
                await().during(SHORT.multipliedBy(2)).until(() -> !reply.isDone());
                reply.complete(new Reply.Done(List.of()));
                assertThat(client.receive()).isEqualTo("{\"parameters\":{\"processes\":[]}}");
            }
            client.send(LIST);
            assertThat(client.receive()).startsWith("{\"parameters\":{\"processes\":[{");
        }
    }

    @Test
    void tooManyConnectionsAreRefusedUntilOneEnds() throws IOException {
        List<RawConnection> crowd = new ArrayList<>();
        for (int i = 1; i < 8; i++) {
            RawConnection client = new RawConnection(socket);
            crowd.add(client);
            client.send(LIST);
            assertThat(client.receive()).startsWith("{\"parameters\"");
        }
        try (RawConnection tooMany = new RawConnection(socket)) {
            assertThat(tooMany.receive()).contains("org.procmon.Monitor.Busy");
            assertThat(tooMany.receive()).isEqualTo("end");
        }
        for (RawConnection client : crowd) {
            client.close();
        }
        await().untilAsserted(() -> {
            try (RawConnection client = new RawConnection(socket)) {
                client.send(LIST);
                assertThat(client.receive()).startsWith("{\"parameters\"");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomBytesDoNotAffectOtherClients(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] call = LIST.replace('|', '\0').getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[random.nextInt(1, 300)];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                bytes = Arrays.copyOf(call, call.length);
                for (int j = 0; j < 3; j++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
                }
            }
            try (RawConnection client = new RawConnection(socket)) {
                client.send(bytes);
                client.channel().shutdownOutput();
                int answers = 0;
                while (!client.receive().equals("end")) {
                    answers++;
                }
                assertThat(answers).as("seed %d, round %d", seed, i).isLessThanOrEqualTo(1);
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
            }
        }
    }
}
