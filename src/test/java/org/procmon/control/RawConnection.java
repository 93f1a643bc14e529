package org.procmon.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.procmon.control.protocol.MessageReader;

/** A client without manners: sends any bytes. */
public final class RawConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final MessageReader in = new MessageReader(64 << 20);

    public RawConnection(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    public SocketChannel channel() {
        return channel;
    }

    public void send(byte... bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Sends text; a {@code |} in it stands for NUL. */
    public void send(String text) throws IOException {
        send(text.replace('|', '\0').getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The next message, or {@code "end"}; the kernel calls that a reset if the other side had not
     * read all that was sent to it.
     */
    public String receive() throws IOException {
        while (!in.next()) {
            try {
                if (!in.fill(channel)) {
                    return "end";
                }
            } catch (SocketException e) {
                assertThat(e).hasMessage("Connection reset");
                return "end";
            }
        }
        return new String(in.bytes(), in.offset(), in.length(), StandardCharsets.UTF_8);
    }

    /** Sends a call and returns its reply. */
    public String call(String message) throws IOException {
        send(message + "|");
        return receive();
    }

    /** Calls a method of the monitor's. */
    public String monitor(String method, String parameters) throws IOException {
        return call(
                "{\"method\":\"org.procmon.Monitor."
                        + method
                        + "\",\"parameters\":"
                        + parameters
                        + "}");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
