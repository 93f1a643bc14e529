package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.front.FrontStage.body;
import static org.procmon.front.FrontStage.code;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.ResponderHandler;

/** What is compressed for clients that accept it. */
@Timeout(120)
class CompressionTest {
    private static final String TEXT = "some text. ".repeat(1000);
    private static final String GZIP = "Accept-Encoding: br, gzip;q=0.5";

    @TempDir Path folder = Path.of("");
    private FrontStage stage;

    @BeforeEach
    void begin() {
        stage = new FrontStage(folder);
    }

    @AfterEach
    void end() throws Exception {
        stage.close();
    }

    private void serveApplication(ResponderHandler application) throws IOException {
        stage.serve(
                "{'compress': true, 'routes': [{'application': {'members': ['%s']}}]}"
                        .formatted(stage.application("app", application)));
    }

    private static ResponderHandler answering(String fields) {
        return (_, response) -> response.write((fields + "\r\n\r\n" + TEXT).getBytes(ISO_8859_1));
    }

    /** The body of an answer in chunks. */
    private static byte[] unchunked(String answer) {
        StringBuilder all = new StringBuilder();
        String rest = body(answer);
        while (!rest.startsWith("0\r\n")) {
            int end = rest.indexOf("\r\n");
            int length = Integer.parseInt(rest.substring(0, end), 16);
            all.append(rest, end + 2, end + 2 + length);
            rest = rest.substring(end + 4 + length);
        }
        return all.toString().getBytes(ISO_8859_1);
    }

    private static String unpacked(byte[] bytes) throws IOException {
        return new String(
                new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), ISO_8859_1);
    }

    private static String packed(String answer) throws IOException {
        boolean isChunked = answer.contains("Transfer-Encoding: chunked");
        return unpacked(isChunked ? unchunked(answer) : body(answer).getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/html; charset=utf-8",
                "Content-Type: application/problem+json\r\nContent-Length: 11000",
                "Content-Type: IMAGE/svg+xml\r\nETag: \"strong\"\r\nVary: Cookie"
            })
    void textOfAnApplicationIsCompressed(String fields) throws Exception {
        serveApplication(answering(fields));

        String answer = stage.get("/", GZIP);

        assertThat(answer)
                .contains("Content-Encoding: gzip")
                .containsPattern("Vary: .*Accept-Encoding")
                .doesNotContain("Content-Length: 11000")
                .doesNotContain("ETag: \"")
                .hasSizeLessThan(TEXT.length() / 5);
        assertThat(packed(answer)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/event-stream",
                "Content-Type: image/png",
                "Content-Type: text/plain\r\nContent-Encoding: br",
                "Content-Type: text/plain\r\nCache-Control: private, no-transform",
                "Content-Type: text/plain\r\nStatus: 206\r\nContent-Range: bytes 0-9/10"
            })
    void whatIsNoTextOrIsEncodedIsNotCompressed(String fields) throws Exception {
        serveApplication(answering(fields));

        String answer = stage.get("/", GZIP);

        assertThat(answer).doesNotContain("Content-Encoding: gzip").contains(TEXT.substring(0, 99));
    }

    @Test
    void clientsThatDoNotAcceptItGetTheText() throws Exception {
        serveApplication(answering("Content-Type: text/plain\r\nContent-Length: 11000"));

        for (String field :
                new String[] {"X: y", "Accept-Encoding: gzip;q=0", "Accept-Encoding: br"}) {
            String answer = stage.get("/", field);
            assertThat(body(answer)).as(field).isEqualTo(TEXT);
            assertThat(answer).as(field).contains("Vary: Accept-Encoding");
        }
    }

    @Test
    void whatAnApplicationSendsIsFlushed() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        serveApplication((_, response) -> {
            response.write(("Content-Type: text/plain\r\n\r\n" + TEXT).getBytes(ISO_8859_1));
            response.flush();
            try {
                seen.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            response.write("end".getBytes(ISO_8859_1));
        });
        java.net.http.HttpRequest request =
                java.net.http.HttpRequest.newBuilder(
                                java.net.URI.create("http://127.0.0.1:" + stage.port()))
                        .header("Accept-Encoding", "gzip")
                        .build();
        try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
                InputStream body =
                        client.send(
                                        request,
                                        java.net.http.HttpResponse.BodyHandlers.ofInputStream())
                                .body()) {
            GZIPInputStream in = new GZIPInputStream(body);
            assertThat(new String(in.readNBytes(TEXT.length()), ISO_8859_1)).isEqualTo(TEXT);
            seen.countDown();
            assertThat(new String(in.readAllBytes(), ISO_8859_1)).isEqualTo("end");
        }
    }

    @Test
    void aFileIsCompressedUnlessItHasACopy() throws Exception {
        Path www = Files.createDirectory(stage.file("www"));
        Files.writeString(www.resolve("a.txt"), TEXT);
        Files.writeString(www.resolve("b.txt"), TEXT);
        Files.writeString(www.resolve("b.txt.br"), "brotli copy");
        Files.writeString(www.resolve("b.txt.gz"), "gzip copy");
        stage.serve(
                "{'compress': true, 'routes': [{'files': {'directory': '%s'}}]}".formatted(www));

        String compressed = stage.get("/a.txt", "Accept-Encoding: gzip");
        assertThat(packed(compressed)).isEqualTo(TEXT);
        String tag = tag(compressed);
        assertThat(tag).startsWith("W/\"");
        assertThat(code(stage.get("/a.txt", "Accept-Encoding: gzip", "If-None-Match: " + tag)))
                .isEqualTo(304);
        assertThat(body(stage.get("/a.txt", "Accept-Encoding: gzip", "Range: bytes=0-3")))
                .isEqualTo("some");
        String plain = stage.get("/b.txt");
        String brotli = stage.get("/b.txt", "Accept-Encoding: gzip, br");
        String gzip = stage.get("/b.txt", "Accept-Encoding: gzip, br;q=0.5");
        assertThat(body(plain)).isEqualTo(TEXT);
        assertThat(body(brotli)).isEqualTo("brotli copy");
        assertThat(brotli).contains("Content-Encoding: br").contains("Content-Type: text/plain");
        assertThat(body(gzip)).isEqualTo("gzip copy");
        assertThat(gzip).contains("Content-Encoding: gzip");
        for (String answer : new String[] {plain, brotli, gzip}) {
            assertThat(answer).contains("Vary: Accept-Encoding");
            assertThat(tag(answer)).startsWith("\"");
        }
        assertThat(tag(plain)).isNotEqualTo(tag(gzip));
        assertThat(tag(brotli)).isNotEqualTo(tag(gzip));
        assertThat(body(stage.get("/b.txt", "Accept-Encoding: gzip;q=0, br;q=0, *")))
                .isEqualTo(TEXT);
    }

    private static String tag(String answer) {
        return answer.replaceAll("(?s).*\r\nETag: ([^\r]*)\r\n.*", "$1");
    }

    @Test
    void aHeadRequestIsAnsweredWithoutABody() throws Exception {
        serveApplication(answering("Content-Type: text/plain\r\nContent-Length: 11000"));
        try (Socket socket = stage.connect()) {
            socket.getOutputStream()
                    .write(
                            ("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                            + GZIP
                                            + "\r\n\r\n")
                                    .getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).contains("Vary: Accept-Encoding").endsWith("\r\n\r\n");
        }
    }
}
