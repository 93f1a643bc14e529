package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.status.fields.ProcessRow;

/**
 * Applications that are hard to stop, and those with children. Another pool of the same monitor
 * serves all the time.
 */
@Timeout(120)
class BadEndingsIT {
    private static final String GOOD =
            "{'id': 'good', 'exec': ['BAD', 'serve'], 'listen': 'DIR/good', 'mode': 'static',"
                    + " 'workers': 2}";

    @TempDir Path folder = Path.of("");

    private static String pool(String id, String exec, String... keys) {
        String start = "{'id': '%s', 'exec': %s, 'listen': 'DIR/%s'".formatted(id, exec, id);
        return start + String.join("", List.of(keys).stream().map(k -> ", " + k).toList()) + "}";
    }

    private static SteadyClients clientsOfGood(BadStage stage) {
        stage.awaitRunning("good", 2);
        return new SteadyClients(stage.socket("good"), 2, "sleep=10");
    }

    @Test
    void aChildThatAWorkerLeavesBehindIsEndedWithIt() throws Exception {
        try (BadStage stage =
                new BadStage(
                        folder,
                        GOOD,
                        pool(
                                "leaks",
                                "['BAD', 'leaks']",
                                "'mode': 'static', 'workers': 2",
                                "'patience': '4s'"))) {
            try (SteadyClients _ = clientsOfGood(stage)) {
                List<ProcessRow> first = stage.awaitRunning("leaks", 2);
                int before = stage.left().size();
                assertThat(OverloadRequest.ask(stage.socket("leaks"), "exit").isServed()).isTrue();
                patiently()
                        .until(() ->
                                stage.running("leaks").size() == 2
                                        && !pids(stage.running("leaks")).equals(pids(first)));
                patiently().until(() -> stage.left().size() == before);
                assertThat(OverloadRequest.ask(stage.socket("leaks"), "").isServed()).isTrue();
                stage.procmon("stop", "leaks");
                patiently().until(() -> stage.left().size() == before - 4);
            }
        }
    }

    private static List<Integer> pids(List<ProcessRow> rows) {
        return rows.stream().map(ProcessRow::pid).toList();
    }

    @Test
    void aProgramThatIgnoresTermIsStoppedWhenIdleAndWithItsPool() throws Exception {
        try (BadStage stage =
                new BadStage(
                        folder, GOOD, stubborn("auto"), stubborn("signal"), stubborn("freeze"))) {
            List<String> pools = List.of("auto", "signal", "freeze");
            try (SteadyClients _ = clientsOfGood(stage)) {
                for (String id : pools) {
                    assertThat(OverloadRequest.ask(stage.socket(id), "").isServed()).isTrue();
                }
                for (String id : pools) {
                    stage.awaitRunning(id, 0);
                    assertThat(OverloadRequest.ask(stage.socket(id), "").isServed()).isTrue();
                }
                for (String id : pools) {
                    stage.procmon("stop", id);
                    stage.awaitRunning(id, 0);
                    assertThat(OverloadRequest.ask(stage.socket(id), "").isRefused()).isTrue();
                }
            }
        }
    }

    private static String stubborn(String retire) {
        return pool(
                retire,
                "['BAD', 'stubborn']",
                "'mode': 'ondemand', 'workers': 2, 'idle_timeout': '500ms'",
                "'patience': '1s', 'retire': '" + retire + "'");
    }

    @Test
    void childrenOfPhpAreGoneWhenThePoolIsStopped() throws Exception {
        try (BadStage stage =
                new BadStage(
                        folder,
                        GOOD,
                        pool(
                                "php",
                                "'php-cgi'",
                                "'mode': 'static', 'workers': 2, 'env': {'PHP_FCGI_CHILDREN': '3'}"))) {
            try (SteadyClients _ = clientsOfGood(stage)) {
                int before = stage.left().size();
                patiently().until(() -> stage.left().size() >= 8);
                OverloadRequest.Answer answer = OverloadRequest.ask(stage.socket("php"), "");
                assertThat(answer.hasEnded()).as("%s", answer).isTrue();
                patiently().until(() -> stage.running("php").size() == 2);
                stage.procmon("stop", "php");
                patiently()
                        .until(() ->
                                stage.left().stream().noneMatch(BadEndingsIT::isPhp)
                                        && stage.workers("php").isEmpty());
                assertThat(before).isPositive();
            }
        }
    }

    private static boolean isPhp(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> command.contains("php-cgi"))
                .isPresent();
    }
}
