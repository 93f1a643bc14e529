package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.front.FrontStage.body;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.ResponderHandler;

/** RFC 9110 and 9112 over raw sockets, with an application behind that tells what it has seen. */
@Timeout(120)
@SuppressWarnings("StringConcatToTextBlock") // Lines end with CR and LF, and so they are shown.
class HttpConformanceTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    /** What would be smuggled if the front read a request otherwise than a server before it. */
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

    @TempDir Path folder = Path.of("");
    private FrontStage stage;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        stage = new FrontStage(folder);
    }

    private void serve(String limits) throws IOException {
        ResponderHandler application =
                (request, response) -> {
                    var params = request.params();
                    String body = new String(request.input().readAllBytes(), ISO_8859_1);
                    seen.add(params.get("REQUEST_METHOD") + " " + params.get("REQUEST_URI"));
                    String query = params.getOrDefault("QUERY_STRING", "");
                    String head =
                            query.startsWith("status=")
                                    ? "Status: " + query.substring(7) + "\r\n"
                                    : "";
                    String text = "[" + body + "]";
                    response.write(
                            (head + "Content-Length: " + text.length() + "\r\n\r\n" + text)
                                    .getBytes(ISO_8859_1));
                };
        stage.serve(
                "{'routes': [{'application': {'members': ['%s']}}], 'limits': {%s}}"
                        .formatted(
                                stage.application("app", application),
                                "'headerBytes': 4096, 'bodyBytes': 1000, 'requestMillis': 60000,"
                                        + "'idleMillis': 60000, 'requests': 10, 'queue': 10,"
                                        + "'queueMillis': 60000, 'connections': 100,"
                                        + "'connectionsPerAddress': 100"
                                        + limits));
    }

    @AfterEach
    void end() throws Exception {
        stage.close();
    }

    /** Sends it and no more, and reads until the front closes. */
    private String send(String request) throws IOException {
        try (Socket socket = stage.connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(read(socket.getInputStream()), ISO_8859_1);
        }
    }

    private static byte[] read(InputStream in) {
        var all = new java.io.ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException _) {
            // It closed before it had read everything.
        }
        return all.toByteArray();
    }

    private static List<Integer> codes(String answers) {
        List<Integer> codes = new ArrayList<>();
        Matcher matcher = STATUS.matcher(answers);
        while (matcher.find()) {
            codes.add(Integer.valueOf(matcher.group(1)));
        }
        return codes;
    }

    private static String text(String escaped) {
        return escaped.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .replace("\\v", "\u000b");
    }

    /** Each is refused, the connection is closed, and what follows is not answered. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    400|Content-Length: 3\\r\\nContent-Length: 5
                    400|Content-Length: 3\\r\\nContent-Length: 3
                    400|Content-Length: 3, 3
                    400|Content-Length: +3
                    400|Content-Length: -3
                    400|Content-Length: 0x3
                    400|Content-Length: 3 3
                    400|Content-Length:
                    400|Content-Length: 99999999999999999999
                    400|Content-Length: 3\\r\\nTransfer-Encoding: chunked
                    400|Transfer-Encoding: chunked\\r\\nContent-Length: 3
                    400|Transfer-Encoding: chunked, chunked
                    400|Transfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked
                    400|Transfer-Encoding: chunked, identity
                    400|Transfer-Encoding: identity
                    400|Transfer-Encoding: xchunked
                    400|Transfer-Encoding: "chunked"
                    400|Transfer-Encoding: \\vchunked
                    400|Transfer-Encoding: chunked\\0
                    400|Transfer-Encoding:
                    501|Transfer-Encoding: gzip, chunked
                    501|Transfer-Encoding: gzip\\r\\nTransfer-Encoding: chunked
                    400|Transfer-Encoding : chunked
                    400|Transfer-Encoding\\t: chunked
                    400|Content-Length : 3
                    400| Content-Length: 3
                    400|X: a\\r\\n Content-Length: 3
                    400|X: a\\r\\n\\tfolded
                    400|X: a\\0b
                    400|X: a\\rContent-Length: 3
                    400|X: a\\nContent-Length: 3
                    400|X: a\\n
                    400|X\\0: a
                    400|X Y: a
                    400|X(: a
                    400|: a
                    400|NoColon
                    400|Host: x
                    400|Host: y
                    417|Expect: something
                    """)
    void whatIsAmbiguousIsRefused(int code, String fields) throws Exception {
        serve("");

        String answer = send("POST / HTTP/1.1\r\nHost: x\r\n" + text(fields) + "\r\n\r\n" + HIDDEN);

        assertThat(codes(answer)).containsExactly(code);
        assertThat(seen).isEmpty();
        assertThat(answer).contains("Connection: close").contains("text/plain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    400|GET / HTTP/1.1\\r\\n\\r\\n
                    400|GET / HTTP/1.1\\r\\nHost:\\r\\n\\r\\n
                    400|GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n
                    400|GET / HTTP/1.1\\r\\nHost: a/b\\r\\n\\r\\n
                    400|GET / HTTP/1.1\\r\\nHost: u@b\\r\\n\\r\\n
                    400|GET / HTTP/1.1\\r\\nHost: b:99999\\r\\n\\r\\n
                    400|GET / HTTP/1.1\\nHost: x\\n\\n
                    400|GET / HTTP/1.1\\r\\nHost: x\\r\\n\\n
                    400|GET http://other/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET http://u:p@x/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET * HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET x:80 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET x HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET /#f HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET /%zz HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET /a%00 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET /a%0d%0ab HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET /a b HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|GET /a\\tb HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    400|G@T / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    501|CONNECT x:80 HTTP/1.1\\r\\nHost: x:80\\r\\n\\r\\n
                    501|TRACE / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n
                    505|GET / HTTP/1.2\\r\\nHost: x\\r\\n\\r\\n
                    505|GET / HTTP/1.1x\\r\\nHost: x\\r\\n\\r\\n
                    505|GET / HTTP/0.9\\r\\n\\r\\n
                    505|GET /\\r\\n
                    400|POST / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
                    """)
    void whatIsNoRequestIsRefused(int code, String request) throws Exception {
        serve("");

        assertThat(codes(send(text(request)))).containsExactly(code);
        assertThat(seen).isEmpty();
    }

    /** A chunked body that is not right ends the connection; nothing after it is a request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "3\\nabc\\n0\\n\\n",
                "3\\r\\nabc\\n0\\r\\n\\r\\n",
                "3\\r\\nabcX\\r\\n0\\r\\n\\r\\n",
                "3 \\r\\nabc\\r\\n0\\r\\n\\r\\n",
                " 3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "0x3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "+3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "-3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "ffffffffffffffff3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "100000003\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "3\\r\\nabc0\\r\\n\\r\\n",
                "3;a\\nb\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "3\\rabc\\r\\n0\\r\\n\\r\\n",
                "g\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "3\\r\\nabc\\r\\n"
            })
    void aBrokenChunkedBodyEndsTheConnection(String body) throws Exception {
        serve("");

        String answers =
                send(
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + text(body)
                                + HIDDEN);

        assertThat(seen).doesNotContain("GET /hidden");
        assertThat(codes(answers)).hasSizeLessThanOrEqualTo(1).allMatch(code -> code == 400);
    }

    @Test
    void chunksWithExtensionsAndTrailersAreABody() throws Exception {
        serve("");

        String answers =
                send(
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                + "3;a=b;c=\"d\"\r\nabc\r\n0A\r\n0123456789\r\n0;x\r\n"
                                + "Content-Length: 5\r\nTrailer: y\r\n\r\n"
                                + "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(codes(answers)).containsExactly(200, 200);
        assertThat(answers).contains("[abc0123456789]");
        assertThat(seen).containsExactly("POST /", "GET /next");
    }

    @Test
    void extensionsAndTrailersAreBounded() throws Exception {
        serve("");
        String begin = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

        String extension = send(begin + "3;" + "x".repeat(100_000) + "\r\nabc\r\n0\r\n\r\n");
        String trailer = send(begin + "0\r\n" + "X: y\r\n".repeat(20_000) + "\r\n");

        assertThat(codes(extension)).allMatch(code -> code >= 400);
        assertThat(codes(trailer)).allMatch(code -> code >= 400);
        assertThat(seen).isEmpty();
    }

    @Test
    void headsAreBounded() throws Exception {
        serve("");

        assertThat(code(stage.get("/" + "x".repeat(5000)))).isEqualTo(414);
        assertThat(code(stage.get("/", "X: " + "x".repeat(5000)))).isEqualTo(431);
        assertThat(code(stage.get("/", "X: y\r\n".repeat(1000) + "Y: z"))).isEqualTo(431);
        assertThat(seen).isEmpty();
    }

    @Test
    void bodiesAreBounded() throws Exception {
        serve("");
        String post = "POST / HTTP/1.1\r\nHost: x\r\n";

        String known = send(post + "Content-Length: 1001\r\n\r\n" + "x".repeat(1001) + HIDDEN);
        String chunks =
                send(
                        post
                                + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"
                                + "x".repeat(1001)
                                + "\r\n0\r\n\r\n");
        assertThat(codes(known)).first().isEqualTo(413);
        assertThat(codes(chunks)).containsExactly(413);
        String asked = send(post + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
        assertThat(codes(asked)).containsExactly(413);
        assertThat(seen).doesNotContain("POST /");
    }

    @Test
    void aClientThatAsksIsToldToContinue() throws Exception {
        serve("");
        try (Socket socket = stage.connect()) {
            socket.getOutputStream()
                    .write(
                            ("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                            + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
                                    .getBytes(ISO_8859_1));
            byte[] first = socket.getInputStream().readNBytes(25);
            assertThat(new String(first, ISO_8859_1)).startsWith("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("abc".getBytes(ISO_8859_1));
            assertThat(new String(read(socket.getInputStream()), ISO_8859_1)).contains("[abc]");
        }
    }

    @Test
    void requestsThatAreSentTogetherAreAnsweredInOrder() throws Exception {
        serve("");

        String answers =
                send(
                        "\r\nPOST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                                + "GET http://x/2?y HTTP/1.1\r\nHost: x\r\n\r\n"
                                + "HEAD /3 HTTP/1.1\r\nHost: x\r\n\r\n"
                                + "GET /4?status=204 HTTP/1.1\r\nHost: x\r\n\r\n"
                                + "GET /5?status=304 HTTP/1.1\r\nHost: x\r\n\r\n"
                                + "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"
                                + "GET /6 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                + HIDDEN);

        assertThat(codes(answers)).containsExactly(200, 200, 200, 204, 304, 204, 200);
        assertThat(seen)
                .containsExactly(
                        "POST /1",
                        "GET /2?y",
                        "HEAD /3",
                        "GET /4?status=204",
                        "GET /5?status=304",
                        "GET /6");
        // Three with a body: none of HEAD, 204 and 304 has one.
        assertThat(answers.split("\\[", -1)).hasSize(4);
    }

    @Test
    void connectionsOfHttp10AreKeptIfTheClientWants() throws Exception {
        serve("");

        String kept =
                send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
        assertThat(codes(kept)).containsExactly(200, 200);
        assertThat(codes(send("GET /1 HTTP/1.0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n")))
                .containsExactly(200);
    }

    @Test
    void aHeadThatTakesTooLongIsEnded() throws Exception {
        serve(", 'headMillis': 300");
        try (Socket socket = stage.connect()) {
            sendSlowly(socket, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
        }
        assertThat(seen).isEmpty();
        assertThat(code(stage.get("/"))).isEqualTo(200);
    }

    /** Bytes one after the other, until the front closes the connection. */
    private static void sendSlowly(Socket socket, String begin) throws IOException {
        socket.getOutputStream().write(begin.getBytes(ISO_8859_1));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(30))
                .until(() -> {
                    try {
                        socket.getOutputStream().write('x');
                        return false;
                    } catch (IOException _) {
                        return true;
                    }
                });
    }

    @Test
    void aSecondHeadThatTakesTooLongIsEndedToo() throws Exception {
        serve(", 'headMillis': 300");
        try (Socket socket = stage.connect()) {
            sendSlowly(
                    socket, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nX:");
            assertThat(seen).containsExactly("GET /1");
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsEnded() throws Exception {
        serve(", 'headMillis': 300, 'bodyRate': 500");
        try (Socket socket = stage.connect()) {
            sendSlowly(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n");
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void aConnectionThatWaitsForTheNextRequestIsNotSlow() throws Exception {
        serve(", 'headMillis': 100");
        try (Socket socket = stage.connect()) {
            socket.getOutputStream()
                    .write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
            await().until(() -> seen.contains("GET /1"));
            // Longer than a head may take.
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            socket.getOutputStream()
                    .write(
                            "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .getBytes(ISO_8859_1));
            String answers = new String(read(socket.getInputStream()), ISO_8859_1);
            assertThat(codes(answers)).containsExactly(200, 200);
            assertThat(body(answers)).contains("[]");
        }
    }
}
