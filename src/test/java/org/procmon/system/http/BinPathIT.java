package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lighttpd.conf}: lighttpd starts fcgi_proc and ends it. */
@Timeout(60)
class BinPathIT {
    private static final String SLOW_TO_STOP =
            """
            {"processes": [{"id": "slow", "monitored": true, "stop": {"timeout": "1s"},
               "exec": ["sh", "-c", "trap '' TERM; echo up >$DIR/up; sleep 1000 & wait"]}]}
            """;

    private static final String PLAIN =
            """
            {"processes": [{"id": "one", "exec": "sleep 1000", "monitored": true}]}
            """;

    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "USR1"})
    void fcgiProcFinishesRequestsBeforeItExits(String signal) throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.monitor(SLOW_TO_STOP);
            Running lighttpd = stage.lighttpd("lighttpd.conf");
            patiently().until(() -> stage.file("up").toFile().exists());
            long responder = stage.responders().getFirst();

            Running stop = stage.askLater("?restart=slow");
            patiently().until(() -> stage.ask("?status=slow").body().contains("\"stopping\""));
            stage.signal(signal, responder);

            assertThat(stop.exitCode()).isZero();
            Answer answer = Answer.parse(stop.log());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("restarting slow\n");
            patiently().until(() -> !ServerProcesses.isAlive(responder));
            stage.await200("?list");
            assertThat(stage.responders()).hasSize(1).doesNotContain(responder);
            assertThat(lighttpd.log()).containsOnlyOnce("child").contains("child exited: 0 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void fcgiProcEndsWithLighttpd(String signal) throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.monitor(PLAIN);
            Running lighttpd = stage.lighttpd("lighttpd.conf");
            stage.await200("?list");
            assertThat(stage.responders()).hasSize(1);

            stage.signal(signal, lighttpd.pid());

            assertThat(lighttpd.exitCode()).isZero();
            patiently().until(() -> stage.responders().isEmpty());
            assertThat(lighttpd.log().lines())
                    .allMatch(line ->
                            line.matches(
                                    ".*(server started|server stopped by UID|graceful shutdown).*"));
        }
    }

    @Test
    void fcgiProcThatIsKilledIsReplaced() throws Exception {
        try (Stage stage = new Stage(folder)) {
            stage.monitor(PLAIN);
            stage.lighttpd("lighttpd.conf");
            stage.await200("?list");
            long responder = stage.responders().getFirst();

            stage.signal("KILL", responder);

            stage.await200("?list");
            assertThat(stage.responders()).hasSize(1).doesNotContain(responder);
        }
    }

    @Test
    void anyUserMayRunAllOfItFromAnyFolder() throws Exception {
        try (Stage stage = new Stage(folder)) {
            if (Programs.areRunByRoot()) {
                stage.openToEveryone().actAs("nobody");
            }
            stage.monitor(PLAIN);
            Running lighttpd = stage.lighttpd("lighttpd.conf");

            stage.await200("?list");

            assertThat(stage.ask("?restart=one").body()).isEqualTo("restarting one\n");
            assertThat(ServerProcesses.user(stage.responders().getFirst()))
                    .isEqualTo(ServerProcesses.user(lighttpd.pid()))
                    .isNotZero();
            assertThat(lighttpd.stop()).isZero();
            assertThat(lighttpd.log().lines())
                    .allMatch(line ->
                            line.matches(
                                    ".*(server started|server stopped by UID|graceful shutdown).*"));
        }
    }
}
