package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of the monitor itself. */
@Timeout(60)
class ShutdownIT {
    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"-x", "TERM", "INT"})
    void everythingIsStoppedInReverseOrder(String how) throws Exception {
        String notes =
                "trap 'sleep 0.1; echo $PROCMON_ID >>$DIR/order; exit 0' TERM; echo up >>$DIR/up;"
                        + " while :; do sleep 0.05; done";
        try (TestMonitor monitor =
                start(
                        Config.script("base", notes, Config.KEPT),
                        Config.script("middle", notes, Config.KEPT, "'depends': ['base']"),
                        Config.script("top", notes, Config.KEPT, "'depends': ['middle']"))) {
            patiently().until(() -> monitor.lines("up").size() == 3);

            if (how.equals("-x")) {
                monitor.must(how);
            } else {
                TestProduct.signal(how, monitor.pid());
            }

            assertThat(monitor.awaitExit(Duration.ofSeconds(15))).isZero();
            assertThat(monitor.lines("order")).containsExactly("top", "middle", "base");
            assertThat(monitor.cli("-l").code()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSecondSignalKillsAtOnce(String signal) throws Exception {
        String deaf = "trap '' TERM; echo up >>$DIR/up; exec sleep 1000";
        String patient = "'stop': {'timeout': '10m'}";
        try (TestMonitor monitor =
                start(
                        Config.script("base", deaf, Config.KEPT, patient),
                        Config.script("top", deaf, Config.KEPT, patient, "'depends': ['base']"))) {
            patiently().until(() -> monitor.lines("up").size() == 2);

            TestProduct.signal(signal, monitor.pid());
            monitor.awaitState("top", "stopping");
            assertThat(monitor.cli("start", "top").err())
                    .isEqualTo("procmon: cannot start top: the monitor is shutting down\n");
            TestProduct.signal(signal, monitor.pid());

            assertThat(monitor.awaitExit(Duration.ofSeconds(10))).isZero();
        }
    }

    /** A shell that started the tests in the background may have them ignore SIGINT. */
    private TestMonitor start(String... processes) throws Exception {
        return TestMonitor.start(
                folder, Config.of(processes), "env", "--default-signal=INT,TERM,HUP");
    }
}
