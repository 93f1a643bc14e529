package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.RawConnection;

/** Clients without manners. */
@Timeout(60)
class ClientsIT {
    @TempDir Path folder = Path.of("");

    @Test
    void aCommandTakesEffectThoughItsClientVanishes() throws Exception {
        String late = "'skip': true, 'wait': '400ms'";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.program("one", "sleep 1000", Config.KEPT, late),
                                Config.program("two", "sleep 1000", Config.KEPT, late)))) {
            try (RawConnection vanishing = new RawConnection(monitor.socket())) {
                vanishing.send(start("one") + "|");
                vanishing.send(start("two") + "|" + "{\"method\":\"org.proc");
            }

            monitor.awaitRun("one", 1);
            assertThat(monitor.row("two").runcount()).isZero();
            monitor.must("start", "two");
        }
    }

    @Test
    void manyClientsThatVanishLeaveNothingBehind() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder, Config.of(Config.program("one", "sleep 1000", Config.KEPT)))) {
            monitor.awaitRun("one", 1);
            int before = Proc.descriptors(monitor.pid()).size();

            for (int i = 0; i < 300; i++) {
                try (RawConnection vanishing = new RawConnection(monitor.socket())) {
                    vanishing.send(start("one") + (i % 3 == 0 ? "|" : ""));
                }
            }

            patiently().until(() -> Proc.descriptors(monitor.pid()).size() <= before);
            assertThat(monitor.row("one").runcount()).isEqualTo(1);
        }
    }

    private static String start(String name) {
        return "{\"method\":\"org.procmon.Monitor.Start\",\"parameters\":{\"names\":[\""
                + name
                + "\"]}}";
    }
}
