import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection to the control socket of a monitor, over which one call follows the other. */
final class Varlink implements AutoCloseable {
    private static final String INTERFACE = "org.procmon.Monitor.";

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18);

    private Varlink(SocketChannel channel) {
        this.channel = channel;
    }

    static Varlink connect(Path socket) throws IOException {
        return new Varlink(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /**
     * Calls a method of the monitor, and returns the reply.
     *
     * @param parameters a JSON object
     */
    String call(String method, String parameters) throws IOException {
        String call =
                "{\"method\":\"%s\",\"parameters\":%s}\0".formatted(INTERFACE + method, parameters);
        channel.write(ByteBuffer.wrap(call.getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        while (true) {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("no answer to " + method);
            }
            int length = buffer.position();
            boolean isLast = buffer.get(length - 1) == 0;
            reply.write(buffer.array(), 0, isLast ? length - 1 : length);
            if (isLast) {
                String text = reply.toString(StandardCharsets.UTF_8);
                if (text.contains("\"error\":\"org.")) {
                    throw new IOException(method + ": " + text);
                }
                return text;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
