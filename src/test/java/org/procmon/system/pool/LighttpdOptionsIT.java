package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Each option of lighttpd towards an application: a pool gets and answers the same bytes as a
 * program that spawn-fcgi has started, at the same address, behind the same lighttpd.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LighttpdOptionsIT {
    static final List<LighttpdOption> OPTIONS = LighttpdOption.all();

    private final int port = PoolStage.freePort();
    private final int backend = PoolStage.freePort();
    private final Map<String, String> spawned = new TreeMap<>();
    private final Map<String, String> pooled = new TreeMap<>();
    private Path folder = Path.of("");

    /** Asks for everything, first behind spawn-fcgi and then of pools. */
    @BeforeAll
    void askBoth(@TempDir Path given) throws IOException {
        folder = given;
        try (PoolStage stage = new PoolStage(folder)) {
            Path program = PeerPrograms.application();
            prepare(stage);
            String path = stage.file("s").toString();
            String spawn = PeerPrograms.find("spawn-fcgi", "spawn-fcgi");
            List<PeerProcess> programs =
                    List.of(
                            stage.start("path", spawn, "-n", "-s", path, "--", "" + program),
                            stage.start(
                                    "tcp",
                                    spawn,
                                    "-n",
                                    "-a",
                                    "127.0.0.1",
                                    "-p",
                                    "" + backend,
                                    "--",
                                    "" + program));
            patiently().until(() -> Files.exists(Path.of(path)) && FrontServer.listens(backend));
            askAll(stage, spawned);
            for (PeerProcess one : programs) {
                stage.stop(one);
            }
            Files.delete(Path.of(path));
            String keys = "'exec': ['%s'], 'workers': 2, 'mode': 'static'".formatted(program);
            stage.monitor(
                    "{'id': 'path', %s, 'listen': '%s'}".formatted(keys, path),
                    "{'id': 'tcp', %s, 'listen': '127.0.0.1:%d'}".formatted(keys, backend));
            askAll(stage, pooled);
        }
    }

    @AfterAll
    void forget() {
        folder = Path.of("");
    }

    private void prepare(PoolStage stage) throws IOException {
        for (String name : new String[] {"www", "files", "other"}) {
            Files.createDirectory(stage.file(name));
        }
        stage.write("www/there.app", "not to be sent\n");
        stage.write("files/one", "the file one\n");
        StringBuilder text = new StringBuilder();
        text.append(
                """
                server.modules = ( "mod_fastcgi" )
                server.bind = "127.0.0.1"
                server.port = %d
                server.document-root = "%s/www"
                """
                        .formatted(port, folder));
        for (LighttpdOption option : OPTIONS) {
            String tcp = "\"host\" => \"127.0.0.1\", \"port\" => " + backend;
            String path = "\"socket\" => \"" + folder + "/s\"";
            host(text, option.name(), option.configuration().replace("SOCKET", path));
            host(text, option.name() + "-tcp", option.configuration().replace("SOCKET", tcp));
        }
        stage.write("lighttpd.conf", text.toString());
    }

    private void host(StringBuilder text, String name, String configuration) {
        text.append(
                "$HTTP[\"host\"] == \"%s\" {\n%s\n}\n"
                        .formatted(name, configuration.replace("DIR", folder.toString())));
    }

    private void askAll(PoolStage stage, Map<String, String> answers) throws IOException {
        PeerProcess lighttpd =
                stage.start(
                        "lighttpd",
                        PeerPrograms.find("lighttpd", "lighttpd"),
                        "-D",
                        "-f",
                        stage.file("lighttpd.conf").toString());
        patiently()
                .until(() -> {
                    lighttpd.mustLive();
                    return FrontServer.listens(port);
                });
        for (LighttpdOption option : OPTIONS) {
            for (String name : new String[] {option.name(), option.name() + "-tcp"}) {
                String target = option.target().replace("DIR", folder.toString());
                String head = " %s HTTP/1.0\r\nHost: %s\r\nX-Own: a, b\r\n".formatted(target, name);
                String get = "GET" + head + "\r\n";
                String post = "POST" + head + "Content-Length: 6\r\n\r\na\0b\nc\u00ff";
                answers.put(name, answer(get, false));
                answers.put(name + ", half-closed", answer(get, true));
                answers.put(name + ", with a body", answer(post, false));
            }
        }
        stage.stop(lighttpd);
    }

    /** The port of the client is another each time. */
    private String answer(String request, boolean halfCloses) throws IOException {
        return RawHttp.send(port, request, halfCloses)
                .replaceFirst("\nREMOTE_PORT=\\d+\n", "\nREMOTE_PORT=any\n");
    }

    @ParameterizedTest
    @FieldSource("OPTIONS")
    void aPoolGetsTheSameBytesAsBehindSpawnFcgi(LighttpdOption option) {
        Stream.of("", "-tcp")
                .map(kind -> option.name() + kind)
                .forEach(name -> {
                    for (String way : new String[] {"", ", half-closed", ", with a body"}) {
                        assertThat(pooled.get(name + way))
                                .as(name + way)
                                .isEqualTo(spawned.get(name + way));
                    }
                    assertThat(pooled.getOrDefault(name, "").lines())
                            .as(name)
                            .containsAll(
                                    option.expected().stream()
                                            .map(line -> line.replace("DIR", folder.toString()))
                                            .toList());
                });
    }
}
