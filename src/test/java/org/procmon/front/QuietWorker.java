package org.procmon.front;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker that answers a request only when it is told to give it up. */
final class QuietWorker implements AutoCloseable {
    private static final int BEGIN = 1;
    private static final int ABORT = 2;

    private final ServerSocketChannel listener;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    QuietWorker(Path socket) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                serve(client);
            } catch (EOFException _) {
                seen.add("closed");
            } catch (IOException _) {
                // It is closed.
            }
        }
    }

    private void serve(SocketChannel client) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(client));
        while (true) {
            byte[] head = in.readNBytes(8);
            if (head.length < 8) {
                throw new EOFException();
            }
            in.skipNBytes((head[4] & 0xff) * 256L + (head[5] & 0xff) + (head[6] & 0xff));
            switch (head[1]) {
                case BEGIN -> seen.add("begun");
                case ABORT -> {
                    seen.add("aborted");
                    client.write(ByteBuffer.wrap(DyingWorker.answer("\r\nlate", head[3])));
                }
                default -> {}
            }
        }
    }

    /** What has happened: begun, aborted, closed. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
