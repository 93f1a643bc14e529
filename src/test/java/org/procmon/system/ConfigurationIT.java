package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configuration files, from outside. */
@Timeout(60)
class ConfigurationIT {
    private static final Path GOOD = Path.of("test-fixtures/config/good").toAbsolutePath();

    @TempDir Path folder = Path.of("");

    @Test
    void printsEveryProblemAndStartsNothing() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("bad.json"),
                        Config.of(
                                Config.script("one", "echo started >$DIR/started", "'dependz': []"),
                                Config.program("two", "sleep 1000", "'wait': 'soon'"),
                                Config.program("three", "sleep 1000", "'depends': ['nobody']"),
                                Config.program("two", "sleep 1000")));

        Outcome checked = TestProduct.procmon(folder, "check", file.toString());
        Outcome run = TestProduct.procmon(folder, "-f", file.toString());

        assertThat(checked.code()).isEqualTo(78);
        assertThat(checked.out().lines())
                .hasSize(4)
                .allMatch(line -> line.matches("\\Q" + file + "\\E:\\d+:\\d+: .+"));
        assertThat(checked.out()).contains("dependz", "'wait'", "nobody", "already given");
        assertThat(run.code()).isEqualTo(78);
        assertThat(run.err())
                .startsWith(checked.out())
                .endsWith("it has problems, nothing was started\n");
        assertThat(folder.resolve("started")).doesNotExist();
        assertThat(TestProduct.stateFolder(folder)).doesNotExist();
        try (TestMonitor monitor =
                TestMonitor.start(folder, Config.of(Config.program("one", "sleep 1000")))) {
            monitor.awaitRun("one", 1);
        }
    }

    @Test
    void aFileThatIsNotThereIsAProblemToo() throws Exception {
        Outcome run = TestProduct.procmon(folder, "-f", folder.resolve("none.json").toString());

        assertThat(run.code()).isEqualTo(78);
        assertThat(run.err()).contains("none.json", "nothing was started");
    }

    @ParameterizedTest
    @CsvSource({"-f, chain.json, running", "-F, chain-with-skip.json, stopped"})
    void filesWrittenForUpstreamRunUnchanged(String flag, String name, String files)
            throws Exception {
        String file = GOOD.resolve(name).toString();
        assertThat(TestProduct.procmon(folder, "check", file))
                .isEqualTo(new Outcome(0, file + ": 4 processes, no problems\n", ""));

        try (TestMonitor monitor = TestMonitor.start(folder, List.of(), flag, file)) {
            monitor.awaitRun("commands", 1);

            patiently()
                    .untilAsserted(() ->
                            assertThat(monitor.rows())
                                    .filteredOn(r -> !r.name().startsWith("procmon"))
                                    .extracting(r -> r.name() + " " + r.state())
                                    .containsExactly(
                                            "store running",
                                            "seed completed",
                                            "files " + files,
                                            "commands running"));
        }
    }
}
