package org.procmon.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.procmon.control.protocol.MessageReader;

/**
 * Answers the first call of each connection with the next of some replies; the empty one ends it.
 * The question for the processes' own limits comes before that, and that for pools, of which there
 * are none, after it.
 */
final class CannedMonitor implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel listener;
    final List<String> calls = new CopyOnWriteArrayList<>();

    CannedMonitor(Path socket, String... replies) throws IOException {
        this.socket = socket;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.startVirtualThread(() -> {
            for (String reply : replies) {
                serve(reply);
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.delete(socket);
    }

    private void serve(String reply) {
        try (SocketChannel connection = listener.accept()) {
            MessageReader in = new MessageReader(1 << 20);
            String call = next(in, connection);
            if (call.contains("TimeLimits")) {
                answer(connection, "{\"parameters\":{}}");
                call = next(in, connection);
            }
            calls.add(call);
            if (!reply.isEmpty()) {
                answer(connection, reply);
                answerForPools(in, connection);
            }
        } catch (IOException e) {
            if (listener.isOpen()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Any other call, or the end of the connection, ends it. */
    private static void answerForPools(MessageReader in, SocketChannel connection)
            throws IOException {
        if (in.fill(connection) && in.next()) {
            answer(connection, "{\"parameters\":{\"pools\":[]}}");
            boolean _ = in.fill(connection);
        }
    }

    private static String next(MessageReader in, SocketChannel connection) throws IOException {
        while (!in.next()) {
            if (!in.fill(connection)) {
                throw new IOException("the client has gone");
            }
        }
        return new String(in.bytes(), in.offset(), in.length(), StandardCharsets.UTF_8);
    }

    private static void answer(SocketChannel connection, String reply) throws IOException {
        connection.write(ByteBuffer.wrap((reply + "\0").getBytes(StandardCharsets.UTF_8)));
    }
}
