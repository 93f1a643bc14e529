package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser sends for somebody else's page looks, and changes nothing. */
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
                "Purpose: prefetch",
                "Sec-Purpose: prefetch;prerender"
            })
    void aPageFromElsewhereAndAPrefetchChangeNothing(String header) throws Exception {
        Listed before = row();
        for (String change : new String[] {"stop=one", "restart=one", "list&stop=one&wait=0"}) {
            assertRefused(stage.ask("?" + change, "-H", header));
            assertRefused(stage.ask("", "-H", header, "-d", change));
        }
        Listed after = row();
        assertThat(after.pid()).isEqualTo(before.pid());
        assertThat(after.runcount()).isEqualTo(before.runcount());
        assertThat(after.state()).isEqualTo("running");
        assertThat(stage.ask("?list", "-H", header).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none"})
    void aPageOfItsOwnAndAPersonMayChange(String header) throws Exception {
        int runs = row().runcount();
        assertThat(stage.ask("?restart=one", "-H", header).body()).isEqualTo("restarting one\n");
        assertThat(row().runcount()).isEqualTo(runs + 1);
    }

    @Test
    void theOriginOfThisHostMayChange() throws Exception {
        String origin = "Origin: http://127.0.0.1:" + stage.port();
        assertThat(stage.ask("?restart=one", "-H", origin).status()).isEqualTo(200);
        assertThat(stage.ask("?restart=one", "-H", origin, "-H", "Host: evil.example").status())
                .isEqualTo(403);
    }

    @Test
    void aNameThatWasGivenThisMachinesAddressHelpsNoBrowser() throws Exception {
        String[] asEvil = {"-H", "Host: evil.example:" + stage.port(), "-H", "Accept-Language: en"};
        Listed before = row();

        assertRefused(stage.ask("?stop=one", asEvil));

        assertThat(row().pid()).isEqualTo(before.pid());
        assertThat(stage.ask("?list", asEvil).status()).isEqualTo(200);
        String[] asLocalhost = {"-H", "Host: localhost", "-H", "Accept-Language: en"};
        assertThat(stage.ask("?restart=one", asLocalhost).status()).isEqualTo(200);
        // Programs may call it what they like.
        assertThat(stage.ask("?restart=one", "-H", "Host: evil.example").status()).isEqualTo(200);
    }

    private Listed row() throws IOException {
        return Listed.find(stage.ask("?list").body(), "one");
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
