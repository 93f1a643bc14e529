package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.front.FrontStage.body;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.ResponderHandler;

/** Applications that have the front send something in place of their own body. */
@Timeout(120)
class SendfileTest {
    /** Answers with the fields that the query has, and with a body. */
    private static final ResponderHandler NAMES_SOMETHING =
            (request, response) -> {
                String fields =
                        URLDecoder.decode(
                                request.params().getOrDefault("QUERY_STRING", ""), ISO_8859_1);
                response.write((fields + "\r\n\r\nown body").getBytes(ISO_8859_1));
            };

    @TempDir Path folder = Path.of("");
    private FrontStage stage;
    private Path files = Path.of("");

    @BeforeEach
    void begin() throws Exception {
        stage = new FrontStage(folder);
        files = Files.createDirectory(stage.file("files"));
        Files.writeString(files.resolve("a.txt"), "0123456789");
        Files.writeString(stage.file("secret"), "the secret");
        String app = stage.application("app", NAMES_SOMETHING);
        Path other = Files.createDirectory(stage.file("other"));
        Files.writeString(other.resolve("ü %.txt"), "other");
        stage.serve(
                """
                {'routes': [
                   {'path': '/hidden', 'internal': true, 'files': {'directory': '%s'}},
                   {'path': '/loop', 'internal': true, 'application': {'members': ['%s']}},
                   {'path': '/open', 'files': {'directory': '%s'}},
                   {'path': '/app', 'application': {'members': ['%s']}}],
                 'sendable': ['%s']}\
                """
                        .formatted(other, app, files, app, files));
    }

    @AfterEach
    void end() throws Exception {
        stage.close();
    }

    private String ask(String fields, String... more) throws IOException {
        return stage.get("/app?" + URLEncoder.encode(fields, ISO_8859_1), more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Sendfile", "x-sendfile", "X-LIGHTTPD-send-file"})
    void theFileIsSentInPlaceOfTheBody(String name) throws Exception {
        String answer =
                ask(
                        name
                                + ": "
                                + files.resolve("a.txt")
                                + "\r\nContent-Type: image/x-own\r\nSet-Cookie: a=b\r\n"
                                + "X-Accel-Buffering: no\r\nContent-Length: 8");

        assertThat(code(answer)).isEqualTo(200);
        assertThat(body(answer)).isEqualTo("0123456789");
        assertThat(answer)
                .contains("Content-Type: image/x-own")
                .contains("Set-Cookie: a=b")
                .contains("Content-Length: 10")
                .doesNotContainIgnoringCase("send")
                .doesNotContainIgnoringCase("x-accel")
                .doesNotContain(files.toString());
        assertThat(ask(name + ": " + files.resolve("a.txt"))).contains("Content-Type: text/plain");
    }

    @Test
    void rangesAndConditionsWork() throws Exception {
        String field = "X-Sendfile: " + files.resolve("a.txt");
        String whole = ask(field);
        String tag = whole.replaceAll("(?s).*\r\nETag: ([^\r]*)\r\n.*", "$1");
        assertThat(tag).startsWith("\"");

        String range = ask(field, "Range: bytes=2-4", "If-Range: " + tag);
        assertThat(code(range)).isEqualTo(206);
        assertThat(body(range)).isEqualTo("234");
        assertThat(body(ask(field, "Range: bytes=2-4", "If-Range: \"old\"")))
                .isEqualTo("0123456789");
        assertThat(code(ask(field, "If-None-Match: " + tag))).isEqualTo(304);
        assertThat(code(ask(field, "If-Match: \"old\""))).isEqualTo(412);
        assertThat(code(ask(field, "Range: bytes=10-"))).isEqualTo(416);
    }

    @Test
    void aHeadRequestHasNoBody() throws Exception {
        String request =
                "HEAD /app?"
                        + URLEncoder.encode("X-Sendfile: " + files.resolve("a.txt"), ISO_8859_1)
                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String answer = stage.send(request);

        assertThat(answer).contains("Content-Length: 10").endsWith("\r\n\r\n");
    }

    @Test
    void namesNeedNotBeUtf8() throws Exception {
        Path odd = org.procmon.bytes.BytePath.of(files + "/\udce9.txt");
        Files.writeString(odd, "odd");

        assertThat(body(ask("X-Sendfile: " + files + "/é.txt"))).isEqualTo("odd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Sendfile: SECRET",
                "X-Sendfile: FILES/../secret",
                "X-Sendfile: FILES/sub/../../secret",
                "X-Sendfile: FILES/link",
                "X-Sendfile: FILES/out/secret",
                "X-Sendfile: files/a.txt",
                "X-Sendfile:",
                "X-Sendfile: FILES",
                "X-Sendfile: FILES/missing",
                "X-Sendfile: FILESsecret",
                "X-Sendfile2: FILES/a.txt 0-99",
                "X-Sendfile: FILES/a.txt\r\nX-Sendfile: FILES/a.txt",
                "X-Sendfile: FILES/a.txt\r\nX-Accel-Redirect: /open/a.txt",
                "X-Accel-Redirect: /open/a.txt",
                "X-Accel-Redirect: /hidden/missing",
                "X-Accel-Redirect: /hidden",
                "X-Accel-Redirect: /hidden/../../secret",
                "X-Accel-Redirect: /hidden/%2e%2e/secret",
                "X-Accel-Redirect: http://other/hidden/a",
                "X-Accel-Redirect: @named",
                "X-Accel-Redirect:"
            })
    void nothingElseIsSentAndNoFieldIsSeen(String fields) throws Exception {
        Files.createSymbolicLink(files.resolve("link"), stage.file("secret"));
        Files.createSymbolicLink(files.resolve("out"), folder);
        String own =
                fields.replace("SECRET", stage.file("secret").toString())
                        .replace("FILES", files.toString());

        String answer = ask(own + "\r\nSet-Cookie: session=1");

        assertThat(code(answer)).isIn(404, 502);
        assertThat(answer)
                .doesNotContain("the secret")
                .doesNotContain("own body")
                .doesNotContain("0123")
                .doesNotContain("Set-Cookie")
                .doesNotContainIgnoringCase("x-sendfile")
                .doesNotContainIgnoringCase("x-accel");
    }

    @Test
    void aRedirectLeadsToMarkedRoutes() throws Exception {
        String answer = ask("X-Accel-Redirect: /hidden/%C3%BC%20%25.txt\r\nX-Own: kept");

        assertThat(body(answer)).isEqualTo("other");
        assertThat(answer).contains("X-Own: kept");
        assertThat(code(stage.get("/hidden/%C3%BC%20%25.txt"))).isEqualTo(404);
    }

    @Test
    void aRedirectedRequestHasNoBodyAndRedirectsEnd() throws Exception {
        String twice =
                "X-Accel-Redirect: /loop?"
                        + URLEncoder.encode("X-Accel-Redirect: /hidden/%C3%BC%20%25.txt", UTF_8);
        String post =
                "POST /app?"
                        + URLEncoder.encode(twice, UTF_8)
                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
        assertThat(body(stage.send(post))).isEqualTo("other");
        String often = "X-Accel-Redirect: /hidden/%C3%BC%20%25.txt";
        for (int i = 0; i < 11; i++) {
            often = "X-Accel-Redirect: /loop?" + URLEncoder.encode(often, UTF_8);
        }
        // Each redirect is encoded once more, so the head of the application is the limit.
        assertThat(code(ask(often))).isEqualTo(502);
    }
}
