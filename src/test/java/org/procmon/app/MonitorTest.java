package org.procmon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.RunOptions;
import org.procmon.pair.MonitorExit;

class MonitorTest {
    @TempDir Path folder = Path.of("");

    /** An environment that nobody can read stands for any of them. */
    @Test
    void reportsABugOfTheMainThread() {
        Map<String, String> broken =
                new AbstractMap<>() {
                    @Override
                    public Set<Entry<String, String>> entrySet() {
                        throw new IllegalStateException("cannot read this");
                    }
                };
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Monitor monitor = new Monitor(new PrintStream(told, true, StandardCharsets.UTF_8), broken);

        int code =
                monitor.run(
                        folder.resolve("none.json"),
                        RunOptions.of(Optional.empty(), false, RunOptions.Role.ALONE));

        assertThat(code).isEqualTo(MonitorExit.BUG);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("cannot read this", "at org.procmon.app.Monitor.run")
                .endsWith("procmon: cannot continue: thread main failed\n");
    }
}
