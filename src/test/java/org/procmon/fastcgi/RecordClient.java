package org.procmon.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;

/** A blocking web server's side, only as able as the tests need. */
final class RecordClient implements AutoCloseable {
    record Received(int type, int id, String content) {}

    record Answer(String out, String err, int appStatus, int protocolStatus) {}

    final SocketChannel channel;
    private final DataInputStream in;

    RecordClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** Connects from a local address. */
    RecordClient(SocketAddress local, SocketAddress address) throws IOException {
        channel = SocketChannel.open();
        channel.bind(local);
        channel.connect(address);
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** Sends one request on a connection of its own. */
    static Answer ask(SocketAddress address, Map<String, String> params, String body)
            throws IOException {
        try (RecordClient client = new RecordClient(address)) {
            client.send(Bytes.request(1, 0, params, body));
            Answer answer = client.answer(1);
            if (client.receive().isPresent()) {
                throw new IOException("there is more after the answer");
            }
            return answer;
        }
    }

    void send(byte[]... parts) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Bytes.join(parts));
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    /** The next record; empty when the responder has closed the connection. */
    Optional<Received> receive() throws IOException {
        int version = in.read();
        if (version < 0) {
            return Optional.empty();
        }
        if (version != 1) {
            throw new IOException("version " + version);
        }
        int type = in.readUnsignedByte();
        int id = in.readUnsignedShort();
        byte[] content = new byte[in.readUnsignedShort()];
        int padding = in.readUnsignedByte();
        in.readByte();
        in.readFully(content);
        in.skipNBytes(padding);
        return Optional.of(new Received(type, id, new String(content, ISO_8859_1)));
    }

    /** Everything up to the END_REQUEST of that request. */
    Answer answer(int id) throws IOException {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        while (true) {
            Received record = receive().orElseThrow(() -> new EOFException("no END_REQUEST"));
            if (record.id() != id) {
                throw new IOException("a record of request " + record.id());
            }
            switch (record.type()) {
                case 6 -> out.append(record.content());
                case 7 -> err.append(record.content());
                case 3 -> {
                    ByteBuffer body = ByteBuffer.wrap(Bytes.text(record.content()));
                    return new Answer(out.toString(), err.toString(), body.getInt(), body.get());
                }
                default -> throw new IOException("a record of type " + record.type());
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
