package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.BadStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlException;
import org.procmon.status.fields.ProcessRow;

/** Workers that write to one log file, while monitors die. */
@Timeout(180)
class SharedLogIT {
    private static final int WORKERS = 3;
    private static final int LINES = 4000;

    /** Writes its lines in two parts, to both streams, and serves. */
    private static final String POOL =
            "{'id': 'app', 'listen': 'DIR/s', 'mode': 'static', 'workers': 3, 'output': 'shared',"
                    + " 'exec': ['sh', 'DIR/chatty', 'BAD']}";

    private static final String CHATTY =
            """
            (
                i=0
                while [ $i -lt %d ]; do
                    printf "part $i "
                    printf "end $i\\n"
                    printf "err $i\\n" >&2
                    i=$((i+1))
                done
            ) &
            exec "$1" serve
            """
                    .formatted(LINES);

    @TempDir Path folder = Path.of("");

    @Test
    void noLineIsLostOrMixedWhileMonitorsDie() throws Exception {
        Files.writeString(folder.resolve("chatty"), CHATTY);
        try (BadStage stage = BadStage.ofPair(folder, POOL)) {
            Path log = stage.file("state/log/app.log");
            patiently().until(() -> Files.exists(log) && Files.size(log) > 10_000);
            kill(stage, "procmon1");
            for (int i = 1; i <= WORKERS; i++) {
                String last = "[" + i + "] part " + (LINES - 1) + " end " + (LINES - 1);
                String lastError = "[" + i + "] err " + (LINES - 1);
                patiently().until(() -> lines(log).contains(last));
                patiently().until(() -> lines(stage.file("state/log/app.err")).contains(lastError));
            }
            mustHaveAll(lines(log), "part %1$d end %1$d");
            mustHaveAll(lines(stage.file("state/log/app.err")), "err %1$d");
            patiently()
                    .ignoreExceptionsInstanceOf(ControlException.class)
                    .until(() -> stage.running("app").size() == WORKERS);
            assertThat(stage.procmon("tail", "-n", "1", "app.2"))
                    .isEqualTo("part %1$d end %1$d\n".formatted(LINES - 1));
            assertThat(stage.procmon("tail", "-n", "9000", "app").lines().skip(1))
                    .as("but for the first line, which may be cut")
                    .allMatch(line -> line.matches("\\[[1-3]] part [0-9]+ end [0-9]+"))
                    .hasSizeGreaterThan(100);
            assertThat(stage.procmon("tail", "--stderr", "-n", "2", "app.3"))
                    .isEqualTo("err %d\nerr %d\n".formatted(LINES - 2, LINES - 1));
            stage.procmon("-x");
        }
    }

    /** Each line whole and in order; what a monitor was writing when it was killed is repeated. */
    private static void mustHaveAll(List<String> lines, String form) {
        String whole = "\\[[1-3]] " + form.replace("%1$d", "[0-9]+");
        assertThat(lines.stream().filter(line -> !line.matches(whole)))
                .as("the one that was cut by the death of the monitor")
                .hasSizeLessThanOrEqualTo(1)
                .allMatch(line -> lines.stream().anyMatch(other -> isCut(line, other)));
        for (int i = 1; i <= WORKERS; i++) {
            String mark = "[" + i + "] ";
            assertThat(
                            lines.stream()
                                    .filter(line -> line.startsWith(mark) && line.matches(whole))
                                    .map(line -> line.substring(mark.length()))
                                    .distinct())
                    .containsExactlyElementsOf(
                            IntStream.range(0, LINES).mapToObj(form::formatted).toList());
        }
    }

    private static boolean isCut(String line, String whole) {
        return whole.startsWith(line) && whole.length() > line.length();
    }

    private static void kill(BadStage stage, String monitor) throws ControlException {
        for (ProcessRow row : stage.rows()) {
            if (row.name().equals(monitor)) {
                ProcessHandle.of(row.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }
}
