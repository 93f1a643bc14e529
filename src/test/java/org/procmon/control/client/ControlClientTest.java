package org.procmon.control.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.config.ControlSpec;
import org.procmon.control.FakeOutput;
import org.procmon.control.FakeSupervisor;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.protocol.Wait;
import org.procmon.control.server.ControlServer;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.StateAge;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Upgrader;

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
    void shutdownReturnsWhenTheBackupHasEndedToo() throws Exception {
        CompletableFuture<Void> shutdown;
        try (ServerSocketChannel held = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            held.bind(UnixDomainSocketAddress.of(socket()));
            shutdown = shutdown(Optional.empty());
            answerOnce(held, "{\"parameters\":{}}");
            assertThatThrownBy(() -> shutdown.get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
        }
        shutdown.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shutdownTimesOutWhenTheBackupDoesNotExit() throws Exception {
        try (ServerSocketChannel held = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            held.bind(UnixDomainSocketAddress.of(socket()));
            CompletableFuture<Void> shutdown = shutdown(Optional.of(Duration.ofSeconds(1)));
            answerOnce(held, "{\"parameters\":{}}");
            assertThatThrownBy(() -> shutdown.get(10, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessage("not done in time: the processes are down, a monitor is not")
                    .extracting(e -> ((CallFailed) e).error())
                    .isEqualTo(ErrorName.TIMED_OUT);
        }
    }

    @Test
    void aMonitorThatAnswersAfterAShutdownIsAnother() throws Exception {
        try (ServerSocketChannel held = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            held.bind(UnixDomainSocketAddress.of(socket()));
            CompletableFuture<Void> shutdown = shutdown(Optional.empty());
            answerOnce(held, "{\"parameters\":{}}");
            answerOnce(held, "{\"parameters\":{\"vendor\":\"procmon\"}}");
            assertThatThrownBy(() -> shutdown.get(10, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessage("it ended, but another monitor listens on " + socket() + " now");
        }
    }

    private CompletableFuture<Void> shutdown(Optional<Duration> limit) {
        return CompletableFuture.runAsync(() -> {
            try (CallTimeout timeout = new CallTimeout(limit);
                    ControlClient client = ControlClient.connect(socket(), timeout)) {
                client.shutdown(Wait.UNTIL_DONE);
            } catch (ControlException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Serves one connection until its first reply. */
    private static void answerOnce(ServerSocketChannel listener, String reply) throws IOException {
        try (SocketChannel other = listener.accept()) {
            other.read(ByteBuffer.allocate(4096));
            other.write(ByteBuffer.wrap((reply + "\0").getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void outputIsReadAndFollowedByteByByte() throws Exception {
        FakeOutput output = new FakeOutput();
        byte[] all = new byte[200_000];
        new Random(7).nextBytes(all);
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        List<String> positions = new CopyOnWriteArrayList<>();
        try (ControlServer _ =
                        serve(
                                new MonitorPorts(
                                        new FakeSupervisor(),
                                        output,
                                        Upgrader.NONE,
                                        Reloader.NONE));
                ControlClient client = ControlClient.connect(socket())) {
            output.write("web", StandardStream.STDOUT, Arrays.copyOf(all, 1000));
            assertThat(client.output("web", OutputQuery.LAST.after("at:10")).bytes())
                    .isEqualTo(Arrays.copyOfRange(all, 10, 1000));
            CompletableFuture<Void> following =
                    CompletableFuture.runAsync(() -> {
                        try {
                            client.follow(
                                    "web",
                                    OutputQuery.LAST.after("at:0"),
                                    piece -> {
                                        taken.writeBytes(piece.bytes());
                                        positions.add(piece.position());
                                        return taken.size() < all.length;
                                    });
                        } catch (ControlException e) {
                            throw new AssertionError(e);
                        }
                    });
            for (int at = 1000; at < all.length; at += 19_900) {
                output.write(
                        "web", StandardStream.STDOUT, Arrays.copyOfRange(all, at, at + 19_900));
            }
            following.get(20, TimeUnit.SECONDS);
        }
        assertThat(taken.toByteArray()).isEqualTo(all);
        assertThat(positions.getLast()).isEqualTo("at:200000");
    }

    /** With a count that could not be written, as on a full disk, too. */
    @ParameterizedTest
    @ValueSource(longs = {2, 1})
    void aSuccessionIsOverWhenTheNextMonitorAnswers(long runs) throws Exception {
        FakeSupervisor first = new FakeSupervisor();
        first.snapshot = monitor(1, new Ticks(FakeSupervisor.NOW.nanos() - 5_000_000_000L));
        FakeSupervisor second = new FakeSupervisor();
        second.snapshot = monitor(runs, FakeSupervisor.NOW);
        CompletableFuture<ControlServer> next = new CompletableFuture<>();
        AtomicReference<ControlServer> server = new AtomicReference<>();
        Upgrader upgrader =
                () ->
                        new Upgrader.Outcome.Ready(() ->
                                Thread.startVirtualThread(() -> {
                                    server.get().close();
                                    try {
                                        next.complete(serve(second));
                                    } catch (IOException e) {
                                        next.completeExceptionally(e);
                                    }
                                }));
        server.set(serve(new MonitorPorts(first, OutputSource.NONE, upgrader, Reloader.NONE)));
        new UpgradeWaiter(socket())
                .begin(Wait.UNTIL_DONE, new CallTimeout(Optional.of(Duration.ofSeconds(50))));
        try (ControlServer _ = next.get(10, TimeUnit.SECONDS);
                ControlClient client = ControlClient.connect(socket())) {
            assertThat(client.list(List.of("procmon1")).getFirst().runcount()).isEqualTo(runs);
        }
    }

    private static Snapshot monitor(long runs, Ticks since) {
        return new Snapshot(
                List.of(), List.of(new MonitorView("procmon1", 7, runs, since, "x", "")), false);
    }

    @Test
    void aSuccessionThatDoesNotComeTimesOut() throws Exception {
        Upgrader never = () -> new Upgrader.Outcome.Ready(() -> {});
        try (ControlServer _ =
                serve(
                        new MonitorPorts(
                                new FakeSupervisor(), OutputSource.NONE, never, Reloader.NONE))) {
            assertThatThrownBy(() ->
                            new UpgradeWaiter(socket())
                                    .begin(
                                            Wait.UNTIL_DONE,
                                            new CallTimeout(Optional.of(Duration.ofMillis(1500)))))
                    .hasMessage("not done in time: the new monitor does not answer");
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
    void aCommandThatCannotBeSentWasNotDone() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket()));
            try (ControlClient client = ControlClient.connect(socket())) {
                server.accept().close();
                assertThatThrownBy(() -> client.stop(List.of("web"), Wait.UNTIL_DONE))
                        .isInstanceOf(MonitorAway.class)
                        .hasMessageContaining("was lost before the command was sent")
                        .hasMessageEndingWith("nothing was done, try again");
            }
        }
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
            strings = {
                "",
                "7",
                "nonsense",
                "{\"parameters\":{\"data\":7}}",
                "{\"parameters\":{\"processes\":[{\"pid\":\"x\"}]}}"
            })
    void reportsAMalformedReplyAsAnError(String reply) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket()));
            try (ControlClient client = ControlClient.connect(socket());
                    SocketChannel other = listener.accept()) {
                other.write(ByteBuffer.wrap((reply + "\0").getBytes(StandardCharsets.UTF_8)));
                other.write(ByteBuffer.wrap((reply + "\0").getBytes(StandardCharsets.UTF_8)));
                assertThatThrownBy(() -> client.output("web", OutputQuery.LAST))
                        .isInstanceOf(MonitorAway.class)
                        .hasMessageContaining("does not answer like a monitor");
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
    void formatsAgesAsTheOriginalDoes(long millis, String text) {
        assertThat(StateAge.text(millis)).isEqualTo(text);
    }

    private ControlServer serve(MonitorPorts monitorPorts) throws IOException {
        return ControlServer.open(
                socket(), ControlSpec.DEFAULT, monitorPorts, GroupMembership.NONE);
    }

    private ControlServer serve(FakeSupervisor supervisor) throws IOException {
        return ControlServer.open(
                socket(), ControlSpec.DEFAULT, MonitorPorts.of(supervisor), GroupMembership.NONE);
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }
}
