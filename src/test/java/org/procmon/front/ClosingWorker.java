package org.procmon.front;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Workers that close each connection after one answer, although it was to be kept; the first
 * answers come when so many requests are there.
 */
final class ClosingWorker implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final CountDownLatch there;

    ClosingWorker(Path socket, int together) throws IOException {
        there = new CountDownLatch(together);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().daemon().start(() -> answer(client));
            } catch (IOException _) {
                // It is closed.
            }
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            ByteBuffer request = ByteBuffer.allocate(1 << 16);
            int _ = client.read(request);
            there.countDown();
            there.await();
            client.write(ByteBuffer.wrap(DyingWorker.answer("\r\nanswered", request.get(3))));
        } catch (IOException _) {
            // The client has left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
