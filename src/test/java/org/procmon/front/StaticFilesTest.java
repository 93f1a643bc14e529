package org.procmon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.front.FrontStage.body;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of a route: conditions, ranges, folders, links. */
@Timeout(120)
class StaticFilesTest {
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

    @TempDir Path folder = Path.of("");
    private FrontStage stage;
    private Path www = Path.of("");

    @BeforeEach
    void begin() throws Exception {
        stage = new FrontStage(folder);
        www = Files.createDirectory(stage.file("www"));
        Path file = Files.writeString(www.resolve("a.txt"), "0123456789");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37Z")));
        Files.writeString(stage.file("secret"), "the secret");
    }

    @AfterEach
    void end() throws Exception {
        stage.close();
    }

    private void serve(String more) throws IOException {
        stage.serve("{'routes': [{'files': {'directory': '%s'%s}}]}".formatted(www, more));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    If-None-Match: TAG                                | 304
                    If-None-Match: W/TAG                              | 304
                    If-None-Match: "x,y", TAG                         | 304
                    If-None-Match: *                                  | 304
                    If-None-Match: "x"                                | 200
                    If-None-Match: "unclosed                          | 200
                    If-Match: TAG                                     | 200
                    If-Match: *                                       | 200
                    If-Match: W/TAG                                   | 412
                    If-Match: "x"                                     | 412
                    If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT  | 304
                    If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT  | 200
                    If-Modified-Since: yesterday                      | 200
                    If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT| 200
                    If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT| 412
                    Accept-Encoding: "gzip;q=                         | 200
                    """)
    void conditionsAreThoseOfHttp(String field, int code) throws Exception {
        serve("");
        String tag = stage.get("/a.txt").replaceAll("(?s).*\r\nETag: ([^\r]*)\r\n.*", "$1");

        String answer = stage.get("/a.txt", field.replace("TAG", tag));

        assertThat(code(answer)).isEqualTo(code);
        assertThat(body(answer)).isEqualTo(code == 200 ? "0123456789" : "");
        assertThat(answer.contains("ETag: " + tag)).isEqualTo(code != 412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    bytes=0-0                  | 206 | 0
                    bytes=8-                   | 206 | 89
                    bytes=-3                   | 206 | 789
                    bytes=-30                  | 206 | 0123456789
                    Bytes=5-99999999999999999  | 206 | 56789
                    bytes=10-                  | 416 | ''
                    bytes=-0                   | 416 | ''
                    bytes=5-4                  | 416 | ''
                    bytes=a-4                  | 200 | 0123456789
                    bytes=-                    | 200 | 0123456789
                    lines=1-2                  | 200 | 0123456789
                    bytes=0-,0-,0-             | 200 | 0123456789
                    bytes=99999999999999999999-| 200 | 0123456789
                    """)
    void rangesAreThoseOfHttp(String range, int code, String body) throws Exception {
        serve("");

        String answer = stage.get("/a.txt", "Range: " + range);

        assertThat(code(answer)).isEqualTo(code);
        assertThat(body(answer)).isEqualTo(body);
        assertThat(answer).contains("Content-Length: " + body.length());
    }

    @Test
    void severalRangesAreSeveralParts() throws Exception {
        serve("");

        String answer = stage.get("/a.txt", "Range: bytes=1-2, 20-, 8-8");

        assertThat(code(answer)).isEqualTo(206);
        assertThat(answer).contains("Content-Length: " + body(answer).length());
        assertThat(body(answer))
                .matches(
                        "(?s)\r\n--(\\w+)\r\nContent-Type: text/plain\r\n"
                                + "Content-Range: bytes 1-2/10\r\n\r\n12"
                                + "\r\n--\\1\r\nContent-Type: text/plain\r\n"
                                + "Content-Range: bytes 8-8/10\r\n\r\n8\r\n--\\1--\r\n");
        assertThat(body(stage.get("/a.txt", "Range: bytes=1-2", "If-Range: " + DATE)))
                .isEqualTo("12");
        assertThat(
                        code(
                                stage.get(
                                        "/a.txt",
                                        "Range: bytes=1-2",
                                        "If-Range: " + DATE.replace("37", "36"))))
                .isEqualTo(200);
    }

    @Test
    void foldersHaveAnIndexOrAListOrAreNotThere() throws Exception {
        Path sub = Files.createDirectory(www.resolve("sub ü"));
        Files.writeString(sub.resolve("b:c<&.txt"), "b");
        Files.writeString(sub.resolve(".hidden"), "h");
        Files.createDirectory(sub.resolve("inner"));
        serve(", 'listing': true");

        String redirect = stage.get("/sub%20%C3%BC?q=1");
        assertThat(code(redirect)).isEqualTo(302);
        assertThat(redirect).contains("Location: /sub%20%C3%BC/?q=1");
        String listing = stage.get("/sub%20%C3%BC/");
        assertThat(listing)
                .contains("<a href=\"./b%3Ac%3C%26.txt\">b:c&lt;&amp;.txt</a>")
                .contains("<a href=\"./inner/\">inner/</a>")
                .doesNotContain("hidden");
        Files.writeString(sub.resolve("index.html"), "index");
        assertThat(body(stage.get("//sub%20%C3%BC//"))).isEqualTo("index");
        assertThat(code(stage.get("/a.txt/"))).isEqualTo(404);
    }

    @Test
    void aFolderWithoutAnIndexIsNotThere() throws Exception {
        Files.createDirectory(www.resolve("sub"));
        serve("");

        assertThat(code(stage.get("/sub/"))).isEqualTo(404);
        assertThat(code(stage.get("/"))).isEqualTo(404);
    }

    @Test
    void aLinkThatIsExchangedMeanwhileLeadsNowhere() throws Exception {
        Path inside = Files.createDirectory(www.resolve("inside"));
        Files.writeString(inside.resolve("secret"), "not the se-cret");
        Path there = www.resolve("there");
        serve("");
        AtomicBoolean isOver = new AtomicBoolean();
        Thread exchanger =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!isOver.get()) {
                                exchange(there, folder);
                                exchange(there, Path.of("inside"));
                            }
                        });
        int served = 0;
        try {
            for (int i = 0; i < 3000; i++) {
                String answer = stage.get("/there/secret");
                assertThat(answer).doesNotContain("the secret");
                served += code(answer) == 200 ? 1 : 0;
            }
        } finally {
            isOver.set(true);
            exchanger.join();
        }
        assertThat(served).isPositive();
    }

    private static void exchange(Path link, Path target) {
        try {
            Path next = link.resolveSibling("there.new");
            Files.createSymbolicLink(next, target);
            Files.move(
                    next,
                    link,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatIsNoRegularFileIsNotOpened() throws Exception {
        Path socket = www.resolve("socket");
        try (var listener =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            listener.bind(java.net.UnixDomainSocketAddress.of(socket));
            serve("");

            assertThat(code(stage.get("/socket"))).isEqualTo(404);
        }
    }

    @Test
    void anEmptyFileIsSent() throws Exception {
        Files.createFile(www.resolve("empty.css"));
        serve("");

        String answer = stage.get("/empty.css");
        assertThat(code(answer)).isEqualTo(200);
        assertThat(answer).contains("Content-Length: 0").contains("Content-Type: text/css");
    }
}
