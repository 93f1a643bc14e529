package org.procmon.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.cli.RunOptions;
import org.procmon.config.ControlSpec;
import org.procmon.control.server.SocketFile;
import org.procmon.events.EventLog;
import org.procmon.posix.CurrentProcess;
import org.procmon.supervise.port.Ticker;

class StateWatchTest {
    @TempDir Path folder = Path.of("");

    @Test
    void restoresNothingAfterItEnded() throws Exception {
        Path state = folder.resolve("state");
        MonitorContext monitorContext =
                MonitorContext.of(
                        folder.resolve("procmon.json"),
                        RunOptions.of(Optional.of(state), false, RunOptions.Role.ALONE),
                        Map.of(),
                        CurrentProcess.uid());
        AtomicReference<Throwable> bug = new AtomicReference<>();
        try (StateFolder own = StateFolder.open(state, CurrentProcess.uid())) {
            SocketFile socket =
                    SocketFile.bind(
                            monitorContext.socket(), ControlSpec.DEFAULT, SocketFile.Port.JDK);
            StateWatch watch =
                    new StateWatch(
                            monitorContext,
                            own,
                            socket,
                            _ -> {},
                            new EventLog(Ticker.system(), InstantSource.system()),
                            Ticker.system());
            Thread thread = watch.start((_, e) -> bug.set(e));

            Files.delete(state.resolve("lock"));
            eventually().until(own::isLockInPlace);

            watch.end();
            Files.delete(state.resolve("lock"));
            socket.close();
            eventually().until(() -> !thread.isAlive());
            assertThat(bug.get()).isNull();
            assertThat(Files.exists(state.resolve("lock"), LinkOption.NOFOLLOW_LINKS)).isFalse();
            assertThat(Files.exists(monitorContext.socket(), LinkOption.NOFOLLOW_LINKS)).isFalse();
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }
}
