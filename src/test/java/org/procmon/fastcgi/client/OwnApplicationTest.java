package org.procmon.fastcgi.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.procmon.fastcgi.AllowedPeers;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.fastcgi.Responder;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.fastcgi.ResponderRequest;
import org.procmon.fastcgi.ResponderResponse;

/** Our own responder. */
class OwnApplicationTest extends ApplicationContract {
    private final RecordedFailures failures = new RecordedFailures();
    private Responder responder;

    @BeforeEach
    void start() throws IOException {
        ServerSocketChannel listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address());
        responder =
                Responder.start(
                        listener,
                        OwnApplicationTest::answer,
                        ResponderLimits.DEFAULT,
                        AllowedPeers.any(),
                        failures);
    }

    @AfterEach
    void stop() {
        responder.close();
        assertThat(failures.seen()).isEmpty();
    }

    private static void answer(ResponderRequest request, ResponderResponse response)
            throws IOException {
        String query = request.param("QUERY_STRING").orElse("");
        byte[] piece = "x".repeat(65_536).getBytes(UTF_8);
        response.write("Content-Type: text/plain\r\nX-Peer: yes\r\n\r\n".getBytes(UTF_8));
        switch (query) {
            case "echo" -> request.input().transferTo(response);
            case "big" -> {
                for (int i = 0; i < 128; i++) {
                    response.write(piece);
                }
            }
            case "endless" -> {
                while (true) {
                    response.write(piece);
                }
            }
            case "stderr" -> {
                response.err("oops");
                response.write("done".getBytes(UTF_8));
            }
            default ->
                    response.write(
                            (request.param("REQUEST_METHOD").orElse("") + " " + query)
                                    .getBytes(UTF_8));
        }
    }

    @Override
    SocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("s"));
    }

    @Override
    String expectedErrors() {
        return "oops";
    }

    @Test
    void otherRolesAreRejected() {
        for (Role role : new Role[] {Role.AUTHORIZER, Role.FILTER}) {
            try (ClientConnection connection = connect()) {
                assertThatThrownBy(() -> connection.send(ClientRequest.of(role, Map.of())))
                        .isInstanceOf(RequestRejectedException.class)
                        .hasMessage(
                                "the application rejects the request: it does not know the role");
            }
        }
    }
}
