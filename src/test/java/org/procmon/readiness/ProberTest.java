package org.procmon.readiness;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.spec.Probe;

/** Those who do not answer, and what they do not hold up. */
@Timeout(30)
class ProberTest {
    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofHours(1);
    private static final ProbeResult TOO_LATE = new ProbeResult.Bad("no answer within 200 ms");
    private static final ProbeResult WELL = ProbeResult.WELL;

    private final Prober prober =
            new Prober((_, bug) -> {
                throw new AssertionError(bug);
            });

    @TempDir Path folder = Path.of("");

    @Test
    void aPortThatDropsPacketsGivesNoAnswerInTimeAgainAndAgain() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            Answers answers = new Answers(2);
            prober.ask(tcp(hole.port()), LIMIT, answers);
            assertThat(answers.take()).isEqualTo(TOO_LATE);
            assertThat(answers.take()).isEqualTo(TOO_LATE);
        }
    }

    @Test
    void aConnectionThatTakesItsTimeIsWaitedFor() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            Answers first = new Answers();
            prober.ask(tcp(hole.port()), LIMIT, first);
            Answers patient = new Answers();
            prober.ask(tcp(hole.port()), LONG, patient);
            assertThat(first.take()).isEqualTo(TOO_LATE);
            assertThat(patient.count()).isZero();
            hole.open();
            assertThat(patient.take()).isEqualTo(WELL);
        }
    }

    @Test
    void aThousandBlackHolesDoNotDelayAGoodOne() throws IOException {
        List<Runnable> endings = new ArrayList<>();
        try (BlackHole hole = new BlackHole();
                ServerSocket good = server()) {
            List<Answers> bad = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                Answers answers = new Answers();
                bad.add(answers);
                endings.add(prober.ask(tcp(hole.port()), LONG, answers));
            }
            Answers answers = new Answers();
            prober.ask(tcp(good.getLocalPort()), LIMIT, answers);
            assertThat(answers.take()).isEqualTo(WELL);
            assertThat(bad).allMatch(a -> a.count() == 0);
        } finally {
            endings.forEach(Runnable::run);
        }
    }

    @Test
    void aListenerThatSaysNothingIsLeft() throws IOException {
        try (ServerSocket mute = server()) {
            Answers answers = new Answers(2);
            prober.ask(http("127.0.0.1", mute.getLocalPort()), LIMIT, answers);
            assertThat(answers.take()).isEqualTo(TOO_LATE);
            assertThat(answers.take()).isEqualTo(TOO_LATE);
        }
    }

    @Test
    void whoIsEndedHasItsSocketClosedAndIsAskedNoMore() throws IOException {
        try (ServerSocket mute = server()) {
            Answers answers = new Answers();
            Runnable ending = prober.ask(http("127.0.0.1", mute.getLocalPort()), LONG, answers);
            try (Socket asked = mute.accept()) {
                ending.run();
                byte[] all = asked.getInputStream().readAllBytes();
                assertThat(all).isNotEmpty();
            }
            assertThat(answers.count()).isZero();
        }
    }

    @Test
    void anAnswerThatComesInPiecesIsPutTogether() throws IOException {
        try (ServerSocket slow = server()) {
            Answers answers = new Answers();
            prober.ask(http("localhost", slow.getLocalPort()), LONG, answers);
            try (Socket asked = slow.accept()) {
                asked.setTcpNoDelay(true);
                for (char c : "HTTP/1.1 200 OK\r\n".toCharArray()) {
                    asked.getOutputStream().write(c);
                }
                assertThat(answers.take()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void aUnixSocketWithoutRoomIsTriedAgainUntilThereIs() throws IOException {
        Path path = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            ProbeRequest probeRequest = ProbeRequest.of(new Probe.Unix(path));
            Answers full = new Answers(Integer.MAX_VALUE);
            Runnable ending = prober.ask(probeRequest, LIMIT, full);
            while (!full.take().equals(TOO_LATE)) {
                assertThat(full.count()).isLessThan(10);
            }
            ending.run();
            Answers patient = new Answers();
            prober.ask(probeRequest, LONG, patient);
            server.accept().close();
            assertThat(patient.take()).isEqualTo(WELL);
        }
    }

    @Test
    void aPathThatIsTooLongIsTold() {
        Answers answers = new Answers();
        Path path = Path.of("/" + "x".repeat(200));
        prober.ask(ProbeRequest.of(new Probe.Unix(path)), LONG, answers);
        assertThat(answers.take())
                .isEqualTo(
                        new ProbeResult.Bad("cannot connect to " + path + ": File name too long"));
    }

    @Test
    void anAddressOfTheNewerKindIsAskedToo() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            Answers answers = new Answers();
            prober.ask(http("[::1]", server.getLocalPort()), LONG, answers);
            try (Socket asked = server.accept()) {
                asked.getOutputStream().write("HTTP/1.1 204\r\n".getBytes(US_ASCII));
                assertThat(answers.take()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void eachAddressOfThisMachineIsTried() throws IOException {
        for (String address : List.of("127.0.0.1", "::1")) {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral(address))) {
                int port = server.getLocalPort();
                for (String host : List.of("", "localhost", "LocalHost")) {
                    Answers answers = new Answers();
                    prober.ask(ProbeRequest.of(new Probe.Tcp(host, port)), LONG, answers);
                    assertThat(answers.take()).as(host + " " + address).isEqualTo(WELL);
                    server.accept().close();
                }
                Answers answers = new Answers();
                prober.ask(http("localhost", port), LONG, answers);
                try (Socket asked = server.accept()) {
                    asked.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
                    assertThat(answers.take()).isEqualTo(WELL);
                }
            }
        }
    }

    @Test
    void anAddressThatDoesNotAnswerHasOnlyItsShareOfTheTime() throws IOException {
        try (BlackHole hole = new BlackHole();
                ServerSocket good =
                        new ServerSocket(hole.port(), 5, InetAddress.ofLiteral("::1"))) {
            Answers answers = new Answers();
            prober.ask(
                    ProbeRequest.of(new Probe.Tcp("localhost", hole.port())),
                    Duration.ofSeconds(2),
                    answers);
            assertThat(answers.take()).isEqualTo(WELL);
            good.accept().close();
        }
    }

    @Test
    void aConnectionThatIsClosedWithoutAWordIsNoAnswerWhereAnotherAddressGivesOne()
            throws Exception {
        try (ServerSocket first = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
                ServerSocket second =
                        new ServerSocket(first.getLocalPort(), 5, InetAddress.ofLiteral("::1"))) {
            Answers answers = new Answers();
            prober.ask(http("localhost", first.getLocalPort()), LONG, answers);
            first.accept().close();
            try (Socket asked = second.accept()) {
                asked.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
                assertThat(answers.take()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void aRedirectToTheSameServerIsFollowed() throws IOException {
        try (ServerSocket server = server()) {
            Answers answers = new Answers();
            prober.ask(http("localhost", server.getLocalPort()), LONG, answers);
            answer(server, "GET / ", "HTTP/1.1 301 Moved\r\nLocation: /up?a\r\n\r\n");
            answer(server, "GET /up?a ", "HTTP/1.1 302 Found\r\nLocation: down\r\n\r\n");
            assertThat(answers.count()).isZero();
            answer(server, "GET /down ", "HTTP/1.1 503 Busy\r\n\r\n");
            assertThat(answers.take())
                    .isEqualTo(
                            new ProbeResult.Bad(
                                    "http://localhost:"
                                            + server.getLocalPort()
                                            + "/down says 503"));
        }
    }

    private static void answer(ServerSocket server, String expected, String answer)
            throws IOException {
        try (Socket asked = server.accept()) {
            byte[] request = new byte[1000];
            int length = asked.getInputStream().read(request);
            assertThat(new String(request, 0, length, US_ASCII)).startsWith(expected);
            asked.getOutputStream().write(answer.getBytes(US_ASCII));
        }
    }

    private static ProbeRequest tcp(int port) {
        return ProbeRequest.of(new Probe.Tcp("", port));
    }

    private static ProbeRequest http(String host, int port) {
        return ProbeRequest.of(new Probe.Http(URI.create("http://" + host + ":" + port + "/")));
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
