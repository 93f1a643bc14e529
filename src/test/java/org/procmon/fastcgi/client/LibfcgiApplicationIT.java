package org.procmon.fastcgi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.fastcgi.Bytes;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.wire.FastCgiException;

/** A C program with the reference library, which knows all roles. */
class LibfcgiApplicationIT extends ApplicationContract {
    private static Path program = Path.of("");

    private ExternalApplication application;

    @BeforeAll
    static void compile(@TempDir Path built) throws IOException, InterruptedException {
        if (!Files.exists(Path.of("/usr/include/fcgiapp.h"))) {
            throw new AssertionError(
                    "cannot test without fcgiapp.h: please install it (apt-get install"
                            + " libfcgi-dev)");
        }
        program = built.resolve("application");
        ExternalApplication.compile(
                built.resolve("log"),
                new ProcessBuilder(
                        ExternalApplication.tool("gcc", "gcc"),
                        "-o",
                        program.toString(),
                        ExternalApplication.source(built, "application.c").toString(),
                        "-lfcgi"));
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
        return "oops";
    }

    /** In version 2.4.2 it waits for more after GET_VALUES; the client does not wait for ever. */
    @Test
    @Override
    void valuesAreTold() {
        FastCgiClientLimits usual = FastCgiClientLimits.DEFAULT;
        FastCgiClientLimits hasty =
                new FastCgiClientLimits(
                        usual.connectTime(),
                        usual.sendTime(),
                        Duration.ofMillis(300),
                        usual.silence(),
                        usual.headerBytes(),
                        usual.headerFields(),
                        usual.errorBytes());
        connect().close();
        try (FastCgiClient impatient = new FastCgiClient(hasty, new RecordedFailures())) {
            assertThatThrownBy(() -> impatient.connect(address()).values(Set.of("FCGI_MPXS_CONNS")))
                    .isInstanceOf(FastCgiException.class)
                    .hasMessage("no values within 0.3 s");
        }
    }

    @Test
    void anAuthorizerPermitsAndAddsVariables() throws IOException {
        try (ClientConnection connection = connect()) {
            ClientResponse response =
                    connection.send(
                            ClientRequest.of(Role.AUTHORIZER, params("GET", ""))
                                    .keepingConnection());
            assertThat(response.header().code()).isEqualTo(200);
            assertThat(response.variables()).isEqualTo(Map.of("AUTH", "eve"));
            assertThat(text(response)).isEmpty();
            assertThat(connection.isReusable()).isTrue();
        }
    }

    @Test
    void aFilterGetsTheBodyAndTheFile() throws IOException {
        try (ClientConnection connection = connect()) {
            Map<String, String> params = params("POST", "");
            params.put("CONTENT_LENGTH", "4");
            params.put("FCGI_DATA_LAST_MOD", "0");
            params.put("FCGI_DATA_LENGTH", "9");
            ClientResponse response =
                    connection.send(
                            ClientRequest.of(Role.FILTER, params)
                                    .withBody(new ByteArrayInputStream(Bytes.text("body")))
                                    .withData(new ByteArrayInputStream(Bytes.text("file\0data")))
                                    .keepingConnection());
            assertThat(text(response)).isEqualTo("body|file\0data");
            assertThat(connection.isReusable()).isTrue();
        }
    }
}
