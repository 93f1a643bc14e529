package org.procmon.readiness.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Probe;

/** What is asked over TLS. */
@Timeout(60)
class TlsProbeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path folder = Path.of("");

    private static ProbeResult ask(String url, boolean insecure, List<Path> stores) {
        Probe.Http probe = new Probe.Http(URI.create(url), insecure);
        return new TlsProbe(probe, LIMIT, new Tls(stores)).ask();
    }

    @Test
    void aCertificateHasToBeTrustedAndToBelongToTheHost() throws Exception {
        try (TlsServer server = new TlsServer(folder, "127.0.0.1")) {
            String url = "https://localhost:" + server.port();
            assertThat(ask(url + "/up", false, List.of()))
                    .isEqualTo(
                            new ProbeResult.Bad(
                                    "cannot ask "
                                            + url
                                            + "/up: the certificate of localhost is not trusted:"
                                            + " its issuer is unknown; add that to the certificates"
                                            + " that this machine trusts, or 'insecure': true"
                                            + " accepts any certificate"));
            assertThat(ask(url + "/up", true, List.of())).isEqualTo(ProbeResult.WELL);
            List<Path> stores = List.of(folder.resolve("none"), server.certificate());
            assertThat(ask(url + "/up", false, stores)).isEqualTo(ProbeResult.WELL);
            assertThat(ask(url + "/moved", false, stores)).isEqualTo(ProbeResult.WELL);
            assertThat(ask(url + "/none", false, stores))
                    .isEqualTo(new ProbeResult.Bad(url + "/none says 404"));
            String other = "https://127.0.0.1:" + server.port();
            assertThat(ask(other + "/up", false, stores)).isEqualTo(ProbeResult.WELL);
        }
    }

    @Test
    void eachAddressOfThisMachineIsTried() throws Exception {
        try (TlsServer server = new TlsServer(folder, "::1")) {
            String url = "https://localhost:" + server.port() + "/up";
            assertThat(ask(url, true, List.of())).isEqualTo(ProbeResult.WELL);
            String numbered = "https://[::1]:" + server.port() + "/up";
            assertThat(ask(numbered, false, List.of(server.certificate())))
                    .isEqualTo(
                            new ProbeResult.Bad(
                                    "cannot ask "
                                            + numbered
                                            + ": the certificate of [::1] is not trusted: it is for"
                                            + " another name than [::1]; ask by its own name, or"
                                            + " 'insecure': true accepts any certificate"));
        }
    }

    @Test
    void reportsAServerWithoutTlsOrWithoutAnswer() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (var socket = plain.accept()) {
                            socket.getOutputStream()
                                    .write("HTTP/1.1 400 no\r\n\r\n".getBytes(US_ASCII));
                        } catch (java.io.IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            String url = "https://127.0.0.1:" + plain.getLocalPort() + "/";
            assertThat(ask(url, true, List.of())).isInstanceOf(ProbeResult.Bad.class);
        }
        int port;
        try (ServerSocket gone = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            port = gone.getLocalPort();
        }
        assertThat(ask("https://127.0.0.1:" + port + "/", true, List.of()))
                .isEqualTo(
                        new ProbeResult.Bad(
                                "cannot ask https://127.0.0.1:" + port + "/: Connection refused"));
        assertThat(ask("https://no-such-host.invalid/", true, List.of()))
                .isEqualTo(
                        new ProbeResult.Bad(
                                "cannot ask https://no-such-host.invalid/: there is no such"
                                        + " host"));
    }

    @Test
    void timesOutOnASilentServer() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Duration soon = Duration.ofMillis(200);
            Probe.Http probe =
                    new Probe.Http(
                            URI.create("https://127.0.0.1:" + mute.getLocalPort() + "/"), true);
            assertThat(new TlsProbe(probe, soon, new Tls(List.of())).ask())
                    .isEqualTo(new ProbeResult.Bad("no answer within 200 ms"));
        }
    }
}
