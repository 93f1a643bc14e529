package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.TestMonitor.always;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Wait;

/** Many commands at once, for a program that is hardly ever up. */
@Timeout(300)
class FlapperIT {
    private static final int CLIENTS = 4;
    private static final int CALLS = 2_500;

    @TempDir Path folder = Path.of("");

    @Test
    void tenThousandRandomCommandsNeverMakeTwoCopiesAndLeaveTheMonitorInOrder() throws Exception {
        long seed = new Random().nextLong();
        // Whoever finds the lock taken has a twin.
        String brief =
                "exec 9>$DIR/lock; flock -n 9 || echo twin >>$DIR/twins;"
                        + " [ -e $DIR/stay ] && exec sleep 1000; exec sleep 0.005";
        try (TestMonitor monitor =
                TestMonitor.start(
                        folder,
                        Config.of(
                                Config.script(
                                        "flapper",
                                        brief,
                                        Config.KEPT,
                                        "'backoff': {'initial': 0}")))) {
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                List<Future<Integer>> done = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    Random random = new Random(seed + i);
                    done.add(clients.submit(() -> flap(monitor, random)));
                }
                for (Future<Integer> each : done) {
                    assertThat(each.get(200, TimeUnit.SECONDS)).as("seed " + seed).isEqualTo(CALLS);
                }
            }
            monitor.must("stop", "flapper");
            assertThat(Proc.supervised(monitor.pid())).as("seed " + seed).isEmpty();
            Files.createFile(monitor.file("stay"));
            monitor.must("start", "flapper");

            int pid = monitor.row("flapper").pid();
            always(Duration.ofMillis(500))
                    .untilAsserted(() ->
                            assertThat(Proc.supervised(monitor.pid()))
                                    .as("seed " + seed)
                                    .extracting(Proc.Stat::pid)
                                    .containsExactly(pid));
            assertThat(monitor.row("flapper").runcount()).isGreaterThan(20);
            assertThat(monitor.lines("twins")).as("seed " + seed).isEmpty();
        }
    }

    private static int flap(TestMonitor monitor, Random random) throws ControlException {
        List<String> name = List.of("flapper");
        try (ControlClient client = monitor.client()) {
            int calls = 0;
            while (calls < CALLS) {
                // Now and then one waits a little, or no program would get anywhere.
                Wait wait = random.nextInt(20) == 0 ? Wait.atMost(Duration.ofMillis(15)) : Wait.NOT;
                try {
                    switch (random.nextInt(3)) {
                        case 0 -> client.start(name, wait);
                        case 1 -> client.stop(name, wait);
                        default -> client.restart(name, wait);
                    }
                } catch (CallFailed e) {
                    if (e.error() != ErrorName.TIMED_OUT) {
                        // Another client was faster than the answer, which says so.
                        assertThat(e).hasMessageContaining("by another command");
                    }
                }
                calls++;
            }
            return calls;
        }
    }
}
