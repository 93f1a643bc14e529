package org.procmon.fcgiproc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.log.LogCapture;
import org.procmon.web.FakeMonitor;
import org.procmon.web.WebServer;
import org.procmon.web.WebServer.Answer;

@Timeout(30)
class FcgiProcTest {
    @TempDir Path folder;

    private final RecordedFailures bugs = new RecordedFailures();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Runnable> end = new CompletableFuture<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        assertThat(bugs.seen()).isEmpty();
    }

    private int run(String... args) {
        return FcgiProc.run(
                args,
                Map.of(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                end::complete,
                bugs);
    }

    /** Runs it in the background; the future is its exit code. */
    private CompletableFuture<Integer> start(String... more) {
        List<String> args = new ArrayList<>(Arrays.asList(more));
        args.addAll(List.of("--listen", socket().toString(), "--state-dir", folder.toString()));
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> code.complete(run(args.toArray(String[]::new))));
        end.join();
        return code;
    }

    private Path socket() {
        return folder.resolve("f.sock");
    }

    private WebServer web() {
        return new WebServer(UnixDomainSocketAddress.of(socket()));
    }

    @Test
    void helpIsNoError() {
        assertThat(run("-h")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("usage: fcgi_proc [-h] [-v] [-l BYTES]");
        assertThat(err.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bogus",
                "-l",
                "-l x",
                "-l -1",
                "-l 99999999",
                "--listen",
                "--listen nowhere",
                "--state-dir",
                "list"
            })
    void reportsWrongOptionsInOneLine(String args) {
        assertThat(run(args.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("fcgi_proc: cannot start: ").hasLineCount(1);
    }

    @Test
    void withoutASocketItSaysHowItIsStarted() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .startsWith("fcgi_proc: cannot start: descriptor 0 is no listening socket; ")
                .contains("lighttpd", "spawn-fcgi", "--listen")
                .hasLineCount(1);
    }

    @Test
    void reportsAPortInUseInOneLine() throws IOException {
        try (ServerSocketChannel taken = ServerSocketChannel.open()) {
            taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            int port = ((InetSocketAddress) taken.getLocalAddress()).getPort();
            assertThat(run("--listen", ":" + port)).isEqualTo(1);
        }
        assertThat(err.toString(UTF_8)).startsWith("fcgi_proc: cannot listen on ").hasLineCount(1);
    }

    @Test
    void servesUntilItsSignalAndLeavesNothing() throws Exception {
        open.add(new FakeMonitor(folder.resolve("control.sock"), FakeMonitor::usual));
        CompletableFuture<Integer> code = start();
        assertThat(web().get("restart=sleep1").body()).isEqualTo("restarting sleep1\n");
        end.join().run();
        assertThat(code.get()).isZero();
        assertThat(socket()).doesNotExist();
        assertThat(out.size()).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void logsItsStartOnlyWhenVerbose() throws Exception {
        try (LogCapture log = LogCapture.start()) {
            CompletableFuture<Integer> code = start("-v");
            end.join().run();
            assertThat(code.get()).isZero();
            assertThat(log.text())
                    .contains(
                            " DEBUG web: serving address="
                                    + socket()
                                    + " monitor="
                                    + folder.resolve("control.sock")
                                    + "\n");
        }
    }

    @Test
    void writesItsLogAsJsonWhenAsked() throws Exception {
        try (LogCapture log = LogCapture.start()) {
            CompletableFuture<Integer> code = start("-v", "--log-format", "json");
            end.join().run();
            assertThat(code.get()).isZero();
            assertThat(log.text())
                    .contains("\"area\":\"web\",\"event\":\"serving\"")
                    .contains("\"address\":\"" + socket() + "\"");
        }
    }

    @Test
    void refusesAnUnknownLogFormat() {
        assertThat(run("--log-format", "xml")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("the log format is text or json, not 'xml'");
    }

    @Test
    void theBodyLimitIsAnOption() throws Exception {
        open.add(new FakeMonitor(folder.resolve("control.sock"), FakeMonitor::usual));
        CompletableFuture<Integer> code = start("-l", "4");
        assertThat(web().post("list").status()).isEqualTo("200 OK");
        assertThat(web().post("list&").status()).isEqualTo("413 Invalid Content-Length");
        end.join().run();
        assertThat(code.get()).isZero();
    }

    @Test
    void finishesRequestsBeforeItExits() throws Exception {
        Semaphore gate = new Semaphore(0);
        FakeMonitor monitor = heldMonitor(gate);
        CompletableFuture<Integer> code = start();
        CompletableFuture<Answer> answer = askInBackground("restart=sleep1");
        await().until(() -> monitor.calls.size() == 1);
        end.join().run();
        await().until(() -> refusesConnections());
        assertThat(code).isNotDone();
        gate.release();
        assertThat(answer.get().body()).isEqualTo("restarting sleep1\n");
        assertThat(code.get()).isZero();
    }

    @Test
    void aSecondSignalExitsAtOnce() throws Exception {
        FakeMonitor monitor = heldMonitor(new Semaphore(0));
        CompletableFuture<Integer> code = start();
        CompletableFuture<Answer> answer = askInBackground("restart=sleep1");
        await().until(() -> monitor.calls.size() == 1);
        end.join().run();
        await().until(() -> refusesConnections());
        end.join().run();
        assertThat(code.get()).isZero();
        assertThat(answer.handle((_, failure) -> failure).get()).isNotNull();
    }

    private FakeMonitor heldMonitor(Semaphore gate) throws IOException {
        FakeMonitor monitor =
                new FakeMonitor(
                        folder.resolve("control.sock"),
                        call -> {
                            gate.acquireUninterruptibly();
                            return FakeMonitor.usual(call);
                        });
        open.add(monitor);
        return monitor;
    }

    private CompletableFuture<Answer> askInBackground(String query) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(web().get(query));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private boolean refusesConnections() {
        if (!Files.exists(socket())) {
            return true;
        }
        try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
