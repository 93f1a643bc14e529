package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procmon.control.protocol.ProcessRow;

/** A monitor of which a thread fails ends with a reason, and its backup takes its place. */
@Timeout(300)
class ThreadDeathIT extends Pairs {
    @Test
    void theLoopsThread() throws Exception {
        try (TestMonitor pair = startDoomed(web())) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();

            doom(DoomedMonitor.FAIL);

            assertThat(pair.awaitExit(Duration.ofSeconds(30))).isEqualTo(70);
            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(pair.log())
                    .contains("the loop was interrupted")
                    .contains("procmon: cannot go on: thread main failed")
                    .contains("exited with code 70");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }

    @Test
    void anyThreadThatHasNoMemoryLeft() throws Exception {
        String file = configuration(web());
        try (TestMonitor pair =
                TestMonitor.start(folder, List.of("env", "_JAVA_OPTIONS=-Xmx10m"), "-F", file)) {
            ProcessRow web = pair.awaitRun("web", 1);
            int backup = settledBackup(pair).pid();
            List<String> many = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                many.add(Config.program("p" + i, "sleep 1000", "'description': 'much'"));
            }
            configuration(Config.of(many.toArray(String[]::new)));

            Outcome reload =
                    Product.run(Product.builder(folder, List.of(Product.procmon(), "reload")));

            assertThat(reload.code()).isNotZero();
            assertThat(pair.awaitExit(Duration.ofSeconds(30))).isEqualTo(3);
            eventually().until(() -> pair.row(PRIMARY).pid() == backup);
            assertThat(pair.row("web").pid()).isEqualTo(web.pid());
            assertThat(Files.readString(folder.resolve("monitor.out")) + pair.log())
                    .contains("OutOfMemoryError")
                    .contains("exited with code 3");
            pair.must("-x");
            assertNothingIsLeft(pair);
        }
    }
}
