package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.front.FrontStage.body;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.ResponderHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A front with applications and files behind it. */
@Timeout(120)
class FrontTest {
    private static final ResponderHandler HELLO =
            (request, response) -> {
                String text = "hello " + request.params().getOrDefault("PATH_INFO", "");
                response.write(
                        ("Content-Length: " + text.length() + "\r\n\r\n" + text)
                                .getBytes(ISO_8859_1));
            };

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

    private static String application(String path, String member, String more) {
        return "{'path': '%s', 'application': {'members': ['%s']}%s}".formatted(path, member, more);
    }

    private static String routes(String routes) {
        return "{'routes': [" + routes + "]}";
    }

    private static String limited(String routes, int body, int requests, int ofOneAddress) {
        return ("{'routes': [%s], 'limits': {'headerBytes': 4096, 'bodyBytes': %d,"
                        + " 'requestMillis': 60000, 'idleMillis': 60000, 'requests': %d,"
                        + " 'connections': 100, 'queue': 0, 'queueMillis': 1000, 'connectionsPerAddress': %d}}")
                .formatted(routes, body, requests, ofOneAddress);
    }

    @Test
    void theFirstRouteThatHasAnAnswerAnswers() throws Exception {
        String hello = stage.application("hello", HELLO);
        Path www = Files.createDirectory(stage.file("www"));
        Files.writeString(www.resolve("a.txt"), "file");
        stage.serve(
                routes(
                        application("/app", hello, "")
                                + ", {'path': '/procs', 'control': true}"
                                + ", {'folder': {'directory': '/apps', 'programs':"
                                + " {'x.fcgi': {'members': ['%s']}}}}".formatted(hello)
                                + ", {'files': {'directory': '%s'}}".formatted(www)));

        assertThat(body(stage.get("/app/x"))).isEqualTo("hello /x");
        assertThat(body(stage.get("/procs"))).isEqualTo("control");
        assertThat(body(stage.get("/x.fcgi/users/1"))).isEqualTo("hello /users/1");
        assertThat(body(stage.get("/a.txt"))).isEqualTo("file");
        assertThat(code(stage.get("/application"))).isEqualTo(404);
        assertThat(code(stage.get("/y.fcgi"))).isEqualTo(404);
    }

    @Test
    void aRouteOfAHostIsForThatHostOnly() throws Exception {
        String hello = stage.application("hello", HELLO);
        stage.serve(routes(application("/", hello, ", 'host': '*.example.org'")));

        String request = "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
        assertThat(code(stage.send(request.formatted("www.example.org:80")))).isEqualTo(200);
        assertThat(code(stage.send(request.formatted("example.com")))).isEqualTo(404);
    }

    @Test
    void aStrippedPrefixIsNotSeen() throws Exception {
        ResponderHandler shown =
                (request, response) ->
                        response.write(
                                ("\r\n"
                                                + request.params().get("REQUEST_URI")
                                                + " "
                                                + request.params().get("SCRIPT_NAME")
                                                + " "
                                                + request.params().get("PATH_INFO"))
                                        .getBytes(ISO_8859_1));
        String app = stage.application("app", shown);
        stage.serve(
                routes(
                        application("/kept", app, "")
                                + ","
                                + application("/cut", app, ", 'strip': true")));

        assertThat(stage.get("/kept/x?y=1")).contains("/kept/x?y=1 /kept /x");
        assertThat(stage.get("/cut/x?y=1")).contains("/x?y=1  /x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret",
                "/%2e%2e/secret",
                "/..%2fsecret",
                "/%2e%2e%2fsecret",
                "/sub/../../secret",
                "/..;/secret",
                "/.%00./secret",
                "/link",
                "/link/",
                "/out/secret",
                "/.hidden",
                "/sub/.hidden",
                "/.git/config",
                "//secret",
                "/\\..\\secret",
                "/%c0%ae%c0%ae/secret",
                "/%252e%252e/secret"
            })
    void noPathLeadsToAFileElsewhereOrAHiddenOne(String path) throws Exception {
        Files.writeString(stage.file("secret"), "the secret");
        Path www = Files.createDirectory(stage.file("www"));
        Files.createDirectories(www.resolve("sub"));
        Files.createDirectories(www.resolve(".git"));
        Files.writeString(www.resolve(".git/config"), "the secret");
        Files.writeString(www.resolve(".hidden"), "the secret");
        Files.writeString(www.resolve("sub/.hidden"), "the secret");
        Files.createSymbolicLink(www.resolve("link"), stage.file("secret"));
        Files.createSymbolicLink(www.resolve("out"), folder);
        stage.serve(routes("{'files': {'directory': '%s', 'listing': true}}".formatted(www)));

        String answer = stage.get(path);

        assertThat(answer).doesNotContain("the secret");
        assertThat(code(answer)).isBetween(400, 404);
    }

