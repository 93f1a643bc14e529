import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Sends a FastCGI responder on a Unix socket the requests that people send, for the recording of its cache. */
class Requests {
    private static final int BEGIN_REQUEST = 1;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;

    private record Case(String method, String query, String body, String expected) {}

    public static void main(String[] args) throws IOException {
        List<Case> cases =
                List.of(
                        new Case("GET", "list", "", "Status: 200"),
                        new Case("HEAD", "list", "", "Status: 200"),
                        new Case("GET", "restart=base", "", "Status: 200"),
                        new Case("GET", "status", "", "Status: 200"),
                        new Case("POST", "", "stop=web&start=web", "Status: 200"),
                        new Case("GET", "start=nobody", "", "Status: 404"),
                        new Case("GET", "nonsense", "", "Status: 400"));
        for (int round = 0; round < 20; round++) {
            for (Case request : cases) {
                // What changes something is asked once; what only looks is warmed up.
                if (round == 0 || request.query().equals("list")) {
                    check(args[0], request);
                }
            }
        }
    }

    private static void check(String socket, Case request) throws IOException {
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream params = new ByteArrayOutputStream();
        Map.of(
                        "REQUEST_METHOD", request.method(),
                        "QUERY_STRING", request.query(),
                        "CONTENT_LENGTH", String.valueOf(body.length),
                        "SCRIPT_NAME", "/procs",
                        "HTTP_HOST", "localhost:8080",
                        "SERVER_PROTOCOL", "HTTP/1.1")
                .forEach((name, value) -> pair(params, name, value));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        record(all, BEGIN_REQUEST, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        record(all, PARAMS, params.toByteArray());
        record(all, PARAMS, new byte[0]);
        if (body.length > 0) {
            record(all, STDIN, body);
        }
        record(all, STDIN, new byte[0]);
        String answer = exchange(socket, all.toByteArray());
        if (!answer.contains(request.expected())) {
            throw new IOException(request + " was answered by: " + answer);
        }
    }

    private static String exchange(String socket, byte[] request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            while (channel.read(answer) >= 0 && answer.hasRemaining()) {}
            return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void pair(ByteArrayOutputStream out, String name, String value) {
        out.write(name.length());
        out.write(value.length());
        out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(
                new byte[] {
                    1, (byte) type, 0, 1, (byte) (content.length >> 8), (byte) content.length, 0, 0
                });
        out.writeBytes(content);
    }
}
