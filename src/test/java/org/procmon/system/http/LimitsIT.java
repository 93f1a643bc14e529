package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one client can take of {@code fcgi_proc}, and what becomes of the others then. */
@Timeout(120)
class LimitsIT {
    private static final String CONFIGURATION =
            """
            {"processes": [{"id": "one", "exec": "sleep 1000", "monitored": true},
              {"id": "slow", "instances": 32, "monitored": true, "stop": {"timeout": "15s"},
               "exec": ["sh", "-c", "trap '' TERM; sleep 1000 & wait"]}]}
            """;

    private static final String STREAMING = "server.stream-response-body = 2";

    private final Stage stage;

    LimitsIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    @Test
    void manySlowChangesDoNotHoldUpAnother() throws Exception {
        stage.monitor(CONFIGURATION);
        stage.lighttpd("lighttpd.conf");
        List<Running> stops = new ArrayList<>();
        for (int i = 1; i <= 32; i++) {
            stops.add(stage.askLater("?stop=slow." + i));
        }
        // As many changes as one program had places for, until this was bounded otherwise.
        patiently().until(() -> stage.ask("?status").body().split("\"stopping\"", -1).length > 32);
        Answer restart = stage.ask("?restart=one", "--max-time", "10");

        assertThat(restart.status()).isEqualTo(200);
        assertThat(restart.body()).isEqualTo("restarting one\n");
        assertThat(stops).anyMatch(Running::isAlive);
        for (Running one : stops) {
            assertThat(one.exitCode()).isZero();
            assertThat(Answer.parse(one.log()).status()).isEqualTo(200);
        }
    }

    @Test
    void aQueryOfManyCommandsIsRefused() throws Exception {
        stage.monitor(CONFIGURATION);
        stage.lighttpd("lighttpd.conf");
        for (String command : List.of("output=one", "status", "list", "explain=one")) {
            Answer answer = stage.ask("?" + (command + "&").repeat(600));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("16 commands");
        }
    }

    @Test
    void aBodyThatStreamsInIsServedUpToTheLimit() throws Exception {
        stage.monitor(CONFIGURATION);
        stage.edit("lighttpd.conf", STREAMING, STREAMING + "\nserver.stream-request-body = 2");
        stage.lighttpd("lighttpd.conf");
        String[] chunked = {"-H", "Transfer-Encoding: chunked", "-d", "restart=one"};
        Answer answer = stage.ask("?list", chunked);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("restarting one\n");
        chunked[3] = "list" + "&".repeat(1021);
        assertThat(stage.ask("", chunked).status()).isEqualTo(413);
    }

    @Test
    void withoutMemoryItEndsAndSaysWhy() throws Exception {
        stage.monitor(CONFIGURATION);
        Running responder =
                stage.start(
                        "fcgi_proc",
                        "env",
                        "PROCMON_JAVA_OPTIONS=-XX:MaxDirectMemorySize=1k",
                        "sh",
                        "" + stage.conf("fcgi_proc.sh"));
        stage.lighttpd("external.conf");
        patiently().until(() -> stage.socket("fcgi_proc.sock").toFile().exists());
        stage.ask("?list");

        assertThat(responder.exitCode()).isEqualTo(70);
        assertThat(responder.log())
                .contains("fcgi_proc: cannot continue: thread fastcgi-")
                .contains("java.lang.OutOfMemoryError");
        stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        stage.await200("?list");
    }
}
