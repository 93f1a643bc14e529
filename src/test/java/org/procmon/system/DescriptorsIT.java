package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.patiently;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.Wait;

/** Descriptors: what a child gets, and what the monitor keeps. */
@Timeout(300)
class DescriptorsIT {
    @TempDir Path folder = Path.of("");

    @Test
    void childrenInheritStandardDescriptorsOnly() throws Exception {
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(Config.program("one", "sleep 1000")),
                        TestMonitor.after("exec 5</etc/passwd 6>$DIR/six 9<&0"))) {
            int pid = monitor.awaitRun("one", 1).pid();
            assertThat(Proc.descriptors(monitor.pid())).containsEntry(5, "/etc/passwd");

            String fifo = monitor.state().toRealPath().resolve("fifo/one.").toString();
            assertThat(Proc.descriptors(pid))
                    .isEqualTo(Map.of(0, "/dev/null", 1, fifo + "out", 2, fifo + "err"));
        }
    }

    @Test
    void fiveThousandRestartsLeaveNoDescriptorThreadOrZombieBehind() throws Exception {
        String flapper =
                Config.program(
                        "flapper", "true", Config.KEPT, "'skip': true, 'backoff': {'initial': 0}");
        try (TestMonitor monitor = TestMonitor.start(folder, Config.of(flapper));
                ControlClient client = monitor.client()) {
            runUntil(client, 200);
            int descriptors = Proc.descriptors(monitor.pid()).size();
            int threads = threads(monitor);

            runUntil(client, 5_200);

            // A folder or a connection may be open at the moment of each look.
            assertThat(Proc.descriptors(monitor.pid())).hasSizeLessThanOrEqualTo(descriptors + 4);
            // Threads that serve connections come and go, by ones and twos.
            assertThat(threads(monitor)).isLessThanOrEqualTo(threads + 4);
            assertThat(Proc.supervised(monitor.pid())).isEmpty();
        }
    }

    private static void runUntil(ControlClient client, long runs) throws ControlException {
        client.start(List.of("flapper"), Wait.NOT);
        patiently()
                .atMost(Duration.ofSeconds(200))
                .until(() -> client.status("flapper").runcount() >= runs);
        client.stop(List.of("flapper"), Wait.UNTIL_DONE);
    }

    private static int threads(TestMonitor monitor) {
        return Integer.parseInt(Proc.status(monitor.pid(), "Threads"));
    }
}
