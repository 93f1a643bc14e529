package org.procmon.fastcgi.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.fastcgi.Bytes;
import org.procmon.fastcgi.CannedChannel;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.http.HeaderField;

/** Exact bytes in both directions; what comes is split anywhere, down to one byte. */
@Timeout(30)
class ClientBytesTest {
    private static final int[] PIECES = {1, 2, 3, 7, 8, 9, 64, 100_000};

    private final RecordedFailures bugs = new RecordedFailures();
    private final FastCgiClient client = new FastCgiClient(FastCgiClientLimits.DEFAULT, bugs);

    @AfterEach
    void end() {
        client.close();
        assertThat(bugs.seen()).isEmpty();
    }

    private static byte[] out(int id, String text) {
        return Bytes.record(6, id, Bytes.text(text));
    }

    private static String read(ClientResponse response) throws IOException {
        return new String(response.body().readAllBytes(), ISO_8859_1);
    }

    private static byte[] request(int role, int flags, byte[] pairs, byte[]... streams) {
        return Bytes.join(
                Bytes.begin(1, role, flags), Bytes.stream(4, 1, pairs), Bytes.join(streams));
    }

    @Test
    void aRequestWithoutABodyIsWrittenAtOnceAndItsResponseReadInAnyPieces() throws IOException {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("REQUEST_METHOD", "GET");
        params.put("LONG", "x".repeat(300));
        params.put("BYTES", "\u00e4");
        byte[] answer =
                Bytes.join(
                        Bytes.record(6, 1, Bytes.text("Status: 404 Not Found\r\nA: b\r"), 3),
                        Bytes.record(7, 1, Bytes.text("oops")),
                        out(1, "\nContent-Type:text/plain \n\r\nfirst"),
                        out(1, " second"),
                        Bytes.record(6, 1),
                        Bytes.record(7, 1),
                        Bytes.record(3, 1, new byte[] {0, 0, 1, 2, 0, 0, 0, 0}, 5));
        for (int piece : PIECES) {
            CannedChannel channel = new CannedChannel(answer, piece);
            ClientConnection connection = client.over(channel);
            ClientResponse response = connection.send(ClientRequest.of(Role.RESPONDER, params));
            assertThat(response.header().status()).isEqualTo("404 Not Found");
            assertThat(response.header().fields())
                    .containsExactly(
                            new HeaderField("A", "b"),
                            new HeaderField("Content-Type", "text/plain"));
            assertThat(response.field("content-type")).contains("text/plain");
            assertThatThrownBy(response::appStatus).isInstanceOf(IllegalStateException.class);
            assertThat(read(response)).isEqualTo("first second");
            assertThat(response.appStatus()).isEqualTo(258);
            assertThat(connection.takeErrors()).isEqualTo(Bytes.text("oops"));
            assertThat(connection.isReusable()).isFalse();
            assertThat(channel.writes).hasSize(1);
            assertArrayEquals(
                    request(1, 0, Bytes.pairs(params), Bytes.record(5, 1)), channel.written());
        }
    }

