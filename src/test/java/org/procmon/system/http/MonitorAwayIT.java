package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web side outlives the monitor, and finds the next one. */
@Timeout(60)
class MonitorAwayIT {
    private static final String CONFIGURATION =
            """
            {"processes": [{"id": "one", "exec": "sleep 1000", "monitored": true}]}
            """;

    @TempDir Path folder = Path.of("");

    @Test
    void withoutAMonitorItSaysSoAndTheNextMonitorIsFound() throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.lighttpd("lighttpd.conf");
            assertAway(stage);
            long responder = stage.responders().getFirst();

            Running first = stage.monitor(CONFIGURATION);
            assertThat(stage.ask("?restart=one").body()).isEqualTo("restarting one\n");
            assertThat(stage.ask("?list").status()).isEqualTo(200);

            assertThat(first.stop()).isZero();
            assertAway(stage);

            stage.monitor(CONFIGURATION);
            patiently()
                    .until(() ->
                            Listed.find(stage.ask("?list").body(), "one")
                                    .state()
                                    .equals("running"));
            assertThat(stage.ask("?restart=one").status()).isEqualTo(200);
            assertThat(stage.responders()).containsExactly(responder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?list", "?restart=one"})
    void usesANewMonitorAtOnce(String query) throws Exception {
        try (Stage stage = new Stage(folder)) {
            Running first = stage.monitor(CONFIGURATION);
            stage.lighttpd("lighttpd.conf");
            assertThat(stage.ask("?list").status()).isEqualTo(200);

            assertThat(first.stop()).isZero();
            stage.monitor(CONFIGURATION);

            assertThat(stage.ask(query).status()).isEqualTo(200);
        }
    }

    private static void assertAway(Stage stage) throws IOException {
        for (String query : new String[] {"?list", "?status=one", "?stop=one"}) {
            Answer answer = stage.ask(query);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).containsExactly("1");
            assertThat(answer.header("Content-Type")).containsExactly("application/json");
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"status\": 503, \"description\" : \"there is no monitor: no socket "
                                    + stage.file("state/control.sock")
                                    + "\"}");
        }
    }
}
