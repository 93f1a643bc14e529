package org.procmon.fastcgi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.fastcgi.Bytes;
import org.procmon.fastcgi.CannedChannel;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.wire.FastCgiException;

/** What a broken or hostile application sends, and the words for it. */
@Timeout(30)
class ClientFaultsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final FastCgiClientLimits LIMITS =
            new FastCgiClientLimits(LONG, LONG, LONG, LONG, 1000, 5, 2000);

    private final RecordedFailures bugs = new RecordedFailures();
    private final FastCgiClient client = new FastCgiClient(LIMITS, bugs);

    @AfterEach
    void end() {
        client.close();
        assertThat(bugs.seen()).isEmpty();
    }

    private static byte[] out(String text) {
        return Bytes.record(6, 1, Bytes.text(text));
    }

    private static Arguments fault(String words, byte[]... records) {
        return Arguments.of(words, Bytes.join(records));
    }

    static Stream<Arguments> faults() {
        byte[] end = Bytes.end(1, 0, 0);
        byte[] version = out("\n");
        version[0] = 2;
        byte[] partOfEnd = Arrays.copyOf(end, 11);
        byte[] errors = Bytes.record(7, 1, new byte[1500]);
        return Stream.of(
                fault("the application closed the connection without an answer"),
                fault(
                        "the application closed the connection before the response was complete",
                        out("\nabc")),
                fault("the application closed the connection in the middle of a record", partOfEnd),
                fault(
                        "the application closed the connection in the middle of a record",
                        Arrays.copyOf(out("\nabc"), 10)),
                fault("a record has version 2, not 1", version),
                fault(
                        "a record of request 7 in the response to request 1",
                        Bytes.record(6, 7, Bytes.text("\n"))),
                fault("END_REQUEST has a body of 2 bytes, not 8", Bytes.record(3, 1, new byte[2])),
                fault("a record of type 5, which only web servers send", Bytes.record(5, 1)),
                fault("a record of type 77", Bytes.record(77, 1)),
                fault("a management record of type 10 that nothing asked for", Bytes.record(10, 0)),
                fault(
                        "a record of STDOUT after the end of that stream",
                        out("\n"),
                        Bytes.record(6, 1),
                        out("x")),
                fault(
                        "a record of STDERR after the end of that stream",
                        Bytes.record(7, 1),
                        errors),
                fault("the application wrote more than 2000 bytes to STDERR", errors, errors),
                fault(
                        "the header of the response exceeds 1000 bytes",
                        out("A: " + "x".repeat(500)),
                        out("y".repeat(600))),
                fault(
                        "the header of the response has more than 5 fields",
                        out("A: b\n".repeat(6) + "\n"),
                        end),
                fault(
                        "the header of the response has a line that is no field: hello",
                        out("hello\n\n"),
                        end),
                fault(
                        "the header of the response has a line that is no field: A : b",
                        out("A : b\n\n"),
                        end),
                fault(
                        "the header of the response has a control character: A: b\\u000dC: d",
                        out("A: b\rC: d\n\n"),
                        end),
                fault("the header of the response has no valid status: ok", out("Status: ok\n\n")),
                fault(
                        "the header of the response has two statuses: Status: 2",
                        out("Status: 200\nStatus: 2\n\n")),
                fault(
                        "the request ended with status 3 before the header of its response was"
                                + " complete",
                        out("A: b\n"),
                        Bytes.end(1, 3, 0)),
                fault(
                        "the application rejects the request: it serves one request at a time on a"
                                + " connection",
                        Bytes.end(1, 0, 1)),
                fault(
                        "the application rejects the request: it does not know the role",
                        Bytes.end(1, 0, 3)),
                fault(
                        "the application rejects the request: its protocol status is 9",
                        Bytes.end(1, 0, 9)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsNamedAndTheConnectionClosed(String words, byte[] answer) {
        for (int piece : new int[] {1, 3, 100_000}) {
            ClientConnection connection = client.over(new CannedChannel(answer, piece));
            assertThatThrownBy(() ->
                            connection
                                    .send(ClientRequest.of(Role.RESPONDER, Map.of()))
                                    .body()
                                    .readAllBytes())
                    .isInstanceOf(FastCgiException.class)
                    .hasMessage(words);
            assertThat(connection.isReusable()).isFalse();
        }
    }
}
