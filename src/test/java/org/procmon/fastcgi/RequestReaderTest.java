package org.procmon.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.wire.BadVariables;
import org.procmon.fastcgi.wire.ByteBudget;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.http.RequestRefused;

class RequestReaderTest {
    private static final int[] PIECES = {1, 2, 3, 5, 7, 8, 9, 64, 100_000};

    /** All requests of the input, read with a buffer that is smaller than most; in short. */
    private static List<String> readAll(CannedChannel channel) throws IOException {
        RequestReader reader =
                new RequestReader(
                        channel,
                        ByteBuffer.allocate(32),
                        ResponderLimits.DEFAULT,
                        new ByteBudget(1 << 20).lease(),
                        RequestReader.InputWait.UNBOUNDED,
                        new RecordedFailures());
        List<String> seen = new ArrayList<>();
        while (reader.awaitBytes()) {
            ResponderRequest request = reader.next();
            if (request != null) {
                String body;
                try {
                    body = new String(request.input().readAllBytes(), StandardCharsets.ISO_8859_1);
                } catch (RequestAbortedException e) {
                    body = "(aborted)";
                }
                seen.add(reader.requestId() + " " + request.params() + " " + body);
            }
            if (!reader.keepOpen()) {
                break;
            }
        }
        return seen;
    }

    @FunctionalInterface
    private interface Expectation {
        void check(List<String> requests, byte[] written);
    }

    private static void inAnyPieces(byte[] input, Expectation expectation) throws IOException {
        for (int piece : PIECES) {
            CannedChannel channel = new CannedChannel(input, piece);
            expectation.check(readAll(channel), channel.written());
        }
    }

    @Test
    void theExamplesOfTheSpecificationAreUnderstood() throws IOException {
        // Appendix B, example 2: the body comes in one record, the variables in two.
        byte[] pairs =
                Bytes.hex(
                        "0B02 5345525645525F504F5254 3830 0B0E 5345525645525F41444452 3139392E3137302E3138332E3432");
        byte[] input =
                Bytes.join(
                        Bytes.begin(1, 1, 0),
                        Bytes.record(4, 1, java.util.Arrays.copyOf(pairs, 20)),
                        Bytes.record(4, 1, java.util.Arrays.copyOfRange(pairs, 20, pairs.length)),
                        Bytes.record(4, 1),
                        Bytes.record(5, 1, Bytes.text("quantity=100&item=3047936")),
                        Bytes.record(5, 1));
        inAnyPieces(
                input,
                (requests, written) -> {
                    assertThat(requests)
                            .containsExactly(
                                    "1 {SERVER_PORT=80, SERVER_ADDR=199.170.183.42} quantity=100&item=3047936");
                    assertThat(written).isEmpty();
                });
    }

    @Test
    void severalRequestsFollowOneAnother() throws IOException {
        byte[] input =
                Bytes.join(
                        Bytes.request(1, 1, Map.of("A", "1"), "x".repeat(500)),
                        Bytes.request(1, 1, Map.of(), ""),
                        Bytes.request(300, 0, Map.of("B", "2"), "z"));
        inAnyPieces(
                input,
                (requests, written) ->
                        assertThat(requests)
                                .containsExactly(
                                        "1 {A=1} " + "x".repeat(500), "1 {} ", "300 {B=2} z"));
    }

    @Test
    void refusesASecondRequestAndContinuesTheFirst() throws IOException {
        byte[] pairs = Bytes.pairs(Map.of("A", "1"));
        byte[] input =
                Bytes.join(
                        Bytes.begin(1, 1, 0),
                        Bytes.begin(2, 1, 1),
                        Bytes.record(4, 1, pairs),
                        Bytes.stream(4, 2, Bytes.pairs(Map.of("OTHER", "x"))),
                        Bytes.record(4, 1),
                        Bytes.record(5, 1, Bytes.text("ab")),
                        Bytes.stream(5, 2, Bytes.text("XX")),
                        Bytes.begin(3, 1, 1),
                        Bytes.stream(5, 1, Bytes.text("cd")));
        inAnyPieces(
                input,
                (requests, written) -> {
                    assertThat(requests).containsExactly("1 {A=1} abcd");
                    assertArrayEquals(Bytes.join(Bytes.end(2, 0, 1), Bytes.end(3, 0, 1)), written);
                });
    }