    @Test
    void aLinkWithinTheFolderIsFollowed() throws Exception {
        Path www = Files.createDirectory(stage.file("www"));
        Files.writeString(www.resolve("a.txt"), "a text");
        Files.createSymbolicLink(www.resolve("b.txt"), Path.of("a.txt"));
        stage.serve(routes("{'files': {'directory': '%s'}}".formatted(www)));

        assertThat(body(stage.get("/b.txt"))).isEqualTo("a text");
    }

    @Test
    void filesHaveRangesConditionsAndCompressedCopies() throws Exception {
        Path www = Files.createDirectory(stage.file("www"));
        Files.writeString(www.resolve("a.txt"), "0123456789");
        Files.writeString(www.resolve("a.txt.gz"), "compressed");
        stage.serve(routes("{'files': {'directory': '%s'}}".formatted(www)));

        String whole = stage.get("/a.txt");
        assertThat(whole).contains("Content-Type: text/plain");
        String range = stage.get("/a.txt", "Range: bytes=2-4");
        assertThat(code(range)).isEqualTo(206);
        assertThat(body(range)).isEqualTo("234");
        assertThat(code(stage.get("/a.txt", "Range: bytes=20-"))).isEqualTo(416);
        String tag = whole.replaceAll("(?s).*\r\n(?i:etag): ([^\r]*)\r\n.*", "$1");
        assertThat(code(stage.get("/a.txt", "If-None-Match: " + tag))).isEqualTo(304);
        String packed = stage.get("/a.txt", "Accept-Encoding: gzip");
        assertThat(packed).containsIgnoringCase("Content-Encoding: gzip");
        assertThat(body(packed)).isEqualTo("compressed");
        assertThat(code(stage.send("PUT /a.txt HTTP/1.0\r\n\r\n"))).isEqualTo(404);
    }

