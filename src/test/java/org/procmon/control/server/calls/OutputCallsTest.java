package org.procmon.control.server.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.server.ControlServer;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** What {@code ReadOutput} replies, once and more than once. */
@Timeout(60)
class OutputCallsTest {
    private static final String FOLLOW =
            "{\"method\":\"org.procmon.Monitor.ReadOutput\",\"parameters\":"
                    + "{\"name\":\"web\",\"follow\":true},\"more\":true}|";
    private static final String LIST = "{\"method\":\"org.procmon.Monitor.List\"}|";

    @TempDir Path folder = Path.of("");

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private final FakeOutput output = new FakeOutput();

    @SuppressWarnings("NullAway.Init")
    private ControlServer server;

    @SuppressWarnings("NullAway.Init")
    private RawConnection client;

    @BeforeEach
    void open() throws IOException {
        Path socket = folder.resolve("control.sock");
        server =
                ControlServer.open(
                        socket,
                        ControlSpec.DEFAULT,
                        new MonitorPorts(supervisor, output, Upgrader.NONE, Reloader.NONE),
                        GroupMembership.NONE);
        client = new RawConnection(socket);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        // A follower that is not waited for any more is not left behind.
        await().until(() -> output.waiting() == 0);
    }

    @Test
    void theLastLinesComeWithThePositionBehindThem() throws IOException {
        output.write("web", "one\ntwo\nthree");
        assertThat(read("{\"name\":\"web\",\"lines\":2}"))
                .isEqualTo(piece("two\nthree", 13, false, false));
        assertThat(read("{\"name\":\"web\",\"lines\":0}")).isEqualTo(piece("", 13, false, false));
        assertThat(read("{\"name\":\"web\",\"stream\":null,\"follow\":false}"))
                .isEqualTo(piece("one\ntwo\nthree", 13, false, false));
        assertThat(read("{\"name\":\"web\",\"stream\":\"stderr\"}"))
                .isEqualTo(piece("", 0, false, false));
        output.write("web", "line\n".repeat(60));
        assertThat(read("{\"name\":\"web\"}"))
                .isEqualTo(piece("line\n".repeat(50), 313, false, false));
    }

    @Test
    void bytesOfAnyKindComeAsTheyAre() throws IOException {
        byte[] bytes = new byte[3000];
        new Random(1).nextBytes(bytes);
        output.write("web", StandardStream.STDERR, bytes);

        String reply = read("{\"name\":\"web\",\"stream\":\"stderr\",\"lines\":9999}");

        assertThat(reply).startsWith("{\"parameters\":{\"data\":\"");
        String data = reply.substring(reply.indexOf(":\"") + 2, reply.indexOf("\",\"position"));
        assertThat(Base64.getDecoder().decode(data)).isEqualTo(bytes);
    }

