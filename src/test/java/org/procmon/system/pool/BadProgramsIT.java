package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/** Applications that do not serve. Another pool of the same monitor serves all the time. */
@Timeout(120)
class BadProgramsIT {
    private static final String GOOD =
            "{'id': 'good', 'exec': ['BAD', 'serve'], 'listen': 'DIR/good', 'mode': 'static',"
                    + " 'workers': 2}";

    private static final String STOPS_SOON = "'patience': '2s'";

    @TempDir Path folder = Path.of("");

    private static String pool(String id, String exec, String... keys) {
        String start = "{'id': '%s', 'exec': %s, 'listen': 'DIR/%s'".formatted(id, exec, id);
        return start + String.join("", List.of(keys).stream().map(k -> ", " + k).toList()) + "}";
    }

    /** A program that writes a line when it starts. */
    private static String counted(String id, String command) {
        return pool(
                id,
                "['sh', '-c', 'echo >>DIR/%s.starts; exec %s']".formatted(id, command),
                "'mode': 'static', 'workers': 2");
    }

    private static SteadyClients clientsOfGood(BadStage stage) {
        stage.awaitRunning("good", 2);
        return new SteadyClients(stage.socket("good"), 2, "sleep=10");
    }

    @Test
    void programsThatExitBeforeTheyAcceptAreTriedAgainEverMoreRarely() throws Exception {
        try (BadStage stage =
                new BadStage(
                        folder,
                        GOOD,
                        counted("zero", "BAD exit 0"),
                        counted("one", "BAD exit 1"),
                        pool("none", "'DIR/none.exe'", "'mode': 'static', 'workers': 2"))) {
            long begun = System.nanoTime();
            try (SteadyClients _ = clientsOfGood(stage)) {
                for (String id : List.of("zero", "one")) {
                    patiently().until(() -> stage.lines(id + ".starts") >= 6);
                    OverloadRequest.Answer answer = OverloadRequest.ask(stage.socket(id), "");
                    assertThat(answer.isRefused()).as("%s: %s", id, answer).isTrue();
                }
                assertThat(OverloadRequest.ask(stage.socket("none"), "").isRefused()).isTrue();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            for (String id : List.of("zero", "one")) {
                int starts = stage.lines(id + ".starts");
                assertThat(starts).as("in %.1f s", seconds).isLessThan(20 + (int) (4 * seconds));
                System.out.println(id + ": " + starts + " starts in " + seconds + " s");
            }
            for (ProcessRow row : stage.workers("one")) {
                assertThat(row.state())
                        .isIn("backoff", "starting", "stopping", "failed", "waiting");
            }
            assertThat(stage.workers("none")).allMatch(row -> !row.state().equals("running"));
        }
    }

    @Test
    void programsThatNeverAcceptAreNeverRunning() throws Exception {
        try (BadStage stage =
                new BadStage(
                        folder,
                        GOOD,
                        pool("binds", "['BAD', 'binds', 'DIR/other']", "'workers': 1", STOPS_SOON),
                        pool(
                                "never",
                                "['BAD', 'never']",
                                "'workers': 1",
                                "'mode': 'static'",
                                STOPS_SOON),
                        pool(
                                "closes",
                                "['BAD', 'closes']",
                                "'workers': 1",
                                "'mode': 'static'",
                                STOPS_SOON))) {
            try (SteadyClients clients = clientsOfGood(stage)) {
                patiently().until(() -> clients.served() > 200);
                for (String id : List.of("binds", "never", "closes")) {
                    assertThat(stage.workers(id))
                            .hasSize(1)
                            .allMatch(row -> row.state().equals("starting"));
                    stage.procmon("stop", id);
                    assertThat(stage.workers(id)).as("killed at once").isEmpty();
                }
            }
        }
    }
}
