package org.procmon.system.pool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A FastCGI request as a web server sends it, on a thread of its own. */
final class OverloadRequest implements AutoCloseable {
    private static final int BEGIN = 1;
    private static final int END = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int RECORD = 32_000;

    /**
     * What came back until the connection ended.
     *
     * @param text the standard output, headers and all
     * @param hasEnded whether END_REQUEST came
     * @param took from the connection to the end
     * @param broken how reading broke off, or null if the application closed the connection
     */
    record Answer(String text, boolean hasEnded, Duration took, @Nullable String broken) {
        boolean isServed() {
            return hasEnded && text.contains("\r\n\r\n") && !text.startsWith("Status: ");
        }

        boolean isRefused() {
            return hasEnded
                    && text.startsWith("Status: 503 ")
                    && text.contains("\r\nRetry-After: ");
        }
    }

    private final SocketChannel socket;
    private final FutureTask<Answer> answer;
    private final long begun = System.nanoTime();

    private OverloadRequest(SocketChannel socket, Callable<Answer> exchange) {
        this.socket = socket;
        this.answer = new FutureTask<>(exchange);
    }

    /** Connects, and goes on in the background. */
    static OverloadRequest send(SocketAddress address, String query, int bodyBytes)
            throws IOException {
        SocketChannel socket = SocketChannel.open(address);
        OverloadRequest[] self = new OverloadRequest[1];
        OverloadRequest request =
                new OverloadRequest(socket, () -> self[0].exchange(query, bodyBytes));
        self[0] = request;
        Thread.ofPlatform().daemon().start(request.answer);
        return request;
    }

    static OverloadRequest send(SocketAddress address, String query) throws IOException {
        return send(address, query, 0);
    }

    /** Sends a request, and waits for its answer. */
    static Answer ask(SocketAddress address, String query) throws Exception {
        try (OverloadRequest request = send(address, query)) {
            return request.answer();
        }
    }

    Answer answer() throws Exception {
        return answer(Duration.ofSeconds(30));
    }

    Answer answer(Duration atMost) throws Exception {
        try {
            return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + atMost, e);
        } catch (ExecutionException e) {
            throw new AssertionError("cannot send a request", e);
        }
    }

    private Answer exchange(String query, int bodyBytes) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        boolean[] hasEnded = {false};
        String broken = null;
        try {
            write(begin());
            Map<String, String> params = new LinkedHashMap<>();
            params.put("QUERY_STRING", query);
            if (query.endsWith(".php")) {
                params.put("SCRIPT_FILENAME", query);
            }
            params.put("REQUEST_METHOD", bodyBytes > 0 ? "POST" : "GET");
            params.put("CONTENT_LENGTH", String.valueOf(bodyBytes));
            write(record(PARAMS, pairs(params)));
            write(record(PARAMS, new byte[0]));
            for (int left = bodyBytes; left > 0; left -= RECORD) {
                write(record(STDIN, new byte[Math.min(left, RECORD)]));
            }
            write(record(STDIN, new byte[0]));
        } catch (IOException e) {
            broken = "sending: " + e;
        }
        // As web servers do: libfcgi waits for that, for two seconds at most.
        try (socket) {
            read(text, hasEnded);
        } catch (IOException e) {
            broken = "reading: " + e;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        return new Answer(text.toString(ISO_8859_1), hasEnded[0], took, broken);
    }

    private void read(ByteArrayOutputStream text, boolean[] hasEnded) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(8);
        while (fill(header)) {
            int type = header.get(1);
            int length = Short.toUnsignedInt(header.getShort(4));
            int padding = header.get(6) & 0xff;
            ByteBuffer content = ByteBuffer.allocate(length + padding);
            if (!fill(content)) {
                throw new IOException("a record breaks off");
            }
            if (type == STDOUT) {
                text.write(content.array(), 0, length);
            } else if (type == END) {
                hasEnded[0] = true;
            }
        }
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (socket.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    static ByteBuffer begin() {
        return record(BEGIN, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
    }

    private static byte[] pairs(Map<String, String> params) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        params.forEach((name, value) -> {
            bytes.write(name.length());
            bytes.write(value.length());
            bytes.writeBytes(name.getBytes(ISO_8859_1));
            bytes.writeBytes(value.getBytes(ISO_8859_1));
        });
        return bytes.toByteArray();
    }

    private static ByteBuffer record(int type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .put((byte) 1)
                .put((byte) type)
                .putShort((short) 1)
                .putShort((short) content.length)
                .putShort((short) 0)
                .put(content)
                .flip();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    /** Hangs up. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    static void closeAll(List<OverloadRequest> requests) throws IOException {
        for (OverloadRequest request : requests) {
            request.close();
        }
    }

    /** Sends several, each after the one before has connected. */
    static List<OverloadRequest> sendAll(SocketAddress address, String query, int count)
            throws IOException {
        List<OverloadRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(send(address, query));
        }
        return requests;
    }
}