    @Test
    void aBodyIsStreamedToTheApplicationAndBack() throws Exception {
        ResponderHandler echo =
                (request, response) -> {
                    response.write("\r\n".getBytes(ISO_8859_1));
                    request.input().transferTo(response);
                };
        stage.serve(routes(application("/", stage.application("echo", echo), "")));
        byte[] body = new byte[3 << 20];
        new java.util.Random(1).nextBytes(body);

        try (Socket socket = stage.connect()) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    socket.getOutputStream()
                                            .write(
                                                    ("POST / HTTP/1.0\r\nContent-Length: "
                                                                    + body.length
                                                                    + "\r\n\r\n")
                                                            .getBytes(ISO_8859_1));
                                    socket.getOutputStream().write(body);
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });
            byte[] answer = socket.getInputStream().readAllBytes();
            sender.join();
            String text = new String(answer, ISO_8859_1);
            assertThat(code(text)).isEqualTo(200);
            assertThat(body(text).getBytes(ISO_8859_1)).isEqualTo(body);
        }
    }

    @Test
    void aChunkedBodyHasALengthForTheApplication() throws Exception {
        ResponderHandler length =
                (request, response) ->
                        response.write(
                                ("\r\n" + request.params().get("CONTENT_LENGTH"))
                                        .getBytes(ISO_8859_1));
        stage.serve(routes(application("/", stage.application("app", length), "")));

        String answer =
                stage.send(
                        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + chunk("abc")
                                + chunk("de")
                                + chunk(""));
        assertThat(body(answer)).isEqualTo("5");
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    @Test
    void whatComesIsSentOnAtOnce() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        ResponderHandler stream =
                (_, response) -> {
                    response.write(
                            "Content-Type: text/event-stream\r\n\r\ndata: 1\n\n"
                                    .getBytes(ISO_8859_1));
                    response.flush();
                    try {
                        seen.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    response.write("data: 2\n\n".getBytes(ISO_8859_1));
                };
        stage.serve(routes(application("/", stage.application("sse", stream), "")));

        try (Socket socket = stage.connect()) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            StringBuilder first = new StringBuilder();
            while (first.indexOf("data: 1\n\n") < 0) {
                first.append((char) in.read());
            }
            assertThat(first).doesNotContain("data: 2");
            seen.countDown();
            assertThat(new String(in.readAllBytes(), ISO_8859_1)).contains("data: 2");
        }
    }

    @Test
    void limitsAreKept() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ResponderHandler slow =
                (_, response) -> {
                    begun.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    response.write("\r\nslow".getBytes(ISO_8859_1));
                };
        String app = stage.application("slow", slow);
        stage.serve(limited(application("/", app, ""), 100, 1, 100));

        assertThat(code(stage.get("/" + "x".repeat(5000)))).isIn(414, 431);
        assertThat(code(stage.send("POST / HTTP/1.0\r\nContent-Length: 101\r\n\r\n")))
                .isEqualTo(413);
        try (Socket first = stage.connect()) {
            first.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
            begun.await();
            assertThat(code(stage.get("/other"))).isEqualTo(503);
            assertThat(stage.get("/other")).contains("Retry-After: 1");
            release.countDown();
            assertThat(new String(first.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("slow");
        }
    }

    @Test
    void anAddressHasSoManyConnectionsAtMost() throws Exception {
        stage.serve(limited("{'control': true}", 100, 10, 2));
        try (Socket one = stage.connect();
                Socket two = stage.connect()) {
            ask(one);
            ask(two);
            await().atMost(Duration.ofSeconds(60)).until(() -> isClosed());
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> code(get()) == 200);
    }

    /** Answered, so that the connection is counted. */
    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    private boolean isClosed() {
        return get().isEmpty();
    }

    private String get() {
        try {
            return stage.get("/");
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void aRequestThatAWorkerHasNotBegunToAnswerIsRepeatedIfItMayBe() throws Exception {
        Path socket = stage.file("dead.sock");
        try (DyingWorker worker = new DyingWorker(socket)) {
            stage.serve(routes(application("/", "unix:" + socket, "")));

            assertThat(body(stage.get("/"))).contains("answered");
            assertThat(worker.deaths()).isEqualTo(1);
            worker.dieAgain();
            String post = "POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx";
            assertThat(code(stage.send(post))).isEqualTo(502);
        }
    }

    @Test
    void anApplicationGetsSoManyRequestsAtATimeAndTheOthersWait() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger present = new AtomicInteger();
        ResponderHandler slow =
                (_, response) -> {
                    int now = present.incrementAndGet();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    present.decrementAndGet();
                    response.write(("\r\nof " + now).getBytes(ISO_8859_1));
                };
        String app = stage.application("slow", slow);
        stage.serve(
                limited(application("/", app, "").replace("]}", "], 'requests': 1}"), 9, 100, 100)
                        .replace(
                                "'queue': 0, 'queueMillis': 1000",
                                "'queue': 2, 'queueMillis': 50000"));
        List<String> answers = new CopyOnWriteArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    answers.add(stage.get("/"));
                                } catch (IOException e) {
                                    answers.add("" + e);
                                }
                            }));
        }
        // One is served, two wait.
        await().atMost(Duration.ofSeconds(60)).until(() -> answers.size() == 1);
        assertThat(answers.getFirst()).contains("503", "too many requests wait", "Retry-After: 1");
        assertThat(present).hasValue(1);
        release.countDown();
        for (Thread client : clients) {
            client.join();
        }
        assertThat(answers.subList(1, 4)).allMatch(answer -> body(answer).equals("of 1"));
    }

    @Test
    void aSlowRequestIsNotRepeated() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ResponderHandler slow =
                (_, response) -> {
                    asked.incrementAndGet();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    response.write("\r\n".getBytes(ISO_8859_1));
                };
        String app = stage.application("slow", slow);
        stage.serve(
                limited(application("/", app, ""), 100, 10, 10)
                        .replace("'requestMillis': 60000", "'requestMillis': 300"));

        assertThat(code(stage.get("/"))).isEqualTo(504);
        assertThat(asked).hasValue(1);
        release.countDown();
    }

    @Test
    void keptConnectionsOfDeadWorkersFailNoRequest() throws Exception {
        Path socket = stage.file("app.sock");
        int together = 5;
        try (ClosingWorker _ = new ClosingWorker(socket, together)) {
            stage.serve(routes(application("/", "unix:" + socket, "")));
            List<String> answers = new CopyOnWriteArrayList<>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < together; i++) {
                clients.add(Thread.ofPlatform().start(() -> answers.add(get())));
            }
            for (Thread client : clients) {
                client.join();
            }
            answers.add(get());
            assertThat(answers)
                    .hasSize(together + 1)
                    .allMatch(answer -> answer.contains("answered"));
        }
    }

    @Test
    void aReloadLetsADownloadEnd() throws Exception {
        Path www = Files.createDirectory(stage.file("www"));
        byte[] content = new byte[8 << 20];
        new java.util.Random(1).nextBytes(content);
        Files.write(www.resolve("big"), content);
        Front front = stage.serve(routes("{'files': {'directory': '%s'}}".formatted(www)));

        try (Socket socket = stage.connect()) {
            socket.getOutputStream().write("GET /big HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            front.reload(stage.config(routes("{'path': '/b', 'control': true}")));
            assertThat(code(stage.get("/big"))).isEqualTo(404);
            String rest = new String(in.readAllBytes(), ISO_8859_1);
            assertThat(body(rest).getBytes(ISO_8859_1)).isEqualTo(content);
        }
    }

    @Test
    void anAuthorizerHasToPermitEachRequest() throws Exception {
        ResponderHandler shown =
                (request, response) ->
                        response.write(
                                ("\r\nfor " + request.params().get("LOGIN")).getBytes(ISO_8859_1));
        String app = stage.application("app", shown);
        Path socket = stage.file("login.sock");
        try (AuthorizerWorker _ = new AuthorizerWorker(socket)) {
            stage.serve(
                    routes(application("/", app, ", 'authorizer': ['unix:%s']".formatted(socket))));

            assertThat(stage.get("/?good")).contains("for somebody");
            String refused = stage.get("/?bad");
            assertThat(code(refused)).isEqualTo(403);
            assertThat(refused).contains("not you").doesNotContain("for ");
        }
        assertThat(code(stage.get("/?good"))).isEqualTo(502);
    }

    @Test
    void whatIsLoggedIsOneLineForEachRequest() throws Exception {
        stage.serve("{'routes': [{'control': true}], 'accessLog': 'COMBINED'}");

        stage.get("/a?b", "User-Agent: x\" \\ é", "Referer: y");

        await().atMost(Duration.ofSeconds(60)).until(() -> !stage.log().isEmpty());
        assertThat(stage.log())
                .singleElement()
                .asString()
                .matches(
                        "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\\]"
                                + " \"GET /a\\?b HTTP/1\\.1\" 200 7 \"y\" \"x\\\\\" \\\\\\\\ .*\"");
    }

    @Test
    void aReloadedFrontServesOtherRoutes() throws Exception {
        Front front = stage.serve(routes("{'path': '/a', 'control': true}"));
        assertThat(code(stage.get("/b"))).isEqualTo(404);

        front.reload(stage.config(routes("{'path': '/b', 'control': true}")));

        assertThat(code(stage.get("/b"))).isEqualTo(200);
        assertThat(code(stage.get("/a"))).isEqualTo(404);
    }

    @Test
    void aWorkerIsAskedToGiveUpWhenItsClientLeaves() throws Exception {
        try (QuietWorker worker = new QuietWorker(stage.file("quiet.sock"))) {
            stage.serve(
                    "{'routes': [{'path': '/', 'application': {'members': ['unix:%s']}}]}"
                            .formatted(stage.file("quiet.sock")));
            try (Socket client = stage.connect()) {
                client.getOutputStream()
                        .write("GET /a HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> worker.seen().equals(List.of("begun")));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> worker.seen().equals(List.of("begun", "aborted", "closed")));

            try (Socket client = stage.connect()) {
                byte[] two =
                        "GET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n"
                                .getBytes(ISO_8859_1);
                client.getOutputStream().write(two);
                await().atMost(Duration.ofSeconds(30)).until(() -> worker.seen().size() == 4);
                await().during(Duration.ofMillis(800))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> worker.seen().getLast().equals("begun"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            worker.seen().size() > 4 && worker.seen().get(4).equals("aborted"));
        }
    }

    @Test
    void requestsAreCountedByApplicationAnswerAndDuration() throws Exception {
        String hello = stage.application("hello", HELLO);
        Path dead = stage.file("dead.sock");
        try (DyingWorker _ = new DyingWorker(dead)) {
            Front front =
                    stage.serve(
                            routes(
                                    application("/app", hello, "")
                                                    .replace(
                                                            "{'members'",
                                                            "{'name': 'hello', 'members'")
                                            + ","
                                            + application("/dead", "unix:" + dead, "")
                                            + ", {'path': '/procs', 'control': true}"));
            for (int i = 0; i < 3; i++) {
                assertThat(code(stage.get("/app/x"))).isEqualTo(200);
            }
            assertThat(code(stage.get("/dead"))).isEqualTo(200);
            front.reload(stage.config(Files.readString(stage.file("http.json"))));

            JsonNode counts = JsonMapper.shared().readTree(body(stage.get("/procs?front")));
            JsonNode app = counts.get("applications").get(0);
            assertThat(app.get("name").asString()).isEqualTo("hello");
            assertThat(app.get("present").asInt()).isZero();
            assertThat(app.get("answered").toString())
                    .isEqualTo("{\"1xx\":0,\"2xx\":3,\"3xx\":0,\"4xx\":0,\"5xx\":0}");
            assertThat(app.get("up_to_ms").get("all").asInt()).isEqualTo(3);
            assertThat(app.get("up_to_ms").get("30000").asInt()).isEqualTo(3);
            assertThat(app.get("seconds").asDouble()).isGreaterThan(0);
            assertThat(app.get("repeated").asInt()).isZero();
            assertThat(counts.get("applications").get(1).get("repeated").asInt()).isEqualTo(1);
            assertThat(counts.get("sockets").get(hello).asInt()).isEqualTo(3);
            assertThat(counts.get("sockets").get("unix:" + dead).asInt()).isEqualTo(2);
        }
    }

    @Test
    void anAnswerThatTheApplicationBreaksOffIsNoAbandonedRequest() throws Exception {
        ResponderHandler broken =
                (_, response) -> {
                    response.write("\r\nbegun".getBytes(ISO_8859_1));
                    response.flush();
                    throw new IOException("broken");
                };
        stage.serve(
                routes(
                        application("/app", stage.application("broken", broken), "")
                                + ", {'path': '/procs', 'control': true}"));
        assertThat(stage.get("/app")).contains("begun");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> body(stage.get("/procs?front")).contains("\"2xx\":1"));
        assertThat(body(stage.get("/procs?front"))).contains("\"abandoned\":0");
    }
}
