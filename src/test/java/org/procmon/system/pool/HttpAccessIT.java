package org.procmon.system.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.front.tls.OpenSsl;

/** The product with a certificate and with passwords, as another user if root runs the tests. */
@Timeout(180)
class HttpAccessIT {
    @TempDir Path folder = Path.of("");
    private PoolStage stage;
    private Path secrets = Path.of("");
    private int port;

    @BeforeEach
    void begin() throws IOException {
        stage = new PoolStage(folder);
        port = PoolStage.freePort();
        secrets = Files.createDirectory(stage.file("secrets").toAbsolutePath());
        OpenSsl.pair(secrets, "own", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        Files.setPosixFilePermissions(
                secrets.resolve("own.key"), PosixFilePermissions.fromString("rw-------"));
        Path users = PeerPrograms.openFolder(Files.createDirectory(stage.file("auth")));
        Files.writeString(
                users.resolve("users"),
                "ada:$2y$04$eci.XFa1aFK/zCZbPnktKOm5uDZdNjfUk0HRIuuS5Iftj/bfp4mDC\n");
    }

    @AfterEach
    void end() throws IOException {
        stage.close();
    }

    private static String user() throws IOException {
        return PeerPrograms.areRunByRoot() ? "'user': 'www-data', " : "";
    }

    private static String group() throws IOException {
        return PeerPrograms.areRunByRoot() ? "'socket_group': 'www-data'," : "";
    }

    private String configuration() throws IOException {
        return ("{'control': {%s 'operators': ['www-data', 'http:ada']}, 'processes': [{'id': 'web',"
                        + " 'exec': 'sleep 1000', 'monitored': true}], 'http': {'listen':"
                        + " '127.0.0.1:%d', %s'tls': {'certificate': '%s', 'key': '%s'}, 'auth':"
                        + " {'users': 'auth/users'}, 'routes': [{'path': '/procs', 'serve':"
                        + " 'control'}]}}")
                .formatted(
                        group(),
                        port,
                        user(),
                        secrets.resolve("own.pem"),
                        secrets.resolve("own.key"));
    }

    private String curl(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("curl", "-sS", "-m", "30", "--http2"));
        all.addAll(List.of("--cacert", "own.pem"));
        all.addAll(List.of(words));
        return OpenSsl.command(secrets, all);
    }

    private String address(String query) {
        return "https://localhost:" + port + "/procs" + query;
    }

    private void awaitSubject(String name) {
        patiently()
                .ignoreExceptionsInstanceOf(AssertionError.class)
                .until(() ->
                        curl("-v", "-u", "ada:secret", address("?list")).contains("CN=" + name));
    }

    @Test
    void aUserWithAPasswordChangesThingsOverTlsAndANewPairIsFollowed() throws Exception {
        stage.configured(configuration());
        awaitSubject("own");
        assertThat(curl("-w", "%{http_code} %{http_version}", "-o", "out", address("?list")))
                .isEqualTo("401 2");
        assertThat(curl("-u", "ada:secret", "-d", "restart=web", address("")))
                .isEqualTo("restarting web\n");
        String cookie =
                curl("-c", "jar", "-d", "user=ada&password=secret", address("?procmon-login"));
        assertThat(cookie).isEmpty();
        assertThat(curl("-b", "jar", address("?list"))).contains("\"web\"");

        OpenSsl.pair(secrets, "next", "rsa:2048");
        for (String end : List.of(".key", ".pem")) {
            Files.move(
                    secrets.resolve("next" + end),
                    secrets.resolve("own" + end),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        awaitSubject("next");
        // The key of sessions outlives the process.
        assertThat(curl("-b", "jar", address("?list"))).contains("\"web\"");
    }
}
