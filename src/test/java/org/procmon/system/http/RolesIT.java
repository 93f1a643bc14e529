package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what by the user that lighttpd has authenticated. */
@Timeout(60)
class RolesIT {
    private final Stage stage;

    RolesIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    @Test
    void theUserOfTheWebServerDecides() throws Exception {
        Running monitor =
                stage.monitor(
                        "{\"control\": {\"operators\": [\"http:ada\"]},"
                                + " \"processes\": [{\"id\": \"one\", \"exec\": \"sleep 1000\"}]}");
        Files.writeString(stage.file("users"), "ada:secret\nbob:secret\n");
        stage.edit(
                "lighttpd.conf",
                "server.modules = ( \"mod_fastcgi\" )",
                """
                server.modules = ( "mod_auth", "mod_authn_file", "mod_fastcgi" )
                auth.backend = "plain"
                auth.backend.plain.userfile = "%s"
                $HTTP["request-method"] == "POST" {
                    auth.require = ( "/procs" => ( "method" => "basic", "realm" => "procs",
                                                   "require" => "valid-user" ) )
                }
                """
                        .formatted(stage.file("users")));
        stage.lighttpd("lighttpd.conf");
        stage.await200("?list");

        assertThat(stage.ask("", "-u", "ada:secret", "-d", "restart=one").status()).isEqualTo(200);
        Answer bob = stage.ask("", "-u", "bob:secret", "-d", "restart=one");
        assertThat(bob.status()).isEqualTo(403);
        assertThat(bob.body())
                .contains(
                        "the HTTP user bob may not do this; control.operators would have to name"
                                + " \\\"http:bob\\\"");
        Answer nobody = stage.ask("?restart=one");
        assertThat(nobody.status()).isEqualTo(403);
        assertThat(nobody.body()).contains("a request without a user may not do this");
        assertThat(Listed.find(stage.ask("?list").body(), "one").runcount()).isEqualTo(2);

        assertThat(monitor.log())
                .containsPattern(
                        "INFO command: restart one ok user=\\S+ http=127.0.0.1 http_user=ada\n")
                .containsPattern(
                        "WARN command: restart one refused user=\\S+ http=127.0.0.1 http_user=bob"
                                + " reason=\"the HTTP user bob")
                .containsPattern(
                        "WARN command: restart one refused user=\\S+ http=127.0.0.1 reason=");
        assertThat(stage.run(stage.procmon(), "restart", "one").code()).isZero();
    }
}
