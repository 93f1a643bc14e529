package org.procmon.system.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.http.Stage.patiently;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.system.Outcome;

/** What {@code ./build.sh run} starts: the monitor supervises lighttpd and fcgi_proc. */
@Timeout(60)
class RunIT {
    private final Stage stage;

    RunIT(@TempDir Path folder) {
        stage = new Stage(folder);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    @Test
    void theSuggestedCommandsWork() throws Exception {
        Running run = start();
        awaitGreeting(run);
        assertThat(Listed.parse(stage.ask("?list").body()))
                .extracting(Listed::name)
                .containsExactly(
                        "procmon1", "procmon2", "sleep1", "sleep2", "fcgi_proc", "lighttpd");

        List<String> lines =
                run.log().lines().map(String::strip).filter(l -> l.startsWith("curl ")).toList();
        assertThat(lines).hasSize(4);
        assertThat(Listed.parse(shell(lines.get(0))))
                .extracting(Listed::state)
                .containsOnly("running");
        assertThat(shell(lines.get(1))).isEqualTo("restarting sleep1\n");
        assertThat(row("sleep1").runcount()).isEqualTo(2);
        patiently().until(() -> row("sleep2").runcount() == 2);
        assertThat(shell(lines.get(2))).isEmpty();
        assertThat(row("sleep1").state()).isEqualTo("stopped");
        assertThat(shell(lines.get(3))).isEmpty();
        assertThat(row("sleep1").state()).isEqualTo("running");
        String status =
                run.log().lines().filter(l -> l.endsWith(" status")).findFirst().orElseThrow();
        assertThat(shell(status.strip())).contains("sleep1", "lighttpd");

        assertThat(run.stop()).isZero();
        assertThat(stage.everyone()).isEmpty();
    }

    @Test
    void theFrontTakesThePlaceOfLighttpd() throws Exception {
        Running run =
                stage.start(
                        "run",
                        Path.of("/"),
                        List.of(
                                "env",
                                "SERVER=front",
                                "sh",
                                Programs.checkout().resolve("packaging/run.sh").toString(),
                                Programs.product().toString()));
        awaitGreeting(run);
        assertThat(run.log()).contains("procmon supervises its own HTTP front on http://");
        List<String> lines =
                run.log().lines().map(String::strip).filter(l -> l.startsWith("curl ")).toList();
        assertThat(Listed.parse(shell(lines.get(0))))
                .extracting(Listed::name)
                .containsExactly("procmon1", "procmon2", "sleep1", "sleep2", "http");
        assertThat(shell(lines.get(1))).isEqualTo("restarting sleep1\n");
        assertThat(run.stop()).isZero();
        assertThat(stage.everyone()).isEmpty();
    }

    @Test
    void whatDiesIsReplacedAndAnswersAgain() throws Exception {
        awaitGreeting(start());
        Listed fcgiProc = row("fcgi_proc");
        Listed lighttpd = row("lighttpd");
        assertThat(stage.responders()).containsExactly(fcgiProc.pid());

        stage.signal("KILL", fcgiProc.pid());

        Answer list = stage.await200("?list");
        assertThat(Listed.find(list.body(), "fcgi_proc").runcount()).isEqualTo(2);
        assertThat(Listed.find(list.body(), "fcgi_proc").pid()).isNotEqualTo(fcgiProc.pid());
        assertThat(Listed.find(list.body(), "lighttpd").pid()).isEqualTo(lighttpd.pid());

        stage.signal("KILL", lighttpd.pid());

        patiently()
                .ignoreExceptionsInstanceOf(AssertionError.class)
                .until(() -> row("lighttpd").runcount() == 2);
        assertThat(stage.ask("?restart=sleep1").status()).isEqualTo(200);
    }

    @Test
    void fcgiProcCanRestartItself() throws Exception {
        awaitGreeting(start());
        long responder = row("fcgi_proc").pid();

        Answer answer = stage.ask("?restart=fcgi_proc");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("restarting fcgi_proc\n");
        patiently().until(() -> !ServerProcesses.isAlive(responder));
        assertThat(Listed.find(stage.await200("?list").body(), "fcgi_proc").runcount())
                .isEqualTo(2);
    }

    @Test
    void anInterruptDuringTheStartStopsEverything() throws Exception {
        Running run = start();
        patiently().until(() -> !stage.responders().isEmpty());

        run.stop();

        assertThat(stage.everyone()).isEmpty();
    }

    private Running start() throws Exception {
        return stage.start(
                "run",
                Path.of("/"),
                List.of(
                        "sh",
                        Programs.checkout().resolve("packaging/run.sh").toString(),
                        Programs.product().toString()));
    }

    private static void awaitGreeting(Running run) {
        patiently().until(() -> run.log().contains("Ctrl-C stops everything."));
    }

    private String shell(String line) throws Exception {
        Outcome outcome = stage.run("sh", "-c", line);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out();
    }

    private Listed row(String name) throws Exception {
        return Listed.find(stage.ask("?list").body(), name);
    }
}
