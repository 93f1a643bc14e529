package org.procmon.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.posix.Descriptor;
import org.procmon.posix.ProcessStat;
import org.procmon.posix.Signals;
import org.procmon.posix.socket.AcceptedConnections.Answer;
import org.procmon.posix.socket.AcceptedConnections.Connections;
import org.procmon.posix.socket.ConnectedSocket.Moved;
import org.procmon.posix.socket.WorkerActivity.Verdict;

@Timeout(180)
class WorkerActivityTest {
    private static final int STOP = 19;
    private static final int CONTINUE = 18;
    private static final String ACCEPT = "accept(C, STDIN);";

    @TempDir Path folder = Path.of("");

    private final Workers workers = new Workers();
    private final List<Descriptor> open = new ArrayList<>();
    private Path path = Path.of("");

    @BeforeEach
    void listen() {
        path = folder.resolve("s");
        open.add(TestListeners.at(path));
    }

    @AfterEach
    void end() {
        workers.end();
        open.forEach(Descriptor::close);
    }

    private int perl(String script) {
        return workers.start(open.getFirst(), folder, "perl", "-e", script);
    }

    private Descriptor connect() {
        Descriptor client = TestListeners.client(path);
        open.add(client);
        return client;
    }

    private Set<Long> accepted() {
        if (AcceptedConnections.open()
                instanceof AcceptedConnections.Opening.Opened(AcceptedConnections connections)) {
            try (connections) {
                if (connections.ofUnix(Set.of(path.toString()))
                        instanceof Answer.Of<String>(Map<String, Connections> all)) {
                    return all.values().iterator().next().accepted();
                }
            }
        }
        throw new AssertionError("cannot ask the kernel");
    }

    private WorkerActivity look(int worker) {
        return WorkerActivity.of(worker, accepted());
    }

