import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that a FastCGI worker is asked directly, without a web server, on a connection of its
 * own that the worker closes.
 */
final class FcgiRequest implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int BEGIN_REQUEST = 1;
    private static final int END_REQUEST = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int HEADER = 8;

    private final SocketChannel channel;

    private FcgiRequest(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects to a Unix socket, and sends a GET for a script. */
    static FcgiRequest send(Path socket, Path script, String query) throws IOException {
        ByteBuffer request = request(script, query);
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        while (request.hasRemaining()) {
            channel.write(request);
        }
        return new FcgiRequest(channel);
    }

    /** Asks, and returns the whole answer. */
    static String ask(Path socket, Path script, String query) throws IOException {
        try (FcgiRequest request = send(socket, script, query)) {
            return request.answer();
        }
    }

    /** Asks until the answer has this in it. */
    static void await(Path socket, Path script, String wanted) throws InterruptedException {
        long begin = System.nanoTime();
        String last = "";
        while (System.nanoTime() - begin < LONGEST.toNanos()) {
            try {
                last = ask(socket, script, "");
                if (last.contains(wanted)) {
                    return;
                }
            } catch (IOException notYet) {
                last = notYet.toString();
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("%s does not answer: %s".formatted(socket, last));
    }

    /** Waits until there is a socket; nobody connects to it. */
    static void awaitSocket(Path socket) throws InterruptedException {
        long begin = System.nanoTime();
        while (!Files.exists(socket)) {
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new IllegalStateException("there is no " + socket);
            }
            Thread.sleep(20);
        }
    }

    /** What the worker has sent when it has closed the connection. */
    String answer() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (channel.read(buffer.clear()) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        ByteBuffer records = ByteBuffer.wrap(all.toByteArray());
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        boolean isComplete = false;
        while (records.remaining() >= HEADER) {
            int start = records.position();
            int type = records.get(start + 1);
            int length = Short.toUnsignedInt(records.getShort(start + 4));
            int padding = Byte.toUnsignedInt(records.get(start + 6));
            if (type == STDOUT) {
                text.write(records.array(), start + HEADER, length);
            }
            isComplete |= type == END_REQUEST;
            records.position(start + HEADER + length + padding);
        }
        if (!isComplete) {
            throw new IOException("the answer is cut off: " + text);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static ByteBuffer request(Path script, String query) {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("SCRIPT_FILENAME", script.toString());
        params.put("SCRIPT_NAME", script.toString());
        params.put("REQUEST_METHOD", "GET");
        params.put("QUERY_STRING", query);
        params.put("REDIRECT_STATUS", "200");
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        params.forEach((name, value) -> {
            // Each is shorter than 128 bytes, so its length takes one.
            pairs.write(name.length());
            pairs.write(value.length());
            pairs.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            pairs.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        });
        ByteBuffer request = ByteBuffer.allocate(1 << 12);
        // The role of a responder, and no flag to keep the connection.
        record(request, BEGIN_REQUEST, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        record(request, PARAMS, pairs.toByteArray());
        record(request, PARAMS, new byte[0]);
        record(request, STDIN, new byte[0]);
        return request.flip();
    }

    private static void record(ByteBuffer request, int type, byte[] content) {
        request.put((byte) 1)
                .put((byte) type)
                .putShort((short) 1)
                .putShort((short) content.length)
                .putShort((short) 0)
                .put(content);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
