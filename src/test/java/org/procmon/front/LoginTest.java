package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.procmon.front.FrontStage.body;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
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
import org.procmon.front.tls.OpenSsl;
import org.procmon.http.Handler;
import org.procmon.http.HttpAnswer;

/** Routes for which clients have to log in. The passwords are "secret" and "hidden". */
@Timeout(120)
class LoginTest {
    private static final String ADA =
            "ada:$2y$04$eci.XFa1aFK/zCZbPnktKOm5uDZdNjfUk0HRIuuS5Iftj/bfp4mDC\n";
    private static final String BOB =
            "bob:$2y$04$VWYWENTluAIihfE7XnP2oeFxJwuOJxFSBvM.tn9FEps4buWRePJP2\n";
    private static final String TOKENS =
            """
            deploy:72099b2d101c99a932b2dd84dded54656a2da2dd9a3c985d0ab0984abe3400be
            reader:f9e36f90379bbb3c10c8874dde93c9c078b38316c1d9d076ea507844b76d2278:read
            """;
    private static final Pattern COOKIE = Pattern.compile("Set-Cookie: ([^=]+=[^;]*);([^\r]*)\r");

    /** Shows what the handlers of the monitor see. */
    private static final Handler CONTROL =
            (request, response) ->
                    HttpAnswer.text(
                                    request.remoteUser()
                                            + " "
                                            + request.variable("AUTH_TYPE")
                                            + " "
                                            + request.variable("PROCMON_ROLE")
                                            + " "
                                            + request.variable("HTTP_AUTHORIZATION"))
                            .send(response, true);

    private static final ResponderHandler SHOWN =
            (request, response) ->
                    response.write(
                            ("\r\n"
                                            + request.params().get("REMOTE_USER")
                                            + "|"
                                            + request.params().get("HTTP_COOKIE"))
                                    .getBytes(ISO_8859_1));

    @TempDir Path folder = Path.of("");
    private FrontStage stage;

    @BeforeEach
    void begin() throws IOException {
        stage = new FrontStage(folder);
        Files.writeString(stage.file("users"), ADA + BOB);
        Files.writeString(stage.file("tokens"), TOKENS);
    }

    @AfterEach
    void end() throws Exception {
        stage.close();
    }

    private String config(String more) throws IOException {
        String app = stage.application("app", SHOWN);
        return ("{'routes': [{'path': '/procs', 'control': true, 'auth': true},"
                        + " {'path': '/app', 'auth': true, 'application': {'members': ['%s']}},"
                        + " {'path': '/open', 'application': {'members': ['%s']}}],"
                        + " 'accessLog': 'COMBINED', 'access': {%s 'auth': {'users': '%s',"
                        + " 'tokens': '%s', 'sessionMillis': 3600000}}}")
                .formatted(app, app, more, stage.file("users"), stage.file("tokens"));
    }

    private Front serve() throws IOException {
        return stage.serve(config(""), CONTROL);
    }

