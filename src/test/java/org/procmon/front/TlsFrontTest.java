package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.front.tls.OpenSsl;

/** A front with a certificate, and curl as its client. */
@Timeout(120)
class TlsFrontTest {
    @TempDir Path folder = Path.of("");
    private FrontStage stage;

    @BeforeEach
    void begin() throws IOException {
        stage = new FrontStage(folder);
        OpenSsl.pair(folder, "own", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    }

    @AfterEach
    void end() throws Exception {
        stage.close();
    }

    private String config(String name) throws IOException {
        Path www = Files.createDirectories(stage.file("www"));
        Files.writeString(www.resolve("a.txt"), "file");
        return "{'routes': [{'path': '/', 'files': {'directory': '%s'}}], 'access': {'tls': %s}}"
                .formatted(www, tls(name));
    }

    private String tls(String name) {
        return "{'certificate': '%s', 'key': '%s'}"
                .formatted(stage.file(name + ".pem"), stage.file(name + ".key"));
    }

    private String curl(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("curl", "-sS", "-m", "30"));
        all.addAll(List.of(words));
        return OpenSsl.command(folder, all);
    }

    private String https() {
        return "https://localhost:" + stage.port() + "/a.txt";
    }

    @Test
    void servesHttp2AndHttp1OverTls() throws Exception {
        stage.serve(config("own"));
        String format = "%{http_version} %{http_code} %{ssl_verify_result} %{size_download}";
        for (String version : List.of("2", "1.1")) {
            assertThat(
                            curl(
                                    version.equals("2") ? "--http2" : "--http1.1",
                                    "--cacert",
                                    "own.pem",
                                    "-o",
                                    "got",
                                    "-w",
                                    format,
                                    https()))
                    .isEqualTo(version + " 200 0 4");
        }
    }

    @Test
    void anApplicationSeesThatItIsTls() throws Exception {
        String app =
                stage.application(
                        "app",
                        (request, response) ->
                                response.write(
                                        ("\r\n"
                                                        + request.params().get("HTTPS")
                                                        + " "
                                                        + request.params().get("REQUEST_SCHEME")
                                                        + " "
                                                        + request.params().get("HTTP_HOST"))
                                                .getBytes(ISO_8859_1)));
        stage.serve(
                "{'routes': [{'application': {'members': ['%s']}}], 'access': {'tls': %s}}"
                        .formatted(app, tls("own")));
        for (String version : List.of("--http2", "--http1.1")) {
            assertThat(curl(version, "--cacert", "own.pem", https()))
                    .isEqualTo("on https localhost:" + stage.port());
        }
    }

    @Test
    void aWorkerIsAskedToGiveUpWhenItsClientLeaves() throws Exception {
        try (QuietWorker worker = new QuietWorker(stage.file("quiet.sock"))) {
            stage.serve(
                    ("{'routes': [{'application': {'members': ['unix:%s']}}],"
                                    + " 'access': {'tls': %s}}")
                            .formatted(stage.file("quiet.sock"), tls("own")));
            try (Socket client = trusting()) {
                client.getOutputStream()
                        .write("GET /a HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> worker.seen().equals(List.of("begun")));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> worker.seen().contains("aborted"));
        }
    }

    @Test
    void aClientWithoutTlsIsSentToHttps() throws Exception {
        stage.serve(config("own"));
        String clear = "http://localhost:" + stage.port() + "/a.txt?b";
        assertThat(curl("-o", "got", "-w", "%{http_code} %{redirect_url}", clear))
                .isEqualTo("308 https://localhost:" + stage.port() + "/a.txt?b");
        assertThat(curl("-d", "x", "-w", " %{http_code}", clear)).endsWith(" 400");
        assertThat(curl("-L", "--cacert", "own.pem", clear)).isEqualTo("file");
    }

    @Test
    void oldVersionsOfTlsAreRefused() throws Exception {
        stage.serve(config("own"));
        assertThatThrownBy(() ->
                        curl(
                                "--tls-max",
                                "1.1",
                                "--ciphers",
                                "DEFAULT@SECLEVEL=0",
                                "--cacert",
                                "own.pem",
                                https()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("curl: (35)");
    }

    @Test
    void aChangedPairIsForNewConnectionsAndABadOneForNone() throws Exception {
        Front front = stage.serve(config("own"));
        OpenSsl.pair(folder, "next", "rsa:2048");
        try (Socket open = trusting()) {
            assertThat(exchange(open)).startsWith("HTTP/1.1 200 ");
            replace("next.pem", "own.pem");
            // The key does not fit yet.
            front.followCertificate();
            assertThat(subject()).isEqualTo("CN=own");
            replace("next.key", "own.key");
            await().atMost(Duration.ofSeconds(20)).until(() -> subject().equals("CN=next"));
            assertThat(exchange(open)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aReloadNamesOtherFilesAndABadPairChangesNothing() throws Exception {
        Front front = stage.serve(config("own"));
        OpenSsl.pair(folder, "next", "ed25519");
        front.reload(stage.config(config("next")));
        assertThat(subject()).isEqualTo("CN=next");
        assertThatThrownBy(() -> front.reload(stage.config(config("none"))))
                .hasMessageContaining("there is no file");
        assertThat(subject()).isEqualTo("CN=next");
    }

    private void replace(String from, String to) throws IOException {
        Files.move(stage.file(from), stage.file(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private String subject() throws Exception {
        try (SSLSocket socket = trusting()) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    private static String exchange(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("HEAD /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
        byte[] answer = new byte[4096];
        int length = socket.getInputStream().read(answer);
        return new String(answer, 0, Math.max(0, length), ISO_8859_1);
    }

    /** A connection to whichever certificate there is. */
    private SSLSocket trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager all =
                new X509TrustManager() {
                    @Override
                    public void checkClientTrusted(X509Certificate[] chain, String kind) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void checkServerTrusted(X509Certificate[] chain, String kind) {
                        // Its name is what the test looks at.
                    }

                    @Override
                    public X509Certificate[] getAcceptedIssuers() {
                        return new X509Certificate[0];
                    }
                };
        context.init(null, new TrustManager[] {all}, null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", stage.port());
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        return socket;
    }
}