    @Test
    void aReplyHasAtMost64KibAndANextPosition() throws IOException {
        output.write("web", "x".repeat(100_000));
        assertThat(read("{\"name\":\"web\"}"))
                .isEqualTo(piece("x".repeat(65_536), 100_000, false, false));
        assertThat(read("{\"name\":\"web\",\"position\":\"at:10\"}"))
                .isEqualTo(piece("x".repeat(65_536), 65_546, false, false));
        assertThat(read("{\"name\":\"web\",\"position\":\"at:65546\"}"))
                .isEqualTo(piece("x".repeat(34_454), 100_000, false, false));
        assertThat(read("{\"name\":\"web\",\"position\":\"at:100000\"}"))
                .isEqualTo(piece("", 100_000, false, false));
        output.forget(99_999);
        assertThat(read("{\"name\":\"web\",\"position\":\"at:10\"}"))
                .isEqualTo(piece("x", 100_000, true, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'name':'x'                   | procmon.Monitor.NoSuchProcess | 'name':'x'",
                "'name':'w*'                  | procmon.Monitor.NoSuchProcess | 'name':'w*'",
                "'name':'a/b'                 | procmon.Monitor.InvalidName | 'name':'a/b'",
                "'name':'procmon1'            | procmon.Monitor.NoOutput | 'name':'procmon1',"
                        + "'reason':'procmon1 is a monitor; its own output is not captured'",
                "'name':'null'                | procmon.Monitor.NoOutput | 'name':'null','reason':"
                        + "'its stdout goes to /dev/null'",
                "'lines':1                    | varlink.service.InvalidParameter |"
                        + " 'parameter':'name'",
                "'name':'web','stream':'x'    | varlink.service.InvalidParameter |"
                        + " 'parameter':'stream'",
                "'name':'web','stream':1      | varlink.service.InvalidParameter |"
                        + " 'parameter':'stream'",
                "'name':'web','lines':-1      | varlink.service.InvalidParameter |"
                        + " 'parameter':'lines'",
                "'name':'web','lines':5000000000 | varlink.service.InvalidParameter |"
                        + " 'parameter':'lines'",
                "'name':'web','lines':'5'     | varlink.service.InvalidParameter |"
                        + " 'parameter':'lines'",
                "'name':'web','position':''   | varlink.service.InvalidParameter |"
                        + " 'parameter':'position'",
                "'name':'web','position':'x'  | varlink.service.InvalidParameter |"
                        + " 'parameter':'position'",
                "'name':'web','follow':1      | varlink.service.InvalidParameter |"
                        + " 'parameter':'follow'",
                "'name':'web','wait':true     | varlink.service.InvalidParameter |"
                        + " 'parameter':'wait'",
                "'name':'web','follow':true   | varlink.service.ExpectedMore | 'parameters':{}",
            })
    void aBadCallIsAnsweredWithItsError(String parameters, String error, String told)
            throws IOException {
        supervisor.snapshot =
                new Snapshot(
                        List.of(FakeSupervisor.stopped("web"), FakeSupervisor.stopped("null")),
                        supervisor.snapshot.monitors(),
                        false);
        assertThat(read("{" + parameters.replace('\'', '"') + "}").replace('"', '\''))
                .startsWith("{'error':'org." + error + "'")
                .contains(told);
    }

    @Test
    void aPositionWithoutEndIsRefused() throws IOException {
        assertThat(read("{\"name\":\"web\",\"position\":\"at:" + "1".repeat(300) + "\"}"))
                .contains("TooLarge");
    }

    @Test
    void aFollowerGetsNewOutput() throws IOException {
        output.write("web", "before\n");
        client.send(FOLLOW);
        assertThat(client.receive()).isEqualTo(piece("before\n", 7, false, true));
        for (int i = 0; i < 3; i++) {
            await().until(() -> output.waiting() == 1);
            output.write("web", "new\n");
            assertThat(client.receive()).isEqualTo(piece("new\n", 11 + 4 * i, false, true));
        }
    }

    @Test
    void aFollowerGetsLargeOutputInPieces() throws IOException {
        output.write("web", "a");
        client.send(FOLLOW);
        assertThat(client.receive()).isEqualTo(piece("a", 1, false, true));
        output.write("web", "b".repeat(150_000));
        assertThat(client.receive()).isEqualTo(piece("b".repeat(65_536), 65_537, false, true));
        assertThat(client.receive()).isEqualTo(piece("b".repeat(65_536), 131_073, false, true));
        assertThat(client.receive()).isEqualTo(piece("b".repeat(18_928), 150_001, false, true));
    }

    @Test
    void aFollowerResumesFromAPosition() throws IOException {
        output.write("web", "0123456789");
        client.send(FOLLOW.replace("\"follow\"", "\"position\":\"at:7\",\"follow\""));
        assertThat(client.receive()).isEqualTo(piece("789", 10, false, true));
        output.write("web", "x");
        assertThat(client.receive()).isEqualTo(piece("x", 11, false, true));
    }

    @Test
    void aFollowThatComesByteByByteIsOne() throws IOException {
        output.write("web", "x");
        for (byte one : FOLLOW.replace('|', '\0').getBytes(StandardCharsets.UTF_8)) {
            client.send(one);
        }
        assertThat(client.receive()).isEqualTo(piece("x", 1, false, true));
        output.write("web", "y");
        assertThat(client.receive()).isEqualTo(piece("y", 2, false, true));
    }

    @Test
    void moreWithoutFollowHasOneReply() throws IOException {
        output.write("web", "a\n");
        client.send(FOLLOW.replace("true}", "false}"));
        assertThat(client.receive()).isEqualTo(piece("a\n", 2, false, false));
    }

    @Test
    void aFollowEndsWhenItsClientSaysSomethingWhichIsThenAnswered() throws IOException {
        client.send(FOLLOW);
        assertThat(client.receive()).isEqualTo(piece("", 0, false, true));
        await().until(() -> output.waiting() == 1);
        client.send(LIST);
        assertThat(client.receive()).isEqualTo(piece("", 0, false, false));
        assertThat(client.receive()).startsWith("{\"parameters\":{\"processes\":[");
        client.send(FOLLOW + LIST);
        assertThat(client.receive()).isEqualTo(piece("", 0, false, true));
        assertThat(client.receive()).isEqualTo(piece("", 0, false, false));
        assertThat(client.receive()).startsWith("{\"parameters\":{\"processes\":[");
    }

    @Test
    void aFollowEndsWhenItsClientStopsSendingWithAProperReply() throws IOException {
        client.send(FOLLOW);
        assertThat(client.receive()).isEqualTo(piece("", 0, false, true));
        client.channel().shutdownOutput();
        assertThat(client.receive()).isEqualTo(piece("", 0, false, false));
        assertThat(client.receive()).isEqualTo("end");
    }

    @Test
    void aFollowEndsWhenItsProcessIsForgotten() throws IOException {
        client.send(FOLLOW);
        client.receive();
        supervisor.snapshot = new Snapshot(List.of(), List.of(), false);
        output.write("web", "x");
        assertThat(client.receive())
                .isEqualTo(
                        "{\"error\":\"org.procmon.Monitor.NoSuchProcess\",\"parameters\":"
                                + "{\"name\":\"web\"}}");
        assertThat(client.call(LIST.replace("|", ""))).startsWith("{\"parameters\"");
    }

    @Test
    void aStoppingServerSendsFollowersTheRest() throws Exception {
        client.send(FOLLOW);
        client.receive();
        await().until(() -> output.waiting() == 1);
        CompletableFuture<Void> stopped =
                CompletableFuture.runAsync(() -> {
                    try {
                        server.stop(Duration.ofSeconds(30));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        assertThat(client.receive()).isEqualTo(piece("", 0, false, false));
        assertThat(client.receive()).isEqualTo("end");
        stopped.get(20, TimeUnit.SECONDS);
    }

    private String read(String parameters) throws IOException {
        return client.monitor("ReadOutput", parameters);
    }

    private static String piece(String text, int position, boolean skipped, boolean continues) {
        return "{\"parameters\":{\"data\":\""
                + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                + "\",\"position\":\"at:"
                + position
                + "\",\"skipped\":"
                + skipped
                + (continues ? "},\"continues\":true}" : "}}");
    }
}
