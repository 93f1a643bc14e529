package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** lighttpd chooses among workers that have a socket each, in each of its ways. */
@Timeout(120)
class BalanceIT {
    private static final int WORKERS = 3;

    @TempDir Path folder = Path.of("");
    private final int port = PoolStage.freePort();
    private PoolStage stage;

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    /** Starts a pool and lighttpd, which has a host for each way to choose. */
    private void start(String listen, List<String> addresses) throws IOException {
        Path program = PeerPrograms.application();
        stage.monitor(
                "{'id': 'app', 'exec': ['%s'], 'listen': '%s', 'socket': 'per-worker',"
                                .formatted(program, listen)
                        + " 'mode': 'static', 'workers': %d}".formatted(WORKERS));
        Files.createDirectory(stage.file("www"));
        StringBuilder text = new StringBuilder();
        text.append(
                """
                server.modules = ( "mod_fastcgi" )
                server.bind = "127.0.0.1"
                server.port = %d
                server.document-root = "%s/www"
                """
                        .formatted(port, folder));
        List<String> servers =
                addresses.stream()
                        .map(one -> "( " + one + ", \"check-local\" => \"disable\" )")
                        .toList();
        for (String balance :
                List.of("least-connection", "fair", "round-robin", "hash", "sticky")) {
            text.append(
                    """
                    $HTTP["host"] == "%s" {
                      fastcgi.balance = "%s"
                      fastcgi.server = ( "/" => ( %s ) )
                    }
                    """
                            .formatted(balance, balance, String.join(", ", servers)));
        }
        String file = stage.write("lighttpd.conf", text.toString()).toString();
        PeerProcess lighttpd =
                stage.start(
                        "lighttpd", PeerPrograms.find("lighttpd", "lighttpd"), "-D", "-f", file);
        patiently()
                .until(() -> {
                    lighttpd.mustLive();
                    return FrontServer.listens(port);
                });
        patiently().until(() -> stage.workers("app").size() == WORKERS);
    }

    private String ask(String balance, String target) throws IOException {
        String request = "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n".formatted(target, balance);
        String answer = RawHttp.send(port, request, false);
        return answer.startsWith("HTTP/1.0 200")
                ? answer.substring(answer.indexOf("\r\n\r\n") + 4)
                : answer.lines().findFirst().orElse("nothing");
    }

    /** The number of the worker that answers. */
    private String worker(String balance, String target) throws IOException {
        String answer = ask(balance, target + "?n=1");
        assertThat(answer).matches("n=1 \\d+");
        return numberOf(Integer.parseInt(answer.substring("n=1 ".length())));
    }

    private static String numberOf(int pid) {
        return PoolStage.words(pid, "environ").stream()
                .filter(one -> one.startsWith("PROCMON_INSTANCE="))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> workersOf(String balance, List<String> targets) throws IOException {
        Set<String> workers = new HashSet<>();
        for (String target : targets) {
            workers.add(worker(balance, target));
        }
        return workers;
    }

    private Set<String> workersOfParallelRequests(String balance) throws InterruptedException {
        Set<String> workers = new HashSet<>();
        ParallelLoad load =
                ParallelLoad.of(
                        WORKERS,
                        1,
                        query -> ask(balance, "/?wait=500&" + query).replace("wait=500&", ""));
        assertThat(load.failures()).as(balance).isEmpty();
        load.workers().forEach(pid -> workers.add(numberOf(pid)));
        return workers;
    }

    private void choosesAsItIsConfigured(int byHash) throws Exception {
        List<String> same = new ArrayList<>();
        List<String> various = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            same.add("/same");
            various.add("/" + Integer.toHexString(i * 0x9e3779b1) + "/" + i);
        }
        assertThat(workersOf("round-robin", same)).hasSize(WORKERS);
        assertThat(workersOf("hash", same)).hasSize(1);
        assertThat(workersOf("hash", various)).hasSizeGreaterThanOrEqualTo(byHash);
        assertThat(workersOf("sticky", various)).hasSize(1);
        assertThat(workersOfParallelRequests("fair")).hasSize(WORKERS);
        assertThat(workersOfParallelRequests("least-connection")).hasSize(WORKERS);
    }

    private void aReplacedWorkerHasTheSameAddress() throws Exception {
        String number = worker("hash", "/same");
        List<Integer> before = stage.workers("app");
        int pid =
                before.stream()
                        .filter(one -> numberOf(one).equals(number))
                        .findFirst()
                        .orElseThrow();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        patiently()
                .until(() ->
                        stage.workers("app").size() == WORKERS
                                && !stage.workers("app").contains(pid));
        assertThat(worker("hash", "/same")).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lighttpdChoosesTheWorker(boolean isTcp) throws Exception {
        List<String> addresses = new ArrayList<>();
        int first = PoolStage.freePort();
        for (int i = 0; i < WORKERS; i++) {
            addresses.add(
                    isTcp
                            ? "\"host\" => \"127.0.0.1\", \"port\" => " + (first + i)
                            : "\"socket\" => \"%s/app.sock-%d\"".formatted(folder, i));
        }
        start(
                isTcp
                        ? "127.0.0.1:$(%d+worker0)".formatted(first)
                        : folder + "/app.sock-$(worker0)",
                addresses);
        // In its hash, lighttpd takes the host of a server without the port.
        choosesAsItIsConfigured(isTcp ? 1 : 2);
        aReplacedWorkerHasTheSameAddress();
    }
}