    private static String basic(String login) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
    }

    @Test
    void aUserComesInWithItsPassword() throws Exception {
        serve();
        String refused = stage.get("/procs");
        assertThat(code(refused)).isEqualTo(401);
        assertThat(refused).contains("WWW-Authenticate: Basic realm=\"procmon\"");
        for (int i = 0; i < 2; i++) {
            assertThat(body(stage.get("/procs", basic("ada:secret")))).startsWith("ada Basic  ");
        }
        assertThat(stage.get("/procs", basic("ada:secret"))).doesNotContain("c2VjcmV0");
        assertThat(code(stage.get("/procs", basic("ada:hidden")))).isEqualTo(401);
        assertThat(code(stage.get("/procs", basic("eve:secret")))).isEqualTo(401);
        assertThat(stage.get("/app", basic("bob:hidden"))).endsWith("bob|null");
        assertThat(code(stage.get("/app"))).isEqualTo(401);
        assertThat(stage.get("/open")).endsWith("null|null");
    }

    @Test
    void theUserIsInTheAccessLog() throws Exception {
        serve();
        stage.get("/procs?a", basic("ada:secret"));
        stage.get("/procs?b", basic("ada:wrong"));
        await().until(() -> stage.log().size() == 2);
        assertThat(stage.log().getFirst()).startsWith("127.0.0.1 - ada [");
        assertThat(stage.log().getLast()).startsWith("127.0.0.1 - - [");
    }

    @Test
    void aProgramComesInWithItsToken() throws Exception {
        serve();
        assertThat(stage.get("/procs", "Authorization: Bearer token-of-deploy"))
                .endsWith("deploy Bearer  ");
        assertThat(stage.get("/procs", "Authorization: bearer token-of-reader"))
                .endsWith("reader Bearer read ");
        assertThat(code(stage.get("/procs", "Authorization: Bearer token"))).isEqualTo(401);
    }

    @Test
    void aTokenThatMayOnlyReadSendsNoPost() throws Exception {
        serve();
        assertThat(code(post("/app", "x", "Authorization: Bearer token-of-reader"))).isEqualTo(403);
        assertThat(code(post("/app", "x", "Authorization: Bearer token-of-deploy"))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic !!",
                "Basic YWRh",
                "Basic OnNlY3JldA==",
                "Digest x",
                "Bearer",
                "Bearer ",
                "x"
            })
    void aFieldThatSaysNothingLetsNobodyIn(String value) throws Exception {
        serve();
        assertThat(code(stage.get("/procs", "Authorization: " + value))).isEqualTo(401);
    }

    private String post(String path, String form, String... fields) throws IOException {
        return stage.send(
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                        + form.length()
                        + "\r\n"
                        + String.join(
                                "", java.util.Arrays.stream(fields).map(f -> f + "\r\n").toList())
                        + "\r\n"
                        + form);
    }

    @Test
    void aBrowserLogsInByTheFormAndOut() throws Exception {
        serve();
        String form = stage.get("/procs?status=a&x=%22", "Accept: text/html,*/*");
        assertThat(code(form)).isEqualTo(401);
        assertThat(form)
                .contains("value=\"/procs?status=a&amp;x=%22\"")
                .contains("action=\"?procmon-login\"")
                .doesNotContain("Basic realm");

        String answer =
                post(
                        "/procs?procmon-login",
                        "user=ada&password=secret&to=%2Fprocs%3Fstatus%3Da",
                        "Sec-Fetch-Site: same-origin");
        assertThat(code(answer)).isEqualTo(303);
        assertThat(answer).contains("Location: /procs?status=a\r\n");
        Matcher cookie = COOKIE.matcher(answer);
        assertThat(cookie.find()).isTrue();
        assertThat(cookie.group(1)).startsWith("procmon-session=").doesNotContain("secret");
        assertThat(cookie.group(2))
                .contains("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=3600")
                .doesNotContain("Secure");

        String own = "Cookie: a=b; " + cookie.group(1) + "; c=d";
        assertThat(stage.get("/procs", own)).endsWith("ada Form  ");
        assertThat(stage.get("/app", own)).endsWith("ada|a=b; c=d");
        assertThat(stage.get("/open", own)).endsWith("null|a=b; c=d");
        assertThat(post("/procs?procmon-logout", "", own))
                .startsWith("HTTP/1.1 200 ")
                .contains("Set-Cookie: procmon-session=; ", "Max-Age=0");
    }

    @Test
    void aWrongPasswordShowsTheFormAgain() throws Exception {
        serve();
        String answer = post("/procs?procmon-login", "user=ada&password=x&to=/procs");
        assertThat(code(answer)).isEqualTo(403);
        assertThat(answer).contains("is wrong", "value=\"/procs\"").doesNotContain("Set-Cookie");
        assertThat(code(post("/procs?procmon-login", ""))).isEqualTo(403);
        assertThat(
                        code(
                                post(
                                        "/procs?procmon-login",
                                        "user=ada&password=secret&x=" + "y".repeat(9000))))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: http://evil.example",
        "Origin: null"
    })
    void aFormOfAnotherSiteIsRefused(String field) throws Exception {
        serve();
        String answer = post("/procs?procmon-login", "user=ada&password=secret", field);
        assertThat(code(answer)).isEqualTo(403);
        assertThat(answer).doesNotContain("Set-Cookie");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/%5Cevil.example",
                "/x%0d%0aSet-Cookie:a",
                "javascript:x"
            })
    void theFormLeadsToThisServerOnly(String to) throws Exception {
        serve();
        String answer = post("/procs?procmon-login", "user=ada&password=secret&to=" + to);
        assertThat(answer).contains("Location: /\r\n");
    }

    @Test
    void overTlsTheCookieIsForTlsOnly() throws Exception {
        OpenSsl.pair(folder, "own", "ed25519");
        stage.serve(
                config(
                        "'tls': {'certificate': '%s', 'key': '%s'},"
                                .formatted(stage.file("own.pem"), stage.file("own.key"))),
                CONTROL);
        String address = "https://localhost:" + stage.port() + "/procs";
        String curl = "curl -sS -m 30 --http2 --cacert own.pem ";
        assertThat(sh(curl + "-i -d user=ada -d password=secret " + address + "?procmon-login"))
                .contains("set-cookie: __Host-procmon-session=", "; Secure");
        assertThat(
                        sh(
                                curl
                                        + "-c jar -o out -d user=ada -d password=secret "
                                        + address
                                        + "?procmon-login; "
                                        + curl
                                        + "-b jar "
                                        + address))
                .isEqualTo("ada Form  ");
        assertThat(sh(curl + "-u ada:secret " + address)).startsWith("ada Basic  ");
    }

    private String sh(String script) throws IOException {
        return OpenSsl.command(folder, java.util.List.of("sh", "-c", script));
    }

    @Test
    void thoseThatGuessHaveToWaitAndThoseThatAreInDoNot() throws Exception {
        serve();
        assertThat(code(stage.get("/procs", basic("ada:secret")))).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(code(stage.get("/procs", basic("bob:guess" + i)))).isEqualTo(401);
        }
        String late = stage.get("/procs", basic("bob:hidden"));
        assertThat(code(late)).isEqualTo(429);
        assertThat(late).contains("Retry-After: 1\r\n");
        assertThat(code(post("/procs?procmon-login", "user=bob&password=hidden"))).isEqualTo(429);
        assertThat(code(stage.get("/procs", basic("ada:secret")))).isEqualTo(200);
        assertThat(code(stage.get("/procs", "Authorization: Bearer token-of-deploy")))
                .isEqualTo(200);
        await().until(() -> code(stage.get("/procs", basic("bob:hidden"))) == 200);
    }

    @Test
    void changedFilesAreFollowedAndBadOnesAreNot() throws Exception {
        serve();
        assertThat(code(stage.get("/procs", basic("ada:secret")))).isEqualTo(200);
        Files.writeString(stage.file("users"), BOB);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> code(stage.get("/procs", basic("ada:secret"))) == 401);
        Files.writeString(stage.file("users"), ADA + "bob:plain\n");
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> code(stage.get("/app", basic("bob:hidden"))) == 200);
    }

    @Test
    void aReloadWithBadFilesChangesNothing() throws Exception {
        Front front = serve();
        String config = Files.readString(stage.file("http.json")).replace("/users", "/none");
        assertThatThrownBy(() -> front.reload(stage.config(config)))
                .hasMessageContaining("there is no file");
        assertThat(code(stage.get("/procs", basic("ada:secret")))).isEqualTo(200);
    }
}