    @Test
    void managementRecordsAreAnsweredEvenInARequest() throws IOException {
        byte[] asked = Bytes.hex("0E00 464341495F4D41585F434F4E4E53".replace("464341", "464347"));
        byte[] values =
                Bytes.join(
                        asked,
                        Bytes.pairs(Map.of("UNHEARD_OF", "")),
                        Bytes.pairs(Map.of("FCGI_MPXS_CONNS", "")),
                        Bytes.pairs(Map.of("FCGI_MAX_REQS", "")));
        byte[] result =
                Bytes.record(
                        10,
                        0,
                        Bytes.join(
                                Bytes.pairs(Map.of("FCGI_MAX_CONNS", "1024")),
                                Bytes.pairs(Map.of("FCGI_MPXS_CONNS", "0")),
                                Bytes.pairs(Map.of("FCGI_MAX_REQS", "1024"))));
        byte[] input =
                Bytes.join(
                        Bytes.record(9, 0, values, 3),
                        Bytes.begin(1, 1, 1),
                        Bytes.record(4, 1),
                        Bytes.record(200, 0, Bytes.text("whatever")),
                        Bytes.record(9, 0),
                        Bytes.record(5, 1));
        inAnyPieces(
                input,
                (requests, written) -> {
                    assertThat(requests).containsExactly("1 {} ");
                    byte[] unknown = Bytes.hex("01 0B 0000 0008 00 00  C8 00000000000000");
                    assertArrayEquals(Bytes.join(result, unknown, Bytes.record(10, 0)), written);
                });
    }

    @Test
    void anAuthorizerOrFilterIsNotPlayed() throws IOException {
        byte[] input =
                Bytes.join(
                        Bytes.begin(1, 2, 1),
                        Bytes.record(4, 1),
                        Bytes.begin(2, 3, 1),
                        Bytes.stream(5, 2, Bytes.text("x")),
                        Bytes.request(3, 1, Map.of(), "y"));
        inAnyPieces(
                input,
                (requests, written) -> {
                    assertThat(requests).containsExactly("3 {} y");
                    assertArrayEquals(Bytes.join(Bytes.end(1, 0, 3), Bytes.end(2, 0, 3)), written);
                });
    }

    @Test
    void anAbortEndsTheRequestAndKeepsTheConnection() throws IOException {
        byte[] input =
                Bytes.join(
                        Bytes.begin(1, 1, 1),
                        Bytes.record(4, 1, Bytes.pairs(Map.of("A", "1"))),
                        Bytes.abort(2),
                        Bytes.abort(1),
                        Bytes.record(4, 1),
                        Bytes.begin(2, 1, 1),
                        Bytes.record(4, 2),
                        Bytes.record(5, 2, Bytes.text("half")),
                        Bytes.abort(2),
                        Bytes.request(3, 0, Map.of(), "y"));
        inAnyPieces(
                input,
                (requests, written) -> {
                    assertThat(requests).containsExactly("2 {} (aborted)", "3 {} y");
                    assertArrayEquals(Bytes.end(1, 0, 0), written);
                });
    }

    @Test
    void recordsOfOtherRequestsOrTypesAreIgnored() throws IOException {
        byte[] input =
                Bytes.join(
                        Bytes.stream(5, 9, Bytes.text("late")),
                        Bytes.abort(9),
                        Bytes.begin(1, 1, 0),
                        Bytes.record(8, 1, Bytes.text("data")),
                        Bytes.record(99, 1, Bytes.text("?")),
                        Bytes.record(4, 1),
                        Bytes.record(6, 1, Bytes.text("?")),
                        Bytes.record(5, 1));
        inAnyPieces(
                input,
                (requests, written) -> {
                    assertThat(requests).containsExactly("1 {} ");
                    assertThat(written).isEmpty();
                });
    }

    @Test
    void theProxyHeaderIsDropped() throws IOException {
        inAnyPieces(
                Bytes.request(1, 0, Map.of("HTTP_PROXY", "http://evil/"), ""),
                (requests, written) -> assertThat(requests).containsExactly("1 {} "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02",
                "0101000100080000 0001000000000000 0101000100080000 0001000000000000",
                "0101000100070000 00010000000000",
                "0101000100090000 000100000000000000",
                "0101000100080000 0001000000000000 0105000100000000",
                "0101000100080000 0001000000000000 0104000100000000 0104000100000000",
                "0101000100080000 0001000000000000 0104000100000000 0105000100080000 00",
                "0101000100080000 0001000000000000",
                "01010001000800",
                "0109000000010000 01",
                "0101000100080000 0001000000000000 0104000100000000",
            })
    void malformedInputEndsTheConnection(String hex) {
        for (int piece : PIECES) {
            byte[] input = Bytes.hex(hex.equals("02") ? "0201000100080000" : hex);
            assertThatThrownBy(() -> readAll(new CannedChannel(input, piece)))
                    .as("pieces of %s", piece)
                    .isInstanceOf(FastCgiException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0104000100010000 01 0104000100000000, MALFORMED",
        "0104000100020000 0105 0104000100000000, MALFORMED",
        "0104000100040000 FFFFFFFF 0104000100000000, MALFORMED",
    })
    void variablesThatAreNoneAreToBeAnswered(String params, RequestRefused requestRefused) {
        byte[] input = Bytes.hex("0101000100080000 0001000000000000" + params);
        for (int piece : PIECES) {
            assertThatThrownBy(() -> readAll(new CannedChannel(input, piece)))
                    .as("pieces of %s", piece)
                    .isInstanceOfSatisfying(
                            BadVariables.class,
                            bad -> assertThat(bad.refusal()).isEqualTo(requestRefused));
        }
    }
}
