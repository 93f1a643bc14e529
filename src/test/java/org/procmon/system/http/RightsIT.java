package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Root's monitor, and a web server that gives up root's rights. Root only. */
@Timeout(60)
class RightsIT {
    private final Stage stage;

    RightsIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    @Test
    void refusesUsersOutsideOfTheConfiguration() throws Exception {
        start("{}");

        for (String query : new String[] {"?list", "?status=one", "?restart=one"}) {
            assertRefused(
                    stage.ask(query),
                    "the user www-data may not open "
                            + stage.file("state/control.sock")
                            + "; control.socket_group would have to name a group of that user");
        }
    }

    @Test
    void theGroupOfTheSocketMayLook() throws Exception {
        start("{\"socket_group\": \"www-data\"}");

        Answer list = stage.ask("?list");
        assertThat(list.status()).isEqualTo(200);
        Listed before = Listed.find(list.body(), "one");
        for (String verb : new String[] {"start", "stop", "restart"}) {
            assertRefused(
                    stage.ask("?" + verb + "=one"),
                    "the user www-data may not do this; control.operators would have to name it");
        }
        Listed after = Listed.find(stage.ask("?list").body(), "one");
        assertThat(after.pid()).isEqualTo(before.pid());
        assertThat(after.state()).isEqualTo("running");
    }

    @Test
    void anOperatorMayDoAnything() throws Exception {
        start("{\"socket_group\": \"www-data\", \"operators\": [\"www-data\"]}");

        assertThat(stage.ask("?restart=one").body()).isEqualTo("restarting one\n");
        assertThat(stage.ask("?stop=one&start=one").status()).isEqualTo(200);
        assertThat(Listed.find(stage.ask("?list").body(), "one").runcount()).isEqualTo(3);
    }

    @Test
    void fcgiProcByItselfGivesUpItsRightsToo() throws Exception {
        startMonitor("{\"socket_group\": \"www-data\", \"operators\": [\"@www-data\"]}");
        stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        stage.lighttpd("external.conf");
        stage.await200("?list");

        assertThat(stage.ask("?restart=one").body()).isEqualTo("restarting one\n");
        assertThat(ServerProcesses.user(stage.responders().getFirst())).isNotZero();
    }

    private void start(String control) throws Exception {
        startMonitor(control);
        Running lighttpd = stage.lighttpd("lighttpd.conf");
        assertThat(ServerProcesses.user(lighttpd.pid())).isNotZero();
        assertThat(ServerProcesses.user(stage.responders().getFirst()))
                .isEqualTo(ServerProcesses.user(lighttpd.pid()));
    }

    private void startMonitor(String control) throws Exception {
        assertThat(Programs.areRunByRoot()).as("this test can only be run by root").isTrue();
        stage.openToEveryone().with("PROCMON_WEB_USER", "www-data");
        stage.monitor(
                "{\"control\": "
                        + control
                        + ", \"processes\": [{\"id\": \"one\", \"exec\": \"sleep 1000\","
                        + " \"monitored\": true}]}");
    }

    private static void assertRefused(Answer answer, String reason) {
        assertThat(answer.body())
                .isEqualTo("{\"status\": 403, \"description\" : \"" + reason + "\"}");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).containsExactly("application/json");
    }
}
