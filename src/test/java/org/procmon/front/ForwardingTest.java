package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.procmon.front.FrontStage.code;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.fastcgi.ResponderHandler;

/** Clients behind proxies, and those that pretend to be. This machine, 127.0.0.1, is the proxy. */
@Timeout(120)
class ForwardingTest {
    private static final ResponderHandler SHOWN =
            (request, response) ->
                    response.write(
                            ("\r\n"
                                            + request.params().get("REMOTE_ADDR")
                                            + " "
                                            + request.params().get("REQUEST_SCHEME")
                                            + " "
                                            + request.params().get("HTTPS"))
                                    .getBytes(ISO_8859_1));

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

    private String config(String app, String trusted) {
        return ("{'routes': [{'path': '/procs', 'control': true},"
                        + " {'application': {'members': ['%s']}}], 'accessLog': 'COMBINED',"
                        + " 'limits': {'headerBytes': 4096, 'bodyBytes': 10, 'requestMillis': 60000,"
                        + " 'idleMillis': 60000, 'requests': 10, 'queue': 0, 'queueMillis': 1000, 'connections': 100,"
                        + " 'connectionsPerAddress': 2},"
                        + " 'access': {'trustedProxies': [%s]}}")
                .formatted(app, trusted);
    }

    private String serve(String trusted) throws IOException {
        String app = stage.application("app", SHOWN);
        stage.serve(config(app, trusted));
        return app;
    }

    private String shown(String... fields) throws IOException {
        String answer = stage.get("/", fields);
        return code(answer) == 200
                ? FrontStage.body(answer)
                        .lines()
                        .filter(line -> line.contains(" "))
                        .findFirst()
                        .orElse("")
                : Integer.toString(code(answer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "X-Forwarded-For: 1.2.3.4 ~ 1.2.3.4",
                "X-Forwarded-For: 9.9.9.9, 1.2.3.4 ~ 1.2.3.4",
                "X-Forwarded-For: 9.9.9.9, 1.2.3.4, 10.0.0.7 ~ 1.2.3.4",
                "X-Forwarded-For: 127.0.0.1, 1.2.3.4 ~ 1.2.3.4",
                "X-Forwarded-For: 1.2.3.4:5678 ~ 1.2.3.4",
                "X-Forwarded-For: [2001:db8::1]:80 ~ 2001:db8:0:0:0:0:0:1",
                "X-Forwarded-For: 2001:db8::1 ~ 2001:db8:0:0:0:0:0:1",
                "X-Forwarded-For: 10.0.0.1, 10.0.0.7 ~ 10.0.0.1",
                "X-Forwarded-For: 1.2.3.4, unknown ~ 127.0.0.1",
                "X-Forwarded-For: 1.2.3.4, unknown, 10.0.0.7 ~ 10.0.0.7",
                "X-Forwarded-For: localhost ~ 127.0.0.1",
                "X-Forwarded-For: , ~ 127.0.0.1",
                "Forwarded: for=1.2.3.4 ~ 1.2.3.4",
                "Forwarded: for=9.9.9.9, For=\"1.2.3.4:80\";by=10.0.0.1, for=10.0.0.7 ~ 1.2.3.4",
                "Forwarded: for=\"[2001:db8::1]\" ~ 2001:db8:0:0:0:0:0:1",
                "Forwarded: for=_hidden ~ 127.0.0.1",
                "X-Real-IP: 1.2.3.4 ~ 127.0.0.1"
            })
    void theClientIsTheLastThatIsNoTrustedProxy(String field, String address) throws Exception {
        serve("'127.0.0.0/8', '10.0.0.0/8'");
        assertThat(shown(field)).isEqualTo(address + " http null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {"'::2'", "'10.0.0.0/8'", "'unix'", "'::1'"},
            quoteCharacter = '%')
    void whatAnybodyElseSaysIsIgnored(String trusted) throws Exception {
        serve(trusted);
        assertThat(
                        shown(
                                "X-Forwarded-For: 1.2.3.4",
                                "X-Forwarded-Proto: https",
                                "Forwarded: for=1.2.3.4;proto=https"))
                .isEqualTo("127.0.0.1 http null");
    }

    @Test
    void theSchemeIsThatOfTheClient() throws Exception {
        serve("'127.0.0.1'");
        assertThat(shown("X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https"))
                .isEqualTo("1.2.3.4 https on");
        assertThat(shown("X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https, http"))
                .isEqualTo("1.2.3.4 http null");
        assertThat(shown("X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: gopher"))
                .isEqualTo("1.2.3.4 http null");
        assertThat(shown("Forwarded: for=1.2.3.4;proto=https")).isEqualTo("1.2.3.4 https on");
    }

    @Test
    void fieldsThatContradictEachOtherAreRefused() throws Exception {
        serve("'127.0.0.1'");
        assertThat(shown("X-Forwarded-For: 1.2.3.4", "Forwarded: for=1.2.3.4"))
                .isEqualTo("1.2.3.4 http null");
        assertThat(shown("X-Forwarded-For: 1.2.3.4", "Forwarded: for=9.9.9.9")).isEqualTo("400");
    }

    @Test
    void theClientIsInTheAccessLogAndOthersMayNotUseTheQueries() throws Exception {
        serve("'127.0.0.1'");
        assertThat(code(stage.get("/procs", "X-Forwarded-For: 1.2.3.4"))).isEqualTo(403);
        assertThat(code(stage.get("/procs", "X-Forwarded-For: 127.0.0.1, 1.2.3.4"))).isEqualTo(403);
        assertThat(code(stage.get("/procs", "X-Forwarded-For: 127.0.0.1"))).isEqualTo(200);
        assertThat(code(stage.get("/procs"))).isEqualTo(200);
        await().until(() -> stage.log().size() == 4);
        assertThat(stage.log().getFirst()).startsWith("1.2.3.4 - - ");
        assertThat(stage.log().getLast()).startsWith("127.0.0.1 - - ");
    }

    @Test
    void aProxyHasTheConnectionsOfManyClients() throws Exception {
        serve("'127.0.0.1'");
        try (Socket first = stage.connect();
                Socket second = stage.connect()) {
            await().untilAsserted(() -> assertThat(shown()).isEqualTo("127.0.0.1 http null"));
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
    }

    @Test
    void aReloadBelievesOthers() throws Exception {
        String app = stage.application("app", SHOWN);
        Front front = stage.serve(config(app, ""));
        assertThat(shown("X-Forwarded-For: 1.2.3.4")).startsWith("127.0.0.1 ");
        front.reload(stage.config(config(app, "'127.0.0.1'")));
        assertThat(shown("X-Forwarded-For: 1.2.3.4")).startsWith("1.2.3.4 ");
    }
}
