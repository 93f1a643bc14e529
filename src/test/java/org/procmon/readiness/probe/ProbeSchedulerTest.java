package org.procmon.readiness.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Exec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Notification;
import org.procmon.lifecycle.StartError;
import org.procmon.posix.Errno;
import org.procmon.supervise.port.HelperCommand;
import org.procmon.supervise.port.HelperCommands;
import org.procmon.supervise.port.RunReporter;

/** What is asked of a run, and what is made of the answers. */
@Timeout(30)
class ProbeSchedulerTest {
    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final ProbeResult TOO_LATE = new ProbeResult.Bad("no answer within 200 ms");
    private static final ProcessSpec SPEC = SpecBuilder.process("web").build();

    private static final ProbePolicy NO_COURSE = new ProbeAnswers();
    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK,",
        "HTTP/1.0 399,",
        "HTTP/1.1 302 Found,",
        "HTTP/1.1 503 Busy, says 503",
        "HTTP/1.1 199 Early, says only 199",
        "HTTP/1.1 2x0, does not speak HTTP",
        "SSH-2.0-OpenSSH, does not speak HTTP",
        "'', does not speak HTTP"
    })
    void anHttpAnswerIsJudgedByItsFirstLine(String line, @Nullable String complaint)
            throws IOException {
        try (ServerSocket server = server()) {
            Thread.ofVirtual().start(() -> answer(server, line));
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/up?a=b";
            assertThat(answer(new Probe.Http(URI.create(url))))
                    .isEqualTo(
                            complaint == null
                                    ? ProbeResult.WELL
                                    : new ProbeResult.Bad(url + " " + complaint));
        }
    }

    private static void answer(ServerSocket server, String line) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[1000];
            int length = socket.getInputStream().read(request);
            assertThat(new String(request, 0, length, StandardCharsets.US_ASCII))
                    .startsWith("GET /up?a=b HTTP/1.1\r\nHost: 127.0.0.1:");
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void acceptsAConnectionAndReportsARefusal() throws IOException {
        int port;
        try (ServerSocket server = server()) {
            port = server.getLocalPort();
            assertThat(answer(new Probe.Tcp("", port))).isEqualTo(ProbeResult.WELL);
            assertThat(answer(new Probe.Tcp("127.0.0.1", port))).isEqualTo(ProbeResult.WELL);
        }
        assertThat(answer(new Probe.Tcp("", port)))
                .isEqualTo(
                        new ProbeResult.Bad(
                                "cannot connect to port " + port + ": Connection refused"));
        assertThat(answer(new Probe.Tcp("no-such-host.invalid", port)))
                .isEqualTo(
                        new ProbeResult.Bad(
                                "cannot connect to no-such-host.invalid:"
                                        + port
                                        + ": there is no such host"));
    }

    @Test
    void probesAUnixSocket() throws IOException {
        Path path = folder.resolve("s");
        Probe probe = new Probe.Unix(path);
        assertThat(answer(probe))
                .isEqualTo(
                        new ProbeResult.Bad(
                                "cannot connect to " + path + ": No such file or directory"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            assertThat(answer(probe)).isEqualTo(ProbeResult.WELL);
        }
    }

    @Test
    void reportsTheResultOfAProbeProgram() {
        assertThat(ask(new HelperCommand.Outcome.Ended(new ExitStatus.Exited(0))))
                .isEqualTo(ProbeResult.WELL);
        assertThat(ask(new HelperCommand.Outcome.Ended(new ExitStatus.Exited(3))))
                .isEqualTo(new ProbeResult.Bad("'check it' exited with code 3"));
        assertThat(ask(new HelperCommand.Outcome.TimedOut()))
                .isEqualTo(new ProbeResult.Bad("'check it' did not end within 200 ms"));
        assertThat(ask(new HelperCommand.Outcome.NotStarted(new StartError(2, "cannot execute"))))
                .isEqualTo(new ProbeResult.Bad("cannot execute"));
    }

    @Test
    void aLackOfResourcesIsNoFailedProbe() {
        for (int errno : new int[] {11, 12, 23, 24}) {
            assertThat(ask(new HelperCommand.Outcome.NotStarted(new StartError(errno, "no room"))))
                    .isEqualTo(new ProbeResult.NotAsked("no room"));
        }
        assertThat(ask(new HelperCommand.Outcome.NotStarted(new StartError(0, "no such user"))))
                .isEqualTo(new ProbeResult.Bad("no such user"));
        ProbeRequest probeRequest = ProbeRequest.of(new Probe.Tcp("", 80));
        assertThat(probeRequest.failed(Errno.TOO_MANY_FILES))
                .isEqualTo(
                        new ProbeResult.NotAsked("cannot connect to port 80: Too many open files"));
        assertThat(probeRequest.failed(Errno.ENOENT)).isInstanceOf(ProbeResult.Bad.class);
    }

    @Test
    void noticesOnlyChangesOfARunningProcess() {
        List<Event> told = new ArrayList<>();
        ProbePolicy probePolicy =
                new HealthProbe(LIMIT, new RunReporter((_, event) -> told.add(event), "web", 1));
        probePolicy.next(ProbeResult.WELL);
        probePolicy.next(ProbeResult.WELL);
        probePolicy.next(new ProbeResult.NotAsked("no room"));
        probePolicy.next(ProbeResult.WELL);
        assertThat(told)
                .containsExactly(
                        new Event.Probed(1, Optional.empty()),
                        new Event.Notified(1, new Notification.NotAsked("no room")),
                        new Event.Probed(1, Optional.empty()));
    }

    private static ProbeResult ask(HelperCommand.Outcome outcome) {
        return program(_ -> CompletableFuture.completedFuture(outcome)).ask();
    }

    private static ProbeTarget program(HelperCommands helperCommands) {
        Exec exec = new Exec("check it", List.of("check", "it"));
        return new ProbeScheduler(helperCommands, ProbeSchedulerTest::bug)
                .program(SPEC, exec, LIMIT);
    }

    @Test
    void aProgramThatTakesTooLongIsCancelled() throws Exception {
        CompletableFuture<HelperCommand.Outcome> never = new CompletableFuture<>();
        CommandProbe commandProbe =
                new CommandProbe(program(_ -> never), LIMIT, NO_COURSE, ProbeSchedulerTest::bug);
        assertThat(commandProbe.ask()).isEqualTo(TOO_LATE);
        await().until(never::isCancelled);
    }

    @Test
    void aQuestionNeverOverlapsItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        ProbeTarget deaf =
                () -> {
                    asked.incrementAndGet();
                    boolean done = false;
                    while (!done) {
                        try {
                            release.await();
                            done = true;
                        } catch (InterruptedException _) {
                            done = false;
                        }
                    }
                    return ProbeResult.WELL;
                };
        CommandProbe commandProbe =
                new CommandProbe(deaf, LIMIT, NO_COURSE, ProbeSchedulerTest::bug);
        assertThat(commandProbe.ask()).isEqualTo(TOO_LATE);
        assertThat(commandProbe.ask()).isEqualTo(TOO_LATE);
        assertThat(asked).hasValue(1);
        release.countDown();
        assertThat(commandProbe.ask()).isEqualTo(ProbeResult.WELL);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aVigilThatIsEndedEndsItsQuestion() throws Exception {
        CompletableFuture<HelperCommand.Outcome> never = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        ProbeTarget probeTarget =
                program(_ -> {
                    asked.countDown();
                    return never;
                });
        ProbePolicy probePolicy =
                new ReadinessProbe(LIMIT, new RunReporter((_, _) -> {}, "web", 1));
        BackgroundCheck backgroundCheck =
                BackgroundCheck.begin(
                        new CommandProbe(
                                probeTarget,
                                Duration.ofHours(1),
                                probePolicy,
                                ProbeSchedulerTest::bug),
                        ProbeSchedulerTest::bug);
        asked.await();
        backgroundCheck.end();
        await().until(never::isCancelled);
    }

    @Test
    void reportsAFailedThread() throws Exception {
        BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
        ProbeTarget broken =
                () -> {
                    throw new IllegalStateException("question");
                };
        BackgroundCheck.begin(
                new CommandProbe(broken, LIMIT, NO_COURSE, (_, bug) -> bugs.add(bug)),
                ProbeSchedulerTest::bug);
        assertThat(bugs.take()).hasMessage("question");
        BackgroundCheck.begin(
                _ -> {
                    throw new IllegalStateException("task");
                },
                (_, bug) -> bugs.add(bug));
        assertThat(bugs.take()).hasMessage("task");
    }

    /** The first answer to a probe. */
    private static ProbeResult answer(Probe probe) {
        HelperCommands none =
                _ -> {
                    throw new AssertionError("no program is to be run");
                };
        ProbeAnswers probeAnswers = new ProbeAnswers();
        new ProbeScheduler(none, ProbeSchedulerTest::bug)
                .ask(SPEC, probe, Duration.ofSeconds(10), probeAnswers);
        return probeAnswers.take();
    }

    private static void bug(Thread thread, Throwable bug) {
        throw new AssertionError(thread.getName(), bug);
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
