package org.procmon.fastcgi.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Go's {@code net/http/fcgi}, which serves many requests at a time, and has no standard error. */
class GoApplicationIT extends ApplicationContract {
    private static Path program = Path.of("");

    private ExternalApplication application;

    @BeforeAll
    static void compile(@TempDir Path built) throws IOException, InterruptedException {
        program = built.resolve("application");
        ProcessBuilder compiler =
                new ProcessBuilder(
                        ExternalApplication.tool("go", "golang-go"),
                        "build",
                        "-o",
                        program.toString(),
                        ExternalApplication.source(built, "application.go").toString());
        compiler.environment().put("GO111MODULE", "off");
        compiler.environment().put("GOCACHE", built.resolve("cache").toString());
        compiler.environment().put("GOPATH", built.resolve("path").toString());
        compiler.environment().put("CGO_ENABLED", "0");
        ExternalApplication.compile(built.resolve("log"), compiler);
    }

    @AfterAll
    static void forget() {
        program = Path.of("");
    }

    @BeforeEach
    void start() throws IOException {
        application = ExternalApplication.start(folder.resolve("s"), program.toString());
    }

    @AfterEach
    void stop() throws InterruptedException {
        application.stop();
    }

    @Override
    SocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("s"));
    }

    @Override
    String expectedErrors() {
        return "";
    }

    @Test
    void otherRolesAreRejected() {
        try (ClientConnection connection = connect()) {
            assertThatThrownBy(() ->
                            connection.send(ClientRequest.of(Role.AUTHORIZER, params("GET", ""))))
                    .isInstanceOf(RequestRejectedException.class);
        }
    }
}
