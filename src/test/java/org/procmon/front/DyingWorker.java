package org.procmon.front;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.procmon.fastcgi.wire.Records;

/** A worker that takes a request and dies, then lives and answers, one connection at a time. */
final class DyingWorker implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final AtomicInteger deaths = new AtomicInteger();
    private final AtomicInteger toDie = new AtomicInteger(1);

    DyingWorker(Path socket) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                ByteBuffer request = ByteBuffer.allocate(1 << 16);
                int _ = client.read(request);
                if (toDie.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    deaths.incrementAndGet();
                    continue;
                }
                client.write(ByteBuffer.wrap(answer("\r\nanswered", request.get(3))));
            } catch (IOException _) {
                // It is closed, or the client has left.
            }
        }
    }

    /** A response as its records: the output and the end. */
    static byte[] answer(String output, int id) {
        byte[] text = output.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        ByteBuffer records = ByteBuffer.allocate(text.length + 24);
        records.put(
                new byte[] {1, (byte) Records.STDOUT, 0, (byte) id, 0, (byte) text.length, 0, 0});
        records.put(text);
        records.put(new byte[] {1, 3, 0, (byte) id, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        return records.array();
    }

    int deaths() {
        return deaths.get();
    }

    void dieAgain() {
        toDie.set(1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