    @Test
    void eachRoleGetsItsStreams() throws IOException {
        byte[] answer =
                Bytes.join(
                        out(1, "Status: 200 OK\r\nVariable-USER: eve\r\nvariable-x: 1\r\n\r\n"),
                        Bytes.end(1, 0, 0));
        CannedChannel authorizes = new CannedChannel(answer, 1);
        ClientResponse permitted =
                client.over(authorizes).send(ClientRequest.of(Role.AUTHORIZER, Map.of()));
        assertThat(permitted.variables()).isEqualTo(Map.of("USER", "eve", "x", "1"));
        assertArrayEquals(request(2, 0, new byte[0]), authorizes.written());

        CannedChannel filters = new CannedChannel(answer, 1);
        client.over(filters).send(ClientRequest.of(Role.FILTER, Map.of()));
        assertArrayEquals(
                request(3, 0, new byte[0], Bytes.record(5, 1), Bytes.record(8, 1)),
                filters.written());
        assertThatThrownBy(() ->
                        ClientRequest.of(Role.AUTHORIZER, Map.of())
                                .withBody(new ByteArrayInputStream(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        ClientRequest.of(Role.RESPONDER, Map.of())
                                .withData(new ByteArrayInputStream(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeptConnectionCarriesTheNextRequestUnderAnotherId() throws IOException {
        byte[] first = Bytes.join(out(1, "\nA"), Bytes.record(6, 1), Bytes.end(1, 0, 0));
        byte[] second = Bytes.join(out(2, "\nB"), Bytes.end(2, 0, 0));
        CannedChannel channel = new CannedChannel(Bytes.join(first, second), first.length);
        ClientConnection connection = client.over(channel);
        ClientRequest request = ClientRequest.of(Role.RESPONDER, Map.of()).keepingConnection();
        assertThat(read(connection.send(request))).isEqualTo("A");
        assertThat(connection.isReusable()).isTrue();
        assertThat(read(connection.send(request))).isEqualTo("B");
        assertArrayEquals(
                Bytes.join(
                        request(1, 1, new byte[0], Bytes.record(5, 1)),
                        Bytes.begin(2, 1, 1),
                        Bytes.record(4, 2),
                        Bytes.record(5, 2)),
                channel.written());
    }

    @Test
    void aConnectionWithMoreThanTheResponseIsNotUsedAgain() throws IOException {
        byte[] answer = Bytes.join(out(1, "\nA"), Bytes.end(1, 0, 0), new byte[] {1});
        ClientConnection connection = client.over(new CannedChannel(answer, 1000));
        ClientRequest request = ClientRequest.of(Role.RESPONDER, Map.of()).keepingConnection();
        assertThat(read(connection.send(request))).isEqualTo("A");
        assertThat(connection.isReusable()).isFalse();
        assertThatThrownBy(() -> connection.send(request))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRejectedRequestSaysWhyAndLeavesTheConnectionUsable() throws IOException {
        CannedChannel channel =
                new CannedChannel(
                        Bytes.join(Bytes.end(1, 0, 2), out(2, "\n"), Bytes.end(2, 0, 0)), 16);
        ClientConnection connection = client.over(channel);
        ClientRequest request = ClientRequest.of(Role.RESPONDER, Map.of()).keepingConnection();
        assertThatThrownBy(() -> connection.send(request))
                .isInstanceOfSatisfying(
                        RequestRejectedException.class, e -> assertThat(e.isOverloaded()).isTrue())
                .hasMessage("the application rejects the request: it is overloaded");
        assertThat(connection.isReusable()).isTrue();
        assertThat(read(connection.send(request))).isEmpty();
    }

    @Test
    void valuesAreAskedFor() throws IOException {
        Map<String, String> known = Map.of("FCGI_MAX_CONNS", "7");
        CannedChannel channel =
                new CannedChannel(
                        Bytes.join(
                                Bytes.record(10, 0, Bytes.pairs(known), 4),
                                Bytes.record(11, 0, new byte[] {9, 0, 0, 0, 0, 0, 0, 0}, 0)),
                        1);
        ClientConnection connection = client.over(channel);
        assertThat(connection.values(Set.of("FCGI_MAX_CONNS"))).isEqualTo(known);
        assertArrayEquals(
                Bytes.record(9, 0, Bytes.pairs(Map.of("FCGI_MAX_CONNS", ""))), channel.written());
        assertThat(connection.values(Set.of("FCGI_MAX_CONNS"))).isEmpty();
        assertThat(connection.isReusable()).isTrue();
        assertThatThrownBy(() -> connection.values(Set.of()))
                .isInstanceOf(FastCgiException.class)
                .hasMessage("the application closed the connection without an answer");
        assertThat(connection.isReusable()).isFalse();
    }

    @Test
    void aHeaderIsReadAsWebServersReadIt() throws IOException {
        for (List<String> one :
                List.of(
                        List.of("Location: /x\n\n", "302 Found"),
                        List.of("Location: /x\nStatus: 201 Created\n\n", "201 Created"),
                        List.of("status:  503\n\n", "503 "),
                        List.of("HTTP/1.1 404 Gone away\nA: b\r\n\r\n", "404 Gone away"),
                        List.of("\n", "200 OK"))) {
            byte[] answer = Bytes.join(out(1, one.getFirst()), Bytes.end(1, 0, 0));
            ClientResponse response =
                    client.over(new CannedChannel(answer, 1))
                            .send(ClientRequest.of(Role.RESPONDER, Map.of()));
            assertThat(response.header().status()).isEqualTo(one.getLast());
        }
    }
}
