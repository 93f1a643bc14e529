package org.procmon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.procmon.fastcgi.AllowedPeers;
import org.procmon.fastcgi.Responder;
import org.procmon.fastcgi.ResponderHandler;
import org.procmon.fastcgi.ResponderLimits;
import org.procmon.front.config.FrontConfig;
import org.procmon.front.config.FrontConfigReader;
import org.procmon.http.Handler;
import org.procmon.http.HttpAnswer;

/** A front in this process, FastCGI applications behind it, and clients. */
final class FrontStage implements AutoCloseable {
    private static final int MOST_MILLIS = 60_000;

    private final Path folder;
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final List<Closeable> open = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private InetSocketAddress address = new InetSocketAddress(0);

    FrontStage(Path folder) {
        this.folder = folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private void bug(Thread thread, Throwable bug) {
        bugs.add(bug);
    }

    /** Starts an application; returns its address. */
    String application(String name, ResponderHandler handler) throws IOException {
        Path socket = file(name + ".sock");
        open.addFirst(responder(socket, handler)::close);
        return "unix:" + socket;
    }

    private Responder responder(Path socket, ResponderHandler handler) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        return Responder.start(
                listener, handler, ResponderLimits.DEFAULT, AllowedPeers.any(), this::bug);
    }

    /** Starts a front of a configuration with single quotes. */
    Front serve(String json) throws IOException {
        return serve(json, (_, response) -> HttpAnswer.text("control").send(response, true));
    }

    Front serve(String json, Handler control) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) listener.getLocalAddress();
        open.addFirst(listener);
        Front front =
                Front.serve(
                        config(json),
                        List.of(listener),
                        FrontSecrets.none(),
                        control,
                        new PrintStream(log, true, UTF_8),
                        this::bug);
        open.addFirst(front::close);
        return front;
    }

    FrontConfig config(String json) throws IOException {
        Path file = Files.writeString(file("http.json"), json.replace('\'', '"'));
        return FrontConfigReader.read(file);
    }

    int port() {
        return address.getPort();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(MOST_MILLIS);
        return socket;
    }

    /** Sends a request as it is, and reads until the front closes the connection. */
    String send(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** A GET on a connection of its own; the whole answer. */
    String get(String path, String... fields) throws IOException {
        StringBuilder request =
                new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return send(request.append("Connection: close\r\n\r\n").toString());
    }

    /** The code of an answer. */
    static int code(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : -1;
    }

    /** The body of an answer that is not chunked. */
    static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** The lines of the access log. */
    List<String> log() {
        return log.toString(UTF_8).lines().toList();
    }

    @Override
    public void close() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
        if (!bugs.isEmpty()) {
            throw new AssertionError("a bug was reported", bugs.getFirst());
        }
    }
}
