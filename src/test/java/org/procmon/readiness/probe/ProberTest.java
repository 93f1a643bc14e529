package org.procmon.readiness.probe;

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
import org.procmon.config.Probe;

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
            ProbeAnswers probeAnswers = new ProbeAnswers(2);
            prober.ask(tcp(hole.port()), LIMIT, probeAnswers);
            assertThat(probeAnswers.take()).isEqualTo(TOO_LATE);
            assertThat(probeAnswers.take()).isEqualTo(TOO_LATE);
        }
    }

    @Test
    void aConnectionThatTakesItsTimeIsWaitedFor() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            ProbeAnswers first = new ProbeAnswers();
            prober.ask(tcp(hole.port()), LIMIT, first);
            ProbeAnswers patient = new ProbeAnswers();
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
            List<ProbeAnswers> bad = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                ProbeAnswers probeAnswers = new ProbeAnswers();
                bad.add(probeAnswers);
                endings.add(prober.ask(tcp(hole.port()), LONG, probeAnswers));
            }
            ProbeAnswers probeAnswers = new ProbeAnswers();
            prober.ask(tcp(good.getLocalPort()), LIMIT, probeAnswers);
            assertThat(probeAnswers.take()).isEqualTo(WELL);
            assertThat(bad).allMatch(a -> a.count() == 0);
        } finally {
            endings.forEach(Runnable::run);
        }
    }

    @Test
    void aListenerThatSaysNothingIsLeft() throws IOException {
        try (ServerSocket mute = server()) {
            ProbeAnswers probeAnswers = new ProbeAnswers(2);
            prober.ask(http("127.0.0.1", mute.getLocalPort()), LIMIT, probeAnswers);
            assertThat(probeAnswers.take()).isEqualTo(TOO_LATE);
            assertThat(probeAnswers.take()).isEqualTo(TOO_LATE);
        }
    }

    @Test
    void cancelClosesTheSocketAndStopsProbing() throws IOException {
        try (ServerSocket mute = server()) {
            ProbeAnswers probeAnswers = new ProbeAnswers();
            Runnable ending =
                    prober.ask(http("127.0.0.1", mute.getLocalPort()), LONG, probeAnswers);
            try (Socket asked = mute.accept()) {
                ending.run();
                byte[] all = asked.getInputStream().readAllBytes();
                assertThat(all).isNotEmpty();
            }
            assertThat(probeAnswers.count()).isZero();
        }
    }

    @Test
    void anAnswerThatComesInPiecesIsPutTogether() throws IOException {
        try (ServerSocket slow = server()) {
            ProbeAnswers probeAnswers = new ProbeAnswers();
            prober.ask(http("localhost", slow.getLocalPort()), LONG, probeAnswers);
            try (Socket asked = slow.accept()) {
                asked.setTcpNoDelay(true);
                for (char c : "HTTP/1.1 200 OK\r\n".toCharArray()) {
                    asked.getOutputStream().write(c);
                }
                assertThat(probeAnswers.take()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void aUnixSocketWithoutRoomIsTriedAgainUntilThereIs() throws IOException {
        Path path = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            ProbeRequest probeRequest = ProbeRequest.of(new Probe.Unix(path));
            ProbeAnswers full = new ProbeAnswers(Integer.MAX_VALUE);
            Runnable ending = prober.ask(probeRequest, LIMIT, full);
            while (!full.take().equals(TOO_LATE)) {
                assertThat(full.count()).isLessThan(10);
            }
            ending.run();
            ProbeAnswers patient = new ProbeAnswers();
            prober.ask(probeRequest, LONG, patient);
            server.accept().close();
            assertThat(patient.take()).isEqualTo(WELL);
        }
    }

    @Test
    void reportsAPathThatIsTooLong() {
        ProbeAnswers probeAnswers = new ProbeAnswers();
        Path path = Path.of("/" + "x".repeat(200));
        prober.ask(ProbeRequest.of(new Probe.Unix(path)), LONG, probeAnswers);
        assertThat(probeAnswers.take())
                .isEqualTo(
                        new ProbeResult.Bad("cannot connect to " + path + ": File name too long"));
    }

    @Test
    void probesAnIpv6Address() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            ProbeAnswers probeAnswers = new ProbeAnswers();
            prober.ask(http("[::1]", server.getLocalPort()), LONG, probeAnswers);
            try (Socket asked = server.accept()) {
                asked.getOutputStream().write("HTTP/1.1 204\r\n".getBytes(US_ASCII));
                assertThat(probeAnswers.take()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void eachAddressOfThisMachineIsTried() throws IOException {
        for (String address : List.of("127.0.0.1", "::1")) {
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral(address))) {
                int port = server.getLocalPort();
                for (String host : List.of("", "localhost", "LocalHost")) {
                    ProbeAnswers probeAnswers = new ProbeAnswers();
                    prober.ask(ProbeRequest.of(new Probe.Tcp(host, port)), LONG, probeAnswers);
                    assertThat(probeAnswers.take()).as(host + " " + address).isEqualTo(WELL);
                    server.accept().close();
                }
                ProbeAnswers probeAnswers = new ProbeAnswers();
                prober.ask(http("localhost", port), LONG, probeAnswers);
                try (Socket asked = server.accept()) {
                    asked.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
                    assertThat(probeAnswers.take()).isEqualTo(WELL);
                }
            }
        }
    }

    @Test
    void anAddressThatDoesNotAnswerHasOnlyItsShareOfTheTime() throws IOException {
        try (BlackHole hole = new BlackHole();
                ServerSocket good =
                        new ServerSocket(hole.port(), 5, InetAddress.ofLiteral("::1"))) {
            ProbeAnswers probeAnswers = new ProbeAnswers();
            prober.ask(
                    ProbeRequest.of(new Probe.Tcp("localhost", hole.port())),
                    Duration.ofSeconds(2),
                    probeAnswers);
            assertThat(probeAnswers.take()).isEqualTo(WELL);
            good.accept().close();
        }
    }

    @Test
    void aConnectionThatIsClosedWithoutAWordIsNoAnswerWhereAnotherAddressGivesOne()
            throws Exception {
        try (ServerSocket first = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
                ServerSocket second =
                        new ServerSocket(first.getLocalPort(), 5, InetAddress.ofLiteral("::1"))) {
            ProbeAnswers probeAnswers = new ProbeAnswers();
            prober.ask(http("localhost", first.getLocalPort()), LONG, probeAnswers);
            first.accept().close();
            try (Socket asked = second.accept()) {
                asked.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
                assertThat(probeAnswers.take()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void aRedirectToTheSameServerIsFollowed() throws IOException {
        try (ServerSocket server = server()) {
            ProbeAnswers probeAnswers = new ProbeAnswers();
            prober.ask(http("localhost", server.getLocalPort()), LONG, probeAnswers);
            answer(server, "GET / ", "HTTP/1.1 301 Moved\r\nLocation: /up?a\r\n\r\n");
            answer(server, "GET /up?a ", "HTTP/1.1 302 Found\r\nLocation: down\r\n\r\n");
            assertThat(probeAnswers.count()).isZero();
            answer(server, "GET /down ", "HTTP/1.1 503 Busy\r\n\r\n");
            assertThat(probeAnswers.take())
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
