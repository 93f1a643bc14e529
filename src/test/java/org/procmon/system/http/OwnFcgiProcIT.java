package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code external.conf} and {@code balance.conf}: fcgi_proc runs by itself. */
@Timeout(60)
class OwnFcgiProcIT {
    private static final String CONFIGURATION =
            """
            {"processes": [{"id": "one", "exec": "sleep 1000", "monitored": true},
              {"id": "slow", "skip": true, "stop": {"timeout": "1s"},
               "exec": ["sh", "-c", "trap '' TERM; echo up >$DIR/up; sleep 1000 & wait"]}]}
            """;

    private final Stage stage;

    OwnFcgiProcIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @BeforeEach
    void start() throws Exception {
        stage.monitor(CONFIGURATION);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    @Test
    void fcgiProcOpensTheSocketThatLighttpdLooksFor() throws Exception {
        Running responder = stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        stage.lighttpd("external.conf");
        stage.await200("?list");

        assertThat(stage.ask("?restart=one").body()).isEqualTo("restarting one\n");
        assertThat(responder.stop()).isZero();
        assertThat(responder.log()).isEmpty();
        assertThat(stage.socket("fcgi_proc.sock")).doesNotExist();
        assertThat(stage.ask("?list").status()).isEqualTo(503);
    }

    @Test
    void fcgiProcFinishesRequestsAndIsReplaced() throws Exception {
        Running first = stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        Running lighttpd = stage.lighttpd("external.conf");
        stage.await200("?list");

        assertThat(stage.ask("?start=slow").status()).isEqualTo(200);
        patiently().until(() -> Files.exists(stage.file("up")));
        Running stop = stage.askLater("?stop=slow");
        patiently().until(() -> stage.ask("?status=slow").body().contains("\"stopping\""));
        assertThat(first.stop()).isZero();
        assertThat(stop.exitCode()).isZero();
        assertThat(Answer.parse(stop.log()).status()).isEqualTo(200);
        assertThat(Answer.parse(stop.log()).body()).isEmpty();

        Running second = stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        assertThat(Listed.find(stage.await200("?list").body(), "slow").state())
                .isEqualTo("stopped");
        second.kill();
        assertThat(stage.socket("fcgi_proc.sock")).exists();
        stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        stage.await200("?list");
        assertThat(lighttpd.isAlive()).isTrue();
    }

    @Test
    void aSecondFcgiProcDoesNotTakeTheSocketOfALiveOne() throws Exception {
        stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));
        stage.lighttpd("external.conf");
        stage.await200("?list");

        Running second = stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"));

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.log())
                .isEqualTo(
                        "fcgi_proc: cannot listen on "
                                + stage.socket("fcgi_proc.sock")
                                + ": another program listens there\n");
        assertThat(stage.ask("?list").status()).isEqualTo(200);
    }

    @Test
    void theLimitOfBodiesIsAnOption() throws Exception {
        stage.start("fcgi_proc", "sh", "" + stage.conf("fcgi_proc.sh"), "-l", "20000");
        stage.lighttpd("external.conf");
        stage.await200("?list");

        String most = "list" + "&".repeat(19_996);
        assertThat(stage.ask("", "-d", most).status()).isEqualTo(200);
        assertThat(stage.ask("", "-d", most + "&").status()).isEqualTo(413);
        assertThat(stage.ask("", "-d", "start=" + "a".repeat(10_000)).status()).isEqualTo(400);
    }

    @Test
    void spawnFcgiStartsIt() throws Exception {
        makeSocketFolder();
        Running responder = spawnFcgi("fcgi_proc.sock");
        Running lighttpd = stage.lighttpd("external.conf");

        // Connections wait in the socket that spawn-fcgi has opened.
        assertThat(stage.ask("?list").status()).isEqualTo(200);

        assertThat(stage.responders()).containsExactly(responder.pid());
        assertThat(responder.stop()).isZero();
        assertThat(responder.log()).isEmpty();
        assertThat(lighttpd.stop()).isZero();
    }

    @Test
    void requestsSucceedWhileOneInstanceRuns() throws Exception {
        int tcp = Stage.freePort();
        stage.edit("balance.conf", "9000", "" + tcp).with("FCGI_WEB_SERVER_ADDRS", "127.0.0.1");
        makeSocketFolder();
        List<Running> responders =
                List.of(
                        spawnFcgi("fcgi_proc-1.sock"),
                        spawnFcgi("fcgi_proc-2.sock"),
                        stage.start("fcgi_proc", stage.fcgiProc(), "--listen", "127.0.0.1:" + tcp));
        patiently().until(() -> listens(tcp));
        stage.lighttpd("balance.conf");
        assertAnswers(5);

        responders.get(0).kill();
        assertAnswers(10);
        responders.get(1).kill();
        assertAnswers(10);

        assertThat(stage.responders()).containsExactly(responders.get(2).pid());
        assertThat(stage.ask("?restart=one").body()).isEqualTo("restarting one\n");
    }

    private void assertAnswers(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(stage.ask("?list").status()).isEqualTo(200);
        }
    }

    private void makeSocketFolder() throws IOException {
        Files.createDirectory(
                stage.file("web"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private Running spawnFcgi(String socket) throws IOException {
        return stage.start(
                "fcgi_proc",
                Programs.spawnFcgi(),
                "-n",
                "-s",
                stage.socket(socket).toString(),
                "-M",
                "0660",
                "--",
                stage.fcgiProc());
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
