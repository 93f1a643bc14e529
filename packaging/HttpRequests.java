import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends http_proc on a Unix socket the requests that people send, for the recording of its cache. */
class HttpRequests {
    private record Case(String head, int expected) {}

    public static void main(String[] args) throws IOException {
        List<Case> cases =
                List.of(
                        new Case("GET /procs?list", 200),
                        new Case("HEAD /procs?list", 200),
                        new Case("GET /procs?status=base", 200),
                        new Case("GET /procs?nonsense", 400),
                        new Case("GET /app?list", 200),
                        new Case("GET /hello.txt", 200),
                        new Case("GET /nothing", 404));
        for (int round = 0; round < 20; round++) {
            for (Case request : cases) {
                check(args[0], request);
            }
        }
    }

    private static void check(String socket, Case request) throws IOException {
        String answer =
                exchange(
                        socket,
                        request.head() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        if (!answer.startsWith("HTTP/1.1 " + request.expected())) {
            throw new IOException(request + " was answered by: " + answer);
        }
    }

    private static String exchange(String socket, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            while (channel.read(answer) >= 0 && answer.hasRemaining()) {}
            return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
        }
    }
}
