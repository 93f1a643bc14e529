package org.procmon.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.MessageReader;

/** A monitor's control socket with canned answers. */
public final class FakeMonitor implements AutoCloseable {
    /** Two processes as a monitor tells them. */
    static final String SLEEP1 = row("sleep1", "running", 32583, 40, 13_999, "sleep 18");

    static final String SLEEP2 =
            row("sleep2", "backoff", 4711, 2, 722_000, "sh -c \\\"a \\\\\\\\ b\\\"");

    static final String WHY =
            "{\"process\":"
                    + SLEEP2
                    + ",\"chain\":[],\"last_words\":[\"oops\"],\"outlook\":\"it starts again in"
                    + " 3.0 s\"}";

    private final Path socket;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Function<Call, Optional<String>> behaviour;
    public final List<Call> calls = new CopyOnWriteArrayList<>();
    public final AtomicInteger accepted = new AtomicInteger();

    /**
     * @param behaviour the reply to a call; an empty one closes the connection without a reply
     */
    public FakeMonitor(Path socket, Function<Call, Optional<String>> behaviour) throws IOException {
        this.socket = socket;
        this.behaviour = behaviour;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), 128);
        Thread.startVirtualThread(this::accept);
    }

    /** Behaves like a monitor with two processes, of which none does anything. */
    public static Optional<String> usual(Call call) {
        String method = call.method().substring(call.method().lastIndexOf('.') + 1);
        String name = call.names().isEmpty() ? "" : call.names().getFirst();
        if (method.equals("List")) {
            return Optional.of(list());
        }
        if (method.equals("Pools")) {
            return Optional.of("{\"parameters\":{\"pools\":[]}}");
        }
        if (method.equals("Explain") && name.equals("sleep2")) {
            return Optional.of("{\"parameters\":{\"explanation\":" + WHY + "}}");
        }
        if (method.equals("ReadOutput") && name.equals("full")) {
            String losing = ",\"losing\":\"cannot write full.log:\\nNo space\"}}";
            return Optional.of(output("x\n").replace("}}", losing));
        }
        if (method.equals("ReadOutput") && !name.equals("lost")) {
            return Optional.of(
                    name.equals("sleep1")
                            ? output(call.output().stream() + " \u0000\u00e9\n")
                            : error("NoOutput", name, "its stdout goes to /dev/null"));
        }
        return Optional.of(
                switch (name) {
                    case "sleep1", "sleep3" ->
                            method.equals("Status") ? process(SLEEP1) : rows(SLEEP1);
                    case "sleep2" -> method.equals("Status") ? process(SLEEP2) : rows(SLEEP2);
                    case "unkept" ->
                            rows(
                                    "{\"name\":\"unkept\",\"state\":\"stopped\",\"unkept\":\"no\\nroom\"}");
                    case "broken" ->
                            error(
                                    "Failed",
                                    "broken",
                                    "cannot execute '/no/\\\"such\\\"': No such file or directory");
                    case "slow" -> error("TimedOut", "slow", "it waits for db");
                    case "secret" -> error("NotPermitted", "", "the user web is no operator");
                    case "late" -> error("ShuttingDown", "", "");
                    case "procmon1" -> error("InvalidName", "procmon1", "procmon1 is a monitor");
                    default -> error("NoSuchProcess", name, "");
                });
    }

    /** A reply with a byte for each char. */
    static String output(String bytes) {
        return "{\"parameters\":{\"data\":\""
                + Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1))
                + "\",\"position\":\"1:2\",\"skipped\":false}}";
    }

    public static String list() {
        return rows(SLEEP1 + "," + SLEEP2);
    }

    public static String rows(String rows) {
        return "{\"parameters\":{\"processes\":[" + rows + "]}}";
    }

    static String process(String row) {
        return "{\"parameters\":{\"process\":" + row + "}}";
    }

    static String error(String error, String name, String reason) {
        return "{\"error\":\"org.procmon.Monitor."
                + error
                + "\",\"parameters\":{\"name\":\""
                + name
                + "\",\"reason\":\""
                + reason
                + "\"}}";
    }

    static String row(
            String name, String state, int pid, int runs, long ageMs, String escapedExec) {
        return "{\"name\":\""
                + name
                + "\",\"state\":\""
                + state
                + "\",\"goal\":\"up\",\"pid\":"
                + pid
                + ",\"runcount\":"
                + runs
                + ",\"restarts\":"
                + (runs - 1)
                + ",\"since\":\"2026-01-01T00:00:00Z\",\"age_ms\":"
                + ageMs
                + ",\"exec\":\""
                + escapedExec
                + "\",\"cause\":\"started\",\"depends\":[]}";
    }

    /** Closes all connections, as a monitor does that dies; a new one may take its place. */
    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(socket);
            dropConnections();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void dropConnections() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }

    int openConnections() {
        return connections.size();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                connections.add(connection);
                accepted.incrementAndGet();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (ClosedChannelException e) {
            // The test is over, or the monitor is to die.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            MessageReader in = new MessageReader(1 << 20);
            while (true) {
                while (!in.next()) {
                    if (!in.fill(connection)) {
                        return;
                    }
                }
                Call call = Call.read(in.bytes(), in.offset(), in.length());
                calls.add(call);
                Optional<String> reply = behaviour.apply(call);
                if (reply.isEmpty()) {
                    return;
                }
                MessageBuffer out = new MessageBuffer();
                byte[] bytes = reply.get().getBytes(StandardCharsets.UTF_8);
                out.write(bytes, 0, bytes.length);
                out.sendTo(connection);
            }
        } catch (ClosedChannelException e) {
            // Dropped by the test.
        } catch (IOException | Call.NotACall e) {
            throw new IllegalStateException(e);
        } finally {
            connections.remove(connection);
        }
    }
}
