package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that open their sockets themselves, and run only while they are used: the front waits
 * until they are ready.
 */
@Timeout(180)
class ColdStartIT {
    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path run = Path.of("");
    private Path program = Path.of("");
    private int port;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        Path real = folder.toRealPath();
        run = PeerPrograms.openFolder(Files.createDirectory(real.resolve("run")));
        Path built = PeerPrograms.openFolder(Files.createDirectory(real.resolve("built")));
        program = PeerPrograms.compileC(built, PeerPrograms.source(built, "own-socket-app.c"));
        port = PoolStage.freePort();
    }

    @AfterEach
    void end() throws IOException {
        http.close();
        stage.close();
    }

    private void monitor(String applications, String route) throws IOException {
        stage.configured(
                "{%s, 'http': {'listen': '127.0.0.1:%d', 'routes': [%s]}}"
                        .formatted(applications, port, route));
        patiently()
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> send("/nothing", "").get().statusCode() == 404);
    }

    private void app(String exec, String keys) throws IOException {
        monitor(
                "'pools': [{'id': 'app', 'exec': %s, 'pass': 'argument', 'workers': 1, 'listen':"
                                .formatted(exec)
                        + " '%s/app.sock'%s}]".formatted(run, keys),
                "{'path': '/app', 'pool': 'app'}");
    }

    private CompletableFuture<HttpResponse<String>> send(String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return http.sendAsync(
                (body.isEmpty() ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String pid(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().split(" ", -1)[1];
    }

    @Test
    void aClientWaitsUntilTheFirstWorkerIsReadyAndTheLastOneStopsWhenNobodyComes()
            throws Exception {
        app("['" + program + "', '600', '$(socket)']", ", 'idle_timeout': '2s'");
        assertThat(stage.workers("app")).isEmpty();
        List<CompletableFuture<HttpResponse<String>>> all =
                Stream.of("", "a body", "", "b", "", "", "c", "")
                        .map(b -> send("/app", b))
                        .toList();
        List<String> pids = all.stream().map(one -> pid(one.join())).distinct().toList();
        assertThat(pids).as("one worker for all").hasSize(1);
        assertThat(all.get(1).join().body()).endsWith("a body");
        assertThat(pid(send("/app", "").join())).isEqualTo(pids.getFirst());

        // Longer than it may be idle.
        HttpResponse<String> stream = send("/app?4000", "").join();
        assertThat(pid(stream)).isEqualTo(pids.getFirst());
        assertThat(stream.body()).endsWith(" end");
        patiently().until(() -> stage.workers("app").isEmpty());
        assertThat(run.resolve("app.sock")).doesNotExist();
        HttpResponse<String> next = send("/app", "cold").join();
        assertThat(pid(next)).isNotEqualTo(pids.getFirst());
        assertThat(next.body()).endsWith("cold");
    }

    @Test
    void aKilledWorkerIsReplacedWhenAClientComes() throws Exception {
        app("['" + program + "', '$(socket)']", "");
        String first = pid(send("/app", "").join());
        assertThat(ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly())
                .isTrue();
        patiently().until(() -> !stage.workers("app").contains(Integer.parseInt(first)));
        assertThat(pid(send("/app", "posted").join())).isNotEqualTo(first);
    }

    @Test
    void whoCannotBeServedIsToldWhyAndWhenToComeBack() throws Exception {
        app("['sh', '-c', 'exit 3']", "");
        HttpResponse<String> refused = send("/app", "").join();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("This application cannot be started at present.");
        assertThat(stage.cli("explain", "app")).isZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains("app.1 exited with code 3", "before it was ready for clients");
        assertThat(stage.cli("stop", "app")).isZero();
        assertThat(send("/app", "").join().body()).contains("This application is stopped.");
    }

    @Test
    void aProgramOfAFolderGetsItsSocketAsAnArgument() throws Exception {
        Path apps = PeerPrograms.openFolder(Files.createDirectory(folder.resolve("apps")));
        monitor(
                "'dropins': [{'directory': '%s', 'pass': 'argument', %s'listen': '%s/$(path).sock'}]"
                        .formatted(
                                apps,
                                PeerPrograms.areRunByRoot() ? "'user': 'www-data', " : "",
                                run),
                "{'path': '/apps', 'dropin': 'apps'}");
        Path copy = Files.copy(program, folder.resolve("copy"));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(copy, apps.resolve("mine.fcgi"), StandardCopyOption.ATOMIC_MOVE);
        patiently().until(() -> send("/apps/mine.fcgi", "").join().statusCode() == 200);
        assertThat(pid(send("/apps/mine.fcgi/users/1", "").join())).isNotEmpty();
    }
}
