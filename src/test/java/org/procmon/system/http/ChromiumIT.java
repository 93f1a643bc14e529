package org.procmon.system.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a page can have a real browser do to a web server that lets every page read its answers, and
 * what its user can.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChromiumIT {
    private static final String CONFIGURATION =
            """
            {"processes": [{"id": "one", "exec": ["sh", "-c", "echo secret; exec sleep 1000"],
              "monitored": true}]}
            """;

    private static final String MODULES = "server.modules = ( \"mod_fastcgi\" )";
    private static final String OPEN =
            """
            server.modules = ( "mod_setenv", "mod_fastcgi" )
            setenv.add-response-header = ( "Access-Control-Allow-Origin" => "*" )
            """;
    private static final String PROGRAM = "/bin/fcgi_proc\"";

    private final Stage stage;
    private final HttpServer elsewhere;
    private final String evil;

    @SuppressWarnings("NullAway.Init")
    private Chromium chromium;

    ChromiumIT(@TempDir Path folder) throws Exception {
        stage = new Stage(folder);
        elsewhere =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext(
                "/",
                exchange -> {
                    byte[] page = "<!doctype html><title>evil</title>".getBytes(UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "text/html");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        evil = "http://evil.example:" + elsewhere.getAddress().getPort() + "/";
    }

    @BeforeAll
    void start() throws Exception {
        elsewhere.start();
        stage.monitor(CONFIGURATION);
        stage.edit("lighttpd.conf", MODULES, OPEN)
                .edit("lighttpd.conf", PROGRAM, "/bin/fcgi_proc --host own.example\"")
                .lighttpd("lighttpd.conf");
        chromium = new Chromium(stage);
        stage.await200("?list");
    }

    @AfterAll
    void stop() throws Exception {
        try (stage;
                Chromium _ = chromium) {
            elsewhere.stop(0);
        }
    }

    private String at(String host, String query) {
        return "http://" + host + ":" + stage.port() + "/procs?" + query;
    }

    private static String fetched(String address, String options) {
        return "fetch('%s', {%s}).then(r => r.status + ' ' + r.type, e => '' + e)"
                .formatted(address, options);
    }

    @Test
    void aReboundPageThatLeavesOutAllThatItMayChangesAndReadsNothing() throws Exception {
        Listed before = row();
        chromium.open("http://rebound.example:" + stage.port() + "/");
        String bare =
                "headers: {'Accept-Language': '', 'User-Agent': 'curl/8', 'Accept': '*/*'},"
                        + " referrerPolicy: 'no-referrer', credentials: 'omit'";
        String[] queries = {"restart=one", "output=one", "status", "explain=one", "events"};
        for (String query : queries) {
            assertThat(chromium.run(fetched("/procs?" + query, bare))).startsWith("403 ");
            assertThat(chromium.run(fetched("/procs?" + query, ""))).startsWith("403 ");
        }
        String post = "method: 'POST', body: 'restart=one', ";
        assertThat(chromium.run(fetched("/procs", post + bare))).startsWith("403 ");
        assertThat(chromium.run(fetched("/procs", post))).startsWith("403 ");
        assertThat(chromium.run(fetched("/procs?list", bare))).startsWith("200 ");
        chromium.open(at("rebound.example", "restart=one"));
        assertThat(chromium.run("'' + document.querySelector('button')")).isEqualTo("null");
        assertSame(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "own.example"})
    void aForeignPageChangesNothing(String host) throws Exception {
        Listed before = row();
        chromium.open(evil);
        String address = at(host, "restart=one");
        for (String referrer : List.of("no-referrer", "unsafe-url")) {
            String set = ".referrerPolicy = '" + referrer + "'; ";
            // Each waits until the answer is there, whatever it is.
            for (String element :
                    List.of(
                            "e = new Image(); e.src = a",
                            "e = document.createElement('script'); e.src = a",
                            "e = document.createElement('iframe'); e.src = a",
                            "e = document.createElement('link'); e.rel = 'prefetch'; e.href = a",
                            "e = document.createElement('link'); e.rel = 'stylesheet';"
                                    + " e.href = a")) {
                chromium.run(
                        "new Promise(r => { let e; const a = '"
                                + address
                                + "'; "
                                + element
                                + "; e"
                                + set
                                + "e.onload = e.onerror = () => r('done');"
                                + " document.documentElement.append(e) })");
            }
            String policy = ", referrerPolicy: '" + referrer + "'";
            chromium.run(
                    fetched(
                            address,
                            "mode: 'no-cors', headers: {'Accept-Language': '', 'Accept': '*/*'}"
                                    + policy));
            chromium.run(
                    fetched(
                            at(host, ""),
                            "mode: 'no-cors', method: 'POST', body: 'restart=one'" + policy));
            assertThat(chromium.run(fetched(address, "credentials: 'omit'" + policy)))
                    .isEqualTo("403 cors");
            chromium.follow(
                    "{ const f = document.createElement('form'); f.method = 'post'; f.action = '"
                            + address
                            + "'; document.documentElement.append(f); f.submit() }");
            chromium.open(evil);
            chromium.follow(
                    "{ const l = document.createElement('a'); l.href = '"
                            + address
                            + "'; l"
                            + set
                            + "document.documentElement.append(l); l.click() }");
            chromium.open(evil);
        }
        assertSame(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "own.example"})
    void aForeignPageReadsTheListOnlyThoughTheWebServerAllowsAll(String host) throws Exception {
        chromium.open(evil);
        for (String query : List.of("output=one", "status", "explain=one", "events=one")) {
            assertThat(chromium.run(fetched(at(host, query), ""))).isEqualTo("403 cors");
            assertThat(chromium.run(fetched(at(host, query), "referrerPolicy: 'no-referrer'")))
                    .isEqualTo("403 cors");
        }
        assertThat(
                        chromium.run(
                                "new Promise(r => { const e = new EventSource('"
                                        + at(host, "events")
                                        + "'); e.onopen = () => r('open');"
                                        + " e.onerror = () => { e.close(); r('refused') } })"))
                .isEqualTo("refused");
        assertThat(chromium.run(fetched(at(host, "list"), ""))).isEqualTo("200 cors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "own.example"})
    void aTypedAddressShowsAPageWithAButton(String host) throws Exception {
        Listed before = row();
        chromium.open(at(host, "restart=one"));
        assertThat(chromium.run("document.querySelector('h1').innerText"))
                .isEqualTo("restart one?");
        assertSame(before);

        chromium.follow("document.querySelector('button').click()");
        assertThat(chromium.run("document.body.innerText")).isEqualTo("restarting one\n");
        assertThat(row().runcount()).isEqualTo(before.runcount() + 1);

        chromium.open(at(host, "stop=one"));
        chromium.follow("document.querySelector('button').click()");
        assertThat(chromium.run("document.body.innerText")).isEqualTo("done\n");
        assertThat(row().state()).isEqualTo("stopped");
        assertThat(stage.ask("?start=one").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "own.example"})
    void thePageIsNotShownInAFrame(String host) throws Exception {
        Listed before = row();
        chromium.open(evil);
        chromium.run(
                "new Promise(r => { const f = document.createElement('iframe'); f.src = '"
                        + at(host, "restart=one")
                        + "'; f.referrerPolicy = 'no-referrer'; f.onload = () => r('loaded');"
                        + " document.documentElement.append(f) })");
        if (host.equals("own.example")) {
            // The other one is refused before there is a page.
            patiently()
                    .untilAsserted(() ->
                            assertThat(chromium.complaints())
                                    .anyMatch(c ->
                                            c.contains(host) && c.contains("frame-ancestors")));
        }
        assertSame(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "own.example"})
    void theStartPageIsOfUse(String host) throws Exception {
        int runs = row().runcount();
        String start = "http://" + host + ":" + stage.port() + "/";
        for (String link : List.of("list", "status")) {
            chromium.open(start);
            chromium.follow("document.querySelector('a[href$=" + link + "]').click()");
            assertThat(chromium.run("document.body.innerText")).startsWith("[{\"name\":");
        }
        chromium.open(start);
        for (String query : List.of("status=one", "output=one", "explain=one")) {
            assertThat(chromium.run(fetched("/procs?" + query, ""))).isEqualTo("200 basic");
        }
        assertThat(
                        chromium.run(
                                "new Promise(r => { const e = new EventSource('/procs?events');"
                                        + " e.onopen = () => { e.close(); r('open') };"
                                        + " e.onerror = () => r('refused') })"))
                .isEqualTo("open");
        assertThat(chromium.run(fetched("/procs?restart=one", ""))).isEqualTo("403 basic");
        assertThat(chromium.run(fetched("/procs", "method: 'POST', body: 'restart=one'")))
                .isEqualTo("200 basic");
        assertThat(row().runcount()).isEqualTo(runs + 1);
    }

    private Listed row() throws IOException {
        return Listed.find(stage.ask("?list").body(), "one");
    }

    private void assertSame(Listed before) throws IOException {
        Listed after = row();
        assertThat(after.pid()).isEqualTo(before.pid());
        assertThat(after.runcount()).isEqualTo(before.runcount());
        assertThat(after.state()).isEqualTo("running");
    }
}