    /** Waits until a worker is seen so, with this many connections. */
    private void awaitVerdict(int worker, Verdict verdict, int connections) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> {
                    WorkerActivity activity = look(worker);
                    assertThat(activity.accepted()).hasSize(connections);
                    assertThat(activity.verdict()).as(activity.toString()).isEqualTo(verdict);
                });
    }

    /** Waits until the main thread is blocked in a call of this kind. */
    private void awaitCall(int worker, ThreadActivity.Kind kind) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(look(worker).threads().get(worker))
                                .extracting(ThreadActivity::kind)
                                .isEqualTo(kind));
    }

    private static void stop(int worker) {
        assertThat(Signals.send(worker, STOP)).isTrue();
        await().until(() -> ProcessStat.of(worker).orElseThrow().state() == 'T');
    }

    @Test
    void aWorkerThatWaitsForAClientIsIdle() {
        int worker = perl(ACCEPT);
        awaitVerdict(worker, Verdict.IDLE, 0);
        assertThat(look(worker).threads().values())
                .extracting(thread -> thread.callName().orElse(""))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("accept");
    }

    @Test
    void aWorkerThatIsStoppedInAcceptIsIdle() {
        int worker = perl(ACCEPT + "sleep 1000");
        awaitVerdict(worker, Verdict.IDLE, 0);
        stop(worker);
        assertThat(look(worker).verdict()).isEqualTo(Verdict.IDLE);
        connect();
        assertThat(look(worker).verdict()).isEqualTo(Verdict.IDLE);
        assertThat(Signals.send(worker, CONTINUE)).isTrue();
        awaitVerdict(worker, Verdict.BUSY, 1);
    }

    @Test
    void aWorkerThatWaitsForEventsIsIdleWithoutAConnection() {
        int worker =
                perl(
                        "my $r = ''; vec($r, 0, 1) = 1; select($r, undef, undef, undef);"
                                + "$r = ''; vec($r, 0, 1) = 1;"
                                + ACCEPT
                                + "select($r, undef, undef, undef);");
        awaitVerdict(worker, Verdict.IDLE, 0);
        connect();
        awaitVerdict(worker, Verdict.BUSY, 1);
    }

    @Test
    void aWorkerThatHasClosedItsConnectionAndStillWorksIsBusy() {
        int computing = perl(ACCEPT + "close(C); 1 while 1");
        awaitVerdict(computing, Verdict.IDLE, 0);
        connect();
        awaitVerdict(computing, Verdict.BUSY, 0);
        workers.end(computing);

        int sleeping = perl(ACCEPT + "close(C); sleep 1000");
        connect();
        awaitCall(sleeping, ThreadActivity.Kind.PARKED);
        awaitVerdict(sleeping, Verdict.BUSY, 0);
    }

    @Test
    void aWorkerThatAcceptsElsewhereIsBusy() {
        int worker =
                perl(
                        "use Socket; socket(L, PF_INET, SOCK_STREAM, 0);"
                                + "bind(L, sockaddr_in(0, INADDR_LOOPBACK)); listen(L, 5); accept(C, L)");
        awaitCall(worker, ThreadActivity.Kind.ACCEPTS);
        assertThat(look(worker).verdict()).isEqualTo(Verdict.BUSY);
    }

    @Test
    void aConnectionOnWhichNothingArrivesIsKept() {
        int worker = perl(ACCEPT + "sysread(C, $b, 1); sleep 1000");
        Descriptor client = connect();
        awaitVerdict(worker, Verdict.KEPT, 1);

        stop(worker);
        assertThat(look(worker).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(ConnectedSocket.write(client, new byte[1], 0, 1)).isEqualTo(new Moved.Bytes(1));
        assertThat(look(worker).verdict()).isEqualTo(Verdict.BUSY);
        assertThat(Signals.send(worker, CONTINUE)).isTrue();
        awaitCall(worker, ThreadActivity.Kind.PARKED);
        assertThat(look(worker).verdict()).isEqualTo(Verdict.BUSY);
    }

    @Test
    void aConnectionThatIsPolledAloneIsKept() {
        String poll = "use IO::Poll; my $p = IO::Poll->new; $p->mask(*C => POLLIN);";
        int keeping = perl(ACCEPT + poll + "$p->poll");
        connect();
        awaitVerdict(keeping, Verdict.KEPT, 1);
        workers.end(keeping);

        int waiting = perl("pipe(R, W);" + ACCEPT + poll + "$p->mask(*R => POLLIN); $p->poll");
        connect();
        awaitCall(waiting, ThreadActivity.Kind.POLLS);
        awaitVerdict(waiting, Verdict.BUSY, 1);
    }

    @Test
    void aWorkerWithOneKeptConnectionOfTwoIsBusy() {
        int worker = perl("accept(D, STDIN);" + ACCEPT + "sysread(C, $b, 1)");
        connect();
        connect();
        awaitVerdict(worker, Verdict.BUSY, 2);
    }

    @Test
    void aWorkerThatReadsSomethingElseIsBusy() {
        int worker = perl(ACCEPT + "pipe(R, W); sysread(R, $b, 1)");
        connect();
        awaitCall(worker, ThreadActivity.Kind.READS);
        awaitVerdict(worker, Verdict.BUSY, 1);
    }

    @Test
    void aWorkerThatHasExitedIsGone() {
        int worker = perl("exit 0");
        awaitVerdict(worker, Verdict.GONE, 0);
        workers.end(worker);
        assertThat(look(worker))
                .isEqualTo(new WorkerActivity(Verdict.GONE, Map.of(), Map.of(), Optional.empty()));
        assertThat(ProcessDetails.runTime(worker)).isEmpty();
        assertThat(ProcessDetails.waitChannel(worker)).isEmpty();
    }

    @Test
    void phpIsIdleAndThenKeptByItsWebServer() {
        int worker = workers.start(open.getFirst(), folder, "php-cgi");
        awaitVerdict(worker, Verdict.IDLE, 0);
        Descriptor client = connect();
        byte[] request = requestThatKeepsTheConnection();
        assertThat(ConnectedSocket.write(client, request, 0, request.length))
                .isEqualTo(new Moved.Bytes(request.length));
        await().until(() -> ConnectedSocket.read(client, new byte[9999]) instanceof Moved.Bytes);
        awaitVerdict(worker, Verdict.KEPT, 1);
        client.close();
        open.remove(client);
        awaitVerdict(worker, Verdict.IDLE, 0);
    }

    /** BEGIN_REQUEST, with FCGI_KEEP_CONN, then no parameters and no input. */
    private static byte[] requestThatKeepsTheConnection() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0});
        bytes.writeBytes(new byte[] {1, 4, 0, 1, 0, 0, 0, 0});
        bytes.writeBytes(new byte[] {1, 5, 0, 1, 0, 0, 0, 0});
        return bytes.toByteArray();
    }

    @Test
    void aProcessThatComputesUsesProcessorTime() {
        int worker = perl(ACCEPT + "1 while 1");
        awaitVerdict(worker, Verdict.IDLE, 0);
        ProcessDetails.RunTime before = ProcessDetails.runTime(worker).orElseThrow();
        assertThat(before.slices()).isPositive();
        assertThat(ProcessDetails.runTime(worker)).contains(before);
        assertThat(ProcessDetails.waitChannel(worker).orElse("no access")).isNotEqualTo("0");

        connect();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> {
                    ProcessDetails.RunTime now = ProcessDetails.runTime(worker).orElseThrow();
                    assertThat(now.onProcessor())
                            .isGreaterThan(before.onProcessor().plusMillis(50));
                    assertThat(now.slices()).isGreaterThan(before.slices());
                });
    }
}
