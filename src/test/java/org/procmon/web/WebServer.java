package org.procmon.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A web server that passes requests on, one on each connection, like lighttpd. */
public record WebServer(SocketAddress application) {
    /** The most bytes that a record can hold. */
    private static final int MOST_CONTENT = 65_535;

    private static final int BEGIN_REQUEST = 1;
    private static final int END_REQUEST = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;

    /**
     * An answer as it came.
     *
     * @param head the header block, with the empty line that ends it
     */
    public record Answer(String head, String body) {
        public String status() {
            return header("Status");
        }

        /** The value of a header; empty if there is none. */
        public String header(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.startsWith(name + ": ")) {
                    return line.substring(name.length() + 2);
                }
            }
            return "";
        }
    }

    public Answer get(String query, String... more) throws IOException {
        return ask("GET", query, "", more);
    }

    public Answer post(String body) throws IOException {
        return ask("POST", "", body, "CONTENT_LENGTH", "" + body.length());
    }

    /**
     * Asks, and waits for the whole answer.
     *
     * @param more names and values of further CGI variables
     */
    public Answer ask(String method, String query, String body, String... more) throws IOException {
        try (SocketChannel channel = begin(method, query, body, more)) {
            return receive(new DataInputStream(Channels.newInputStream(channel)));
        }
    }

    /** Sends a part of a body, and waits for the answer. */
    public Answer stall(String part) throws IOException {
        try (SocketChannel channel = open("POST", "", part)) {
            return receive(new DataInputStream(Channels.newInputStream(channel)));
        }
    }

    /** Sends a request; its answer is to come on the channel. */
    public SocketChannel begin(String method, String query, String body, String... more)
            throws IOException {
        SocketChannel channel = open(method, query, body, more);
        record(new DataOutputStream(Channels.newOutputStream(channel)), STDIN, new byte[0]);
        return channel;
    }

    /** Sends a request but for the end of its body. */
    private SocketChannel open(String method, String query, String body, String... more)
            throws IOException {
        Map<String, String> params = new LinkedHashMap<>();
        params.put("REQUEST_METHOD", method);
        params.put("QUERY_STRING", query);
        params.put("HTTP_HOST", "127.0.0.1:8080");
        for (int i = 0; i < more.length; i += 2) {
            params.put(more[i], more[i + 1]);
        }
        SocketChannel channel = SocketChannel.open(application);
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
        record(out, BEGIN_REQUEST, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        DataOutputStream pairs = new DataOutputStream(encoded);
        for (Map.Entry<String, String> param : params.entrySet()) {
            pairs.writeInt(param.getKey().length() | 0x80000000);
            pairs.writeInt(param.getValue().length() | 0x80000000);
            pairs.write(param.getKey().getBytes(ISO_8859_1));
            pairs.write(param.getValue().getBytes(ISO_8859_1));
        }
        byte[] all = encoded.toByteArray();
        for (int from = 0; from < all.length; from += MOST_CONTENT) {
            int to = Math.min(all.length, from + MOST_CONTENT);
            record(out, PARAMS, Arrays.copyOfRange(all, from, to));
        }
        record(out, PARAMS, new byte[0]);
        if (!body.isEmpty()) {
            record(out, STDIN, body.getBytes(ISO_8859_1));
        }
        return channel;
    }

    private static void record(DataOutputStream out, int type, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream whole = new DataOutputStream(bytes);
        whole.write(new byte[] {1, (byte) type, 0, 1});
        whole.writeShort(content.length);
        whole.writeShort(0);
        whole.write(content);
        out.write(bytes.toByteArray());
    }

    private static Answer receive(DataInputStream in) throws IOException {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        while (true) {
            in.readByte();
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            byte[] content = new byte[in.readUnsignedShort()];
            int padding = in.readUnsignedByte();
            in.readByte();
            in.readFully(content);
            in.skipNBytes(padding);
            if (type == END_REQUEST) {
                String all = stdout.toString(UTF_8);
                int end = all.indexOf("\r\n\r\n") + 4;
                return new Answer(all.substring(0, end), all.substring(end));
            } else if (type == STDOUT) {
                stdout.write(content);
            }
        }
    }
}
