package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs on a file system whose server does not answer any more. */
@Timeout(90)
class DeadMountIT {
    @TempDir Path folder = Path.of("");

    @Test
    void aProgramOnADeadMountDelaysNoOther() throws Exception {
        Path far = folder.resolve("far");
        Path link = Files.createSymbolicLink(folder.resolve("link"), far);
        String there = "'cwd': '" + far + "'";
        String hook = "'hooks': {'before_start': ['true']}";
        String configuration =
                Config.of(
                        Config.program("there", far + "/program", Config.KEPT),
                        Config.program("linked", link + "/program", Config.KEPT),
                        Config.program("inside", "sleep 1000", Config.KEPT, there),
                        Config.program("hooked", "sleep 1000", Config.KEPT, there, hook),
                        Config.program("other", far + "/program", Config.KEPT, "'nice': 1"),
                        Config.program("web", "sleep 1000", Config.KEPT),
                        Config.program("app", "sleep 1000", Config.KEPT, "'user': 'nobody'"));
        try (DeadMount mount = DeadMount.at(far);
                TestMonitor monitor = TestMonitor.start(folder, configuration)) {
            monitor.awaitRun("web", 1);
            monitor.awaitRun("app", 1);
            for (String name : new String[] {"there", "linked", "inside", "other"}) {
                monitor.awaitRun(name, 1);
            }
            monitor.must("restart", "web", "app", "there");
            assertThat(monitor.row("web").runcount()).isEqualTo(2);
            assertThat(monitor.row("there").runcount()).isEqualTo(2);
            monitor.must("stop", "inside", "hooked");
            assertThat(monitor.row("inside").state()).isEqualTo("stopped");

            mount.abort();
            patiently()
                    .until(() ->
                            monitor.lines("state/log/there.err").stream()
                                    .anyMatch(line -> line.contains(far + "/program")));
            assertThat(monitor.row("web").runcount()).isEqualTo(2);
        }
    }
}
