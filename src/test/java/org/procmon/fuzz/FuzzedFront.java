package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.procmon.fastcgi.RecordedFailures;
import org.procmon.front.Front;
import org.procmon.front.FrontSecrets;
import org.procmon.front.config.FrontConfigReader;
import org.procmon.http.Handler;

/** The HTTP front in this process, and what clients send to it. */
final class FuzzedFront implements AutoCloseable {
    /** Much longer than any answer takes. */
    private static final int MOST_MILLIS = 30_000;

    private final RecordedFailures bugs = new RecordedFailures();
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final Front front;

    /**
     * @param json the configuration, with single quotes
     * @param file where it is written
     */
    FuzzedFront(String json, Path file, Handler control) throws IOException {
        Files.writeString(file, json.replace('\'', '"'));
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        address = (InetSocketAddress) listener.getLocalAddress();
        front =
                Front.serve(
                        FrontConfigReader.read(file),
                        List.of(listener),
                        FrontSecrets.none(),
                        control,
                        new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
                        bugs);
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(MOST_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /**
     * All that the front answers until it closes the connection.
     *
     * @throws java.net.SocketTimeoutException if it does neither
     */
    byte[] exchange(byte[] request) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
            } catch (IOException _) {
                // It has closed already, perhaps after an answer.
            }
            byte[] buffer = new byte[8192];
            int count = read(socket.getInputStream(), buffer);
            while (count >= 0) {
                received.write(buffer, 0, count);
                count = read(socket.getInputStream(), buffer);
            }
        }
        return received.toByteArray();
    }

    private static int read(InputStream in, byte[] buffer) throws IOException {
        try {
            return in.read(buffer);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException _) {
            // It closed before it had read everything.
            return -1;
        }
    }

    List<?> bugs() {
        return bugs.seen();
    }

    /** A connection for many requests, each of which is answered before the next one is sent. */
    static final class Client implements AutoCloseable {
        private final FuzzedFront server;
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();

        Client(FuzzedFront server) {
            this.server = server;
        }

        /** The whole answer, whose body has a length. */
        String ask(String request) throws IOException {
            boolean isNew = !socket.isConnected() || socket.isClosed();
            try {
                return answer(request);
            } catch (IOException e) {
                socket.close();
                if (isNew) {
                    throw e;
                }
                // It closed after the answer before this one.
                return answer(request);
            }
        }

        private String answer(String request) throws IOException {
            if (!socket.isConnected() || socket.isClosed()) {
                socket = server.connect();
                in = new BufferedInputStream(socket.getInputStream());
            }
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("closed after " + head);
                }
                head.append((char) c);
            }
            String text = head.toString();
            String length = text.replaceAll("(?s).*\r\nContent-Length: (\\d+)\r\n.*", "$1");
            byte[] body = in.readNBytes(length.equals(text) ? 0 : Integer.parseInt(length));
            if (text.contains("Connection: close")) {
                socket.close();
            }
            return text + new String(body, ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        front.close();
        listener.close();
    }
}
