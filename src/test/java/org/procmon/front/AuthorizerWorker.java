package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** An authorizer that permits requests whose query has the word good. */
final class AuthorizerWorker implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Thread thread;

    AuthorizerWorker(Path socket) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                ByteBuffer request = ByteBuffer.allocate(1 << 16);
                int _ = client.read(request);
                String text = new String(request.array(), ISO_8859_1);
                // The role of FCGI_BEGIN_REQUEST; section 5.1 of the specification.
                boolean isAuthorizer = request.get(9) == 2;
                String answer =
                        isAuthorizer && text.contains("QUERY_STRINGgood")
                                ? "Status: 200 OK\r\nVariable-LOGIN: somebody\r\n\r\n"
                                : "Status: 403 Forbidden\r\n\r\nnot you";
                client.write(ByteBuffer.wrap(DyingWorker.answer(answer, request.get(3))));
            } catch (IOException _) {
                // It is closed, or the client has left.
            }
        }
    }

    /** No client is accepted after this, not even one that comes while it closes. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
