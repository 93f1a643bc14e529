package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.RawConnection;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.ClientLog;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.connections.DelayedTasks;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Upgrader;

/** What becomes of the threads of the server when something fails that must not. */
@Timeout(60)
class ServerBugsTest {
    @TempDir Path folder = Path.of("");

    private final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final DelayedTasks delayedTasks =
            new DelayedTasks("test-timers", (_, bug) -> bugs.add(bug));

    @AfterEach
    void endTimers() {
        delayedTasks.shutdownNow();
    }

    @Test
    void anOutOfMemoryErrorOfAConnectionIsTheBusinessOfAll() throws Exception {
        try (ControlServer _ = open(() -> new OutOfMemoryError("none left"));
                RawConnection client = new RawConnection(folder.resolve("s"))) {
            assertThat(bugs.poll(30, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
            assertThat(client.receive()).isEqualTo("end");
        }
    }

    @Test
    void anotherBugEndsOnlyItsConnection() throws Exception {
        try (ControlServer _ = open(() -> new AssertionError("a bug on purpose"));
                RawConnection client = new RawConnection(folder.resolve("s"))) {
            assertThat(client.receive()).isEqualTo("end");
            assertThat(bugs).isEmpty();
        }
    }

    @Test
    void reportsAnExceptionOfATimer() throws Exception {
        Future<?> _ =
                delayedTasks.schedule(
                        () -> {
                            throw new IllegalStateException("late");
                        },
                        0,
                        TimeUnit.MILLISECONDS);
        assertThat(bugs.poll(30, TimeUnit.SECONDS)).hasMessage("late");
    }

    @Test
    void limitsLogLinesPerUser() {
        ClientLog log = new ClientLog(delayedTasks);
        for (int i = 0; i < ClientLog.LINES; i++) {
            assertThat(log.admits("one")).isTrue();
        }
        assertThat(log.admits("one")).isFalse();
        assertThat(log.admits("another")).isTrue();
    }

    private ControlServer open(Supplier<Error> error) throws IOException {
        Duration patience = Duration.ofSeconds(50);
        return ControlServer.serve(
                SocketFile.bind(folder.resolve("s"), ControlSpec.DEFAULT, SocketFile.Port.JDK),
                new MonitorPorts(
                        new FakeSupervisor(), new FakeOutput(), Upgrader.NONE, Reloader.NONE),
                new Access(ControlSpec.DEFAULT, GroupMembership.NONE),
                _ -> {
                    throw error.get();
                },
                new ClientLimits(8, 8, patience, patience, patience, patience),
                (_, bug) -> bugs.add(bug));
    }
}
