package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import org.procmon.system.Outcome;

/**
 * What a browser sends changes nothing without a proof, and what programs send goes on to work,
 * header by header, through lighttpd.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowsersIT {
    private static final String CONFIGURATION =
            """
            {"processes": [{"id": "one", "exec": "sleep 1000", "monitored": true}]}
            """;

    private final Stage stage;

    BrowsersIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @BeforeAll
    void start() throws Exception {
        stage.monitor(CONFIGURATION);
        stage.lighttpd("lighttpd.conf");
        stage.await200("?list");
    }

    @AfterAll
    void stop() throws Exception {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1",
                "Origin: http://127.0.0.1:1",
                "Referer: http://evil.example/"
            })
    void aPageFromElsewhereReadsTheListOnlyAndChangesNothing(String header) throws Exception {
        Listed before = row();
        for (String change : new String[] {"stop=one", "restart=one", "list&stop=one&wait=0"}) {
            assertRefused(stage.ask("?" + change, "-H", header));
            assertRefused(stage.ask("", "-H", header, "-d", change));
        }
        assertSame(before);
        for (String query : List.of("?status", "?status=one", "?output=one", "?explain=one")) {
            assertThat(stage.ask(query, "-H", header).status()).isEqualTo(403);
        }
        assertThat(stage.ask("?events", "-H", header).status()).isEqualTo(403);
        assertThat(stage.ask("?list", "-H", header).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64)",
                "Accept: image/avif,image/webp,image/*,*/*;q=0.8",
                "Accept-Language: en",
                "Cookie: a=b",
                "Sec-Fetch-Mode: cors",
                "Sec-Purpose: prefetch;prerender",
                "Purpose: prefetch",
                "Upgrade-Insecure-Requests: 1",
                "DNT: 1"
            })
    void oneSignOfABrowserIsEnough(String header) throws Exception {
        Listed before = row();
        assertRefused(stage.ask("?restart=one", "-H", header));
        assertRefused(stage.ask("", "-H", header, "-d", "restart=one"));
        assertSame(before);
        assertThat(stage.ask("?status=one", "-H", header).status()).isEqualTo(200);
    }

    @Test
    void aPageOfItsOwnChangesByPost() throws Exception {
        for (String proof :
                List.of(
                        "Sec-Fetch-Site: same-origin",
                        "Origin: http://127.0.0.1:" + stage.port())) {
            int runs = row().runcount();
            assertRefused(stage.ask("?restart=one", "-H", proof));
            assertThat(stage.ask("", "-H", proof, "-d", "restart=one").body())
                    .isEqualTo("restarting one\n");
            assertThat(row().runcount()).isEqualTo(runs + 1);
            String strange = "Host: evil.example:" + stage.port();
            assertRefused(stage.ask("", "-H", proof, "-H", strange, "-d", "restart=one"));
        }
    }

    @Test
    void aTypedAddressShowsAPage() throws Exception {
        Listed before = row();
        Answer page = stage.ask("?restart=one", "-H", "Sec-Fetch-Site: none");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).containsExactly("text/html; charset=utf-8");
        assertThat(page.header("X-Frame-Options")).containsExactly("DENY");
        assertThat(page.body()).contains("<button type=\"submit\">restart one</button>");
        assertSame(before);
    }

    @Test
    void aNameThatWasGivenThisMachinesAddressHelpsNoBrowser() throws Exception {
        Listed before = row();
        String strange = "Host: evil.example:" + stage.port();
        // lighttpd drops the empty header; what is left is what a page cannot change.
        for (String sign :
                List.of(
                        "Accept-Language: en",
                        "User-Agent: Mozilla/5.0",
                        "Accept-Encoding: gzip, deflate",
                        "Sec-Fetch-Site: same-origin")) {
            String[] browser = {"-H", strange, "-H", sign, "-H", "Accept-Language;"};
            assertRefused(stage.ask("?stop=one", browser));
            assertThat(stage.ask("?output=one", browser).status()).isEqualTo(403);
            assertThat(stage.ask("?status", browser).status()).isEqualTo(403);
            assertThat(stage.ask("?list", browser).status()).isEqualTo(200);
        }
        assertSame(before);
        // Programs may call it what they like.
        assertThat(stage.ask("?restart=one", "-H", strange).status()).isEqualTo(200);
    }

    @Test
    void programsNeedNoConfirmation() throws Exception {
        String url = "http://127.0.0.1:" + stage.port() + "/procs?";
        String curl = Programs.curl();
        String wget = Programs.wget();
        String python = Programs.python();
        String request = "import sys, urllib.request as u; print(u.urlopen(*sys.argv[1:]).read())";
        String post =
                "import sys, urllib.request as u;"
                        + " print(u.urlopen(sys.argv[1], sys.argv[2].encode()).read())";
        for (String[] command :
                new String[][] {
                    {curl, "-fsS", url + "restart=one"},
                    {curl, "-fsS", "--compressed", url + "restart=one"},
                    {curl, "-fsS", "-d", "restart=one", url},
                    {"sh", "-c", curl + " -fsS \"$0\"", url + "restart=one"},
                    {wget, "-qO-", url + "restart=one"},
                    {wget, "-qO-", "--post-data=restart=one", url},
                    {python, "-c", request, url + "restart=one"},
                    {python, "-c", post, url, "restart=one"}
                }) {
            int runs = row().runcount();
            Outcome outcome = stage.run(command);
            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(outcome.out()).contains("restarting one");
            assertThat(row().runcount()).isEqualTo(runs + 1);
        }
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

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).containsExactly("application/json");
        assertThat(answer.body())
                .matches(
                        "\\{\"status\": 403, \"description\" : \"cannot change anything for a"
                                + " (page from elsewhere|prefetch|browser)[^\"]*\"}");
    }
}
