package org.procmon.control.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.Wait;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.GroupMembership;
import org.procmon.spec.ControlSpec;
import org.procmon.supervise.Reply;

@Timeout(60)
class ControlClientTest {
    @TempDir Path folder = Path.of("");

    @Test
    void rowsComeBackAsTheyWere() throws Exception {
        try (ControlServer _ = serve(new FakeSupervisor());
                ControlClient client = ControlClient.connect(socket())) {
            List<ProcessRow> rows = client.list(List.of());

            assertThat(rows)
                    .extracting(ProcessRow::name)
                    .containsExactly("procmon1", "procmon2", "web", "job");
            ProcessRow job = rows.getLast();
            assertThat(client.status("job").lastExit().orElseThrow().runMs()).isEqualTo(1000);
            assertThat(job.lastExit().orElseThrow().signal()).contains("KILL");
            assertThat(job.lastExit().orElseThrow().maxRss()).isEqualTo(4096);
            assertThat(job.isAlive()).isFalse();
            assertThat(rows.get(2).isAlive()).isTrue();
            assertThat(client.statusAsJson("web")).startsWith("{\"name\":\"web\",").endsWith("}");
        }
    }

    @Test
    void aConnectionOutlivesItsErrors() throws Exception {
        try (ControlServer _ = serve(new FakeSupervisor());
                ControlClient client = ControlClient.connect(socket())) {
            CallFailed failed =
                    catchThrowableOfType(
                            CallFailed.class, () -> client.start(List.of("x"), Wait.UNTIL_DONE));
            assertThat(failed.error()).isEqualTo(ErrorName.NO_SUCH_PROCESS);
            assertThat(failed.name()).isEqualTo("x");
            assertThat(failed.reason()).isEqualTo("there is no process 'x'");
            assertThat(client.stop(List.of("w*"), Wait.atMost(Duration.ofSeconds(1)))).hasSize(1);
        }
    }

    @Test
    void shutdownReturnsWhenTheConnectionHasEnded() throws Exception {
        FakeSupervisor supervisor = new FakeSupervisor();
        ControlServer server = serve(supervisor);
        try (ControlClient client = ControlClient.connect(socket())) {
            CompletableFuture<Void> shutdown =
                    CompletableFuture.runAsync(() -> {
                        try {
                            client.shutdown(Wait.UNTIL_DONE);
                        } catch (ControlException e) {
                            throw new AssertionError(e);
                        }
                    });
            supervisor.commands.take();
            assertThat(shutdown).isNotDone();
            server.stop(Duration.ofSeconds(10));
            shutdown.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void noSocketAndADeadSocketMeanThatTheMonitorIsAway() throws IOException {
        assertThatThrownBy(() -> ControlClient.connect(socket()))
                .isInstanceOf(MonitorAway.class)
                .hasMessage("there is no monitor: no socket " + socket());
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThatThrownBy(() -> ControlClient.connect(socket()))
                .isInstanceOf(MonitorAway.class)
                .hasMessage("no monitor listens on " + socket());
    }

    @Test
    void aMonitorThatGoesAwayInMidCallIsAway() throws Exception {
        FakeSupervisor supervisor = new FakeSupervisor();
        supervisor.hang();
        ControlServer server = serve(supervisor);
        try (ControlClient client = ControlClient.connect(socket())) {
            CompletableFuture<Throwable> call =
                    CompletableFuture.supplyAsync(() ->
                            catchThrowableOfType(
                                    MonitorAway.class,
                                    () -> client.stop(List.of("web"), Wait.UNTIL_DONE)));
            CompletableFuture<Reply> reply = supervisor.replies.take();
            server.close();
            assertThat(call.get(10, TimeUnit.SECONDS))
                    .hasMessage("the monitor behind " + socket() + " went away before it answered");
            // The connection's thread gives the command up; the client may see the end before that.
            assertThat(reply).failsWithin(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "7", "nonsense", "{\"parameters\":{\"processes\":[{\"pid\":\"x\"}]}}"})
    void whatIsNoReplyOfAMonitorIsAnErrorAndNoCrash(String reply) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket()));
            try (ControlClient client = ControlClient.connect(socket());
                    SocketChannel other = listener.accept()) {
                other.write(ByteBuffer.wrap((reply + "\0").getBytes(StandardCharsets.UTF_8)));
                assertThatThrownBy(() -> client.status("web"))
                        .isInstanceOf(MonitorAway.class)
                        .hasMessageContaining("does not answer like a monitor");
            }
        } finally {
            Files.delete(socket());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "999, 0s",
        "13000, 13s",
        "59999, 59s",
        "60000, 1m00s",
        "721000, 12m01s",
        "3600000, 1h00m00s",
        "3723000, 1h02m03s",
        "86400000, 1d00h00m00s",
        "305137000, 3d12h45m37s",
        "9223372036854775807, 106751991167d07h12m55s",
    })
    void agesReadAsUpstreamWritesThem(long millis, String text) {
        assertThat(Age.text(millis)).isEqualTo(text);
    }

    private ControlServer serve(FakeSupervisor supervisor) throws IOException {
        return ControlServer.open(socket(), ControlSpec.DEFAULT, supervisor, GroupMembership.NONE);
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }
}
