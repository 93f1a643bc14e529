package org.procmon.fastcgi.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.wire.FastCgiException;

/**
 * What the client does with each implementation of an application. By its query string, the
 * application echoes a body ({@code echo}), writes 8 MiB ({@code big}) or without end ({@code
 * endless}), or to standard error ({@code stderr}); otherwise it answers with method and query.
 */
@Timeout(120)
abstract class ApplicationContract {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir Path folder;
    private final RecordedFailures bugs = new RecordedFailures();
    final FastCgiClient client = new FastCgiClient(FastCgiClientLimits.DEFAULT, bugs);

    /** Where the application listens, soon. */
    abstract SocketAddress address();

    /** What the application wrote to standard error in the request {@code stderr}. */
    abstract String expectedErrors();

    @AfterEach
    void closeTheClient() {
        client.close();
        assertThat(bugs.seen()).isEmpty();
    }

    /** Connects as soon as the application listens. */
    final ClientConnection connect() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(FastCgiException.class)
                .until(() -> client.connect(address()), ClientConnection::isReusable);
    }

    /** The variables that all applications need. */
    Map<String, String> params(String method, String query) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("REQUEST_METHOD", method);
        params.put("QUERY_STRING", query);
        params.put("SERVER_PROTOCOL", "HTTP/1.1");
        params.put("REQUEST_URI", "/?" + query);
        return params;
    }

    private ClientRequest get(String query) {
        return ClientRequest.of(Role.RESPONDER, params("GET", query));
    }

    private ClientRequest post(InputStream body, long length) {
        Map<String, String> params = params("POST", "echo");
        params.put("CONTENT_TYPE", "application/octet-stream");
        params.put("CONTENT_LENGTH", "" + length);
        return ClientRequest.of(Role.RESPONDER, params).withBody(body);
    }

    static String text(ClientResponse response) throws IOException {
        return new String(response.body().readAllBytes(), ISO_8859_1);
    }

    private void assertServes() throws IOException {
        try (ClientConnection connection = connect()) {
            ClientResponse response = connection.send(get("a=b"));
            assertThat(response.header().code()).isEqualTo(200);
            assertThat(response.field("x-peer")).contains("yes");
            assertThat(text(response)).isEqualTo("GET a=b");
            assertThat(response.appStatus()).isZero();
        }
    }

    @Test
    void aGetIsAnswered() throws IOException {
        assertServes();
    }

    @Test
    void aBodyOfAMebibyteIsEchoed() throws IOException {
        byte[] body = new byte[MEBIBYTE];
        new Random(7).nextBytes(body);
        try (ClientConnection connection = connect()) {
            ClientResponse response =
                    connection.send(post(new ByteArrayInputStream(body), body.length));
            assertThat(response.body().readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void eightMebibytesAreStreamed() throws IOException {
        try (ClientConnection connection = connect()) {
            ClientResponse response = connection.send(get("big"));
            byte[] piece = new byte[10_000];
            long total = 0;
            int count = response.body().read(piece);
            while (count >= 0) {
                total += count;
                count = response.body().read(piece);
            }
            assertThat(total).isEqualTo(8L * MEBIBYTE);
        }
    }

    @Test
    void standardErrorArrivesBesideTheResponse() throws IOException {
        try (ClientConnection connection = connect()) {
            String expected = expectedErrors();
            ClientResponse response = connection.send(get("stderr"));
            assertThat(text(response)).isEqualTo(expected.isEmpty() ? "GET stderr" : "done");
            assertThat(new String(connection.takeErrors(), ISO_8859_1)).contains(expected);
        }
    }

    @Test
    void aKeptConnectionServesOneRequestAfterTheOther() throws IOException {
        try (ClientConnection connection = connect()) {
            for (int i = 0; i < 20; i++) {
                byte[] body = new byte[i * 1000];
                ClientResponse response =
                        connection.send(
                                post(new ByteArrayInputStream(body), body.length)
                                        .keepingConnection());
                assertThat(response.body().readAllBytes()).isEqualTo(body);
                assertThat(connection.isReusable()).isTrue();
            }
        }
    }

    @Test
    void anAbortedRequestLeavesTheApplicationFree() throws IOException {
        try (ClientConnection connection = connect()) {
            ClientResponse response = connection.send(get("endless"));
            assertThat(response.body().readNBytes(MEBIBYTE)).hasSize(MEBIBYTE);
            connection.abort();
        }
        assertServes();
    }

    @Test
    void aBodyThatBreaksOffLeavesTheApplicationFree() throws IOException {
        InputStream broken =
                new SequenceInputStream(
                        new ByteArrayInputStream(new byte[100_000]), new BrokenBody());
        try (ClientConnection connection = connect()) {
            assertThatThrownBy(() -> connection.send(post(broken, 200_000)).body().readAllBytes())
                    .isInstanceOf(FastCgiException.class)
                    .hasMessage(BrokenBody.WORDS);
        }
        assertServes();
    }

    @Test
    void valuesAreTold() throws IOException {
        try (ClientConnection connection = connect()) {
            assertThat(connection.values(Set.of("FCGI_MPXS_CONNS")))
                    .containsOnlyKeys("FCGI_MPXS_CONNS");
        }
    }
}
