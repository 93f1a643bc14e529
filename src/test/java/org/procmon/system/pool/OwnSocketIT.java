package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that open their sockets themselves, at a path that they get as an argument. */
@Timeout(180)
class OwnSocketIT {
    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path run = Path.of("");
    private Path program = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        run = PeerPrograms.openFolder(Files.createDirectory(folder.toRealPath().resolve("run")));
        Path built = PeerPrograms.openFolder(Files.createDirectory(folder.resolve("built")));
        program = PeerPrograms.compileC(built, PeerPrograms.source(built, "own-socket-app.c"));
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    private String pool(String id, String exec, String keys) {
        return ("{'id': '%s', 'exec': %s, 'pass': 'argument', 'mode': 'static', 'listen':"
                        + " 'unix://640@%s/%s.sock'%s}")
                .formatted(id, exec, run, id, keys);
    }

    private String answer(String name) {
        String[] answer = {""};
        patiently()
                .ignoreExceptions()
                .until(() -> {
                    try (PoolClient client = PoolClient.ofPath(run.resolve(name))) {
                        answer[0] = client.get("");
                        return !answer[0].isEmpty();
                    }
                });
        return answer[0];
    }

    @Test
    void eachWorkerIsReachedByItsNameAlsoAfterItWasReplaced() throws Exception {
        String user = PeerPrograms.areRunByRoot() ? ", 'user': 'nobody'" : "";
        stage.configured(
                "{'pools': ["
                        + pool(
                                        "app-$(worker)",
                                        "['" + program + "', '300', '$(socket)']",
                                        ", 'socket': 'per-worker', 'workers': 2" + user)
                                .replaceFirst("app-..worker.", "app")
                        + "]}");
        String first = answer("app-1.sock");
        assertThat(first).startsWith(run + "/.app-1.sock.1/s ");
        assertThat(answer("app-2.sock")).startsWith(run + "/.app-2.sock.2/s ");
        assertThat(Files.getPosixFilePermissions(run.resolve("app-1.sock")))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        Path own = run.resolve(".app-1.sock.1");
        assertThat(Files.getPosixFilePermissions(own))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(first).endsWith(" " + Files.getAttribute(own, "unix:uid"));
        assertThat(stage.cli("status", "app", "--json")).isZero();
        assertThat(Files.readString(stage.file("cli.log")))
                .contains("\"listen\":[\"" + run + "/app-1.sock\",\"" + run + "/app-2.sock\"]")
                .contains("\"socket\":\"" + run + "/app-2.sock\"");
        int pid = Integer.parseInt(first.split(" ", -1)[1]);
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        patiently().until(() -> !answer("app-1.sock").equals(first));
        assertThat(answer("app-1.sock")).startsWith(run + "/.app-1.sock.1/s ");
        assertThat(stage.cli("stop", "app")).isZero();
        patiently().until(() -> left().isEmpty());
        assertThat(stage.cli("start", "app")).isZero();
        answer("app-2.sock");
        assertThat(stage.cli("-x")).isZero();
        assertThat(left()).isEmpty();
    }

    private List<String> left() {
        return List.of(run.toFile().list());
    }

    @Test
    void aFolderThatOthersCanWriteIsNotUsed() throws Exception {
        Path precious = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(precious.resolve("file"), "kept");
        Files.createSymbolicLink(run.resolve(".app.sock.1"), precious);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
        stage.configured(
                "{'pools': [" + pool("app", "['" + program + "']", ", 'workers': 1") + "]}");
        patiently()
                .until(() -> {
                    int _ = stage.cli("explain", "app");
                    return Files.readString(stage.file("cli.log"))
                            .contains("other users may replace sockets in the folder " + run);
                });
        assertThat(precious.resolve("file")).exists();
        assertThat(run.resolve("app.sock")).doesNotExist();
    }

    @Test
    void aReplacementIsReadyBeforeItIsReached() throws Exception {
        stage.configured(
                "{'pools': ["
                        + pool("one", "['" + program + "', '700']", ", 'workers': 1")
                        + ","
                        + pool("bad", "['sh', '-c', 'exec sleep 100']", ", 'workers': 1")
                        + "]}");
        String before = answer("one.sock");
        assertThat(run.resolve("bad.sock")).as("never listens").doesNotExist();
        List<Integer> old = stage.workers("one");
        Thread rolling =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                var _ = stage.cli("restart", "--rolling", "one");
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        // As long as the old one is alone, it is reached.
        patiently().until(() -> !answer("one.sock").equals(before));
        rolling.join();
        patiently().until(() -> stage.workers("one").size() == 1);
        assertThat(stage.workers("one")).doesNotContainAnyElementsOf(old);
        assertThat(answer("one.sock")).isNotEqualTo(before);
    }
}
