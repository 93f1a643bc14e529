package org.procmon.control.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.MessageReader;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.Wait;
import tools.jackson.core.JacksonException;

/**
 * A connection to a monitor. Calls block until they are answered. For one thread at a time, but any
 * thread may close it, which ends a call that waits. After a {@link MonitorAway} it is of no more
 * use.
 */
public final class ControlClient implements AutoCloseable {
    private static final int LONGEST_REPLY = 64 << 20;

    private final Path socket;
    private final SocketChannel channel;
    private final MessageReader in = new MessageReader(LONGEST_REPLY);
    private final MessageBuffer out = new MessageBuffer();

    private ControlClient(Path socket, SocketChannel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    /**
     * Connects to the monitor behind a socket.
     *
     * @throws MonitorAway if there is no socket, or nobody listens
     * @throws CallFailed with {@link ErrorName#NOT_PERMITTED} if this user may not open it
     */
    public static ControlClient connect(Path socket) throws ControlException {
        try {
            return new ControlClient(
                    socket, SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (ConnectException _) {
            throw new MonitorAway("no monitor listens on " + socket);
        } catch (IOException | IllegalArgumentException e) {
            throw notConnected(socket, e);
        }
    }

    /**
     * The processes of these names and patterns, the monitors first; all of them for no names.
     *
     * @throws CallFailed with {@link ErrorName#NO_SUCH_PROCESS} if one of them matches none
     */
    public List<ProcessRow> list(List<String> names) throws ControlException {
        return rows(Call.of(Method.LIST, names, Wait.UNTIL_DONE));
    }

    /** As {@link #list}, as the JSON array that the monitor sent. */
    public String listAsJson(List<String> names) throws ControlException {
        call(Call.of(Method.LIST, names, Wait.UNTIL_DONE));
        return parsed(r -> r.json("processes"));
    }

    /** The one process of this name, which is no pattern. */
    public ProcessRow status(String name) throws ControlException {
        List<ProcessRow> rows = rows(Call.of(Method.STATUS, List.of(name), Wait.UNTIL_DONE));
        if (rows.size() != 1) {
            throw notUnderstood();
        }
        return rows.getFirst();
    }

    /** As {@link #status}, as the JSON object that the monitor sent. */
    public String statusAsJson(String name) throws ControlException {
        call(Call.of(Method.STATUS, List.of(name), Wait.UNTIL_DONE));
        return parsed(r -> r.json("process"));
    }

    /** Wants them up; returns them as they are then. */
    public List<ProcessRow> start(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.START, names, wait));
    }

    /** Wants them down; returns them as they are then. */
    public List<ProcessRow> stop(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.STOP, names, wait));
    }

    /** Wants them up by a new run; returns them as they are then. */
    public List<ProcessRow> restart(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.RESTART, names, wait));
    }

    /** Stops and forgets them; returns them as they last were. */
    public List<ProcessRow> delete(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.DELETE, names, wait));
    }

    /** Sends a signal, {@code HUP}, {@code SIGHUP} or {@code 1}, to the group of each. */
    public List<ProcessRow> signal(List<String> names, String signal) throws ControlException {
        return rows(Call.signal(names, signal));
    }

    /**
     * Stops all processes and then the monitors. With {@link Wait#waits} it returns when they are
     * gone, or at least no longer serve this connection.
     */
    public void shutdown(Wait wait) throws ControlException {
        call(Call.of(Method.SHUTDOWN, List.of(), wait));
        parsed(ReplyReader::nothing);
        if (wait.waits()) {
            awaitEnd();
        }
    }

    /** Ends the connection; a call that waits in another thread fails. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing was promised about what comes after the last answer.
        }
    }

    private List<ProcessRow> rows(Call call) throws ControlException {
        call(call);
        return parsed(ReplyReader::rows);
    }

    private void call(Call call) throws MonitorAway {
        try {
            call.write(out);
            out.sendTo(channel);
            while (!in.next()) {
                if (!in.fill(channel)) {
                    throw new MonitorAway(
                            "the monitor behind " + socket + " went away before it answered");
                }
            }
        } catch (IOException e) {
            throw new MonitorAway(
                    "the connection to the monitor behind " + socket + " was lost: " + words(e));
        }
    }

    /** What is to be taken from a reply. */
    private interface Part<T> {
        T of(ReplyReader reply) throws CallFailed;
    }

    private <T> T parsed(Part<T> part) throws ControlException {
        try (ReplyReader reply = new ReplyReader(in.bytes(), in.offset(), in.length())) {
            return part.of(reply);
        } catch (JacksonException _) {
            throw notUnderstood();
        }
    }

    private MonitorAway notUnderstood() {
        return new MonitorAway("what listens on " + socket + " does not answer like a monitor");
    }

    private void awaitEnd() {
        try {
            boolean open = true;
            while (open) {
                open = in.next() || in.fill(channel);
            }
        } catch (IOException _) {
            // A connection that broke has ended too.
        }
    }

    private static ControlException notConnected(Path socket, Exception e) {
        if (!(e instanceof SocketException) || !words(e).contains("ermission denied")) {
            return new MonitorAway(
                    Files.exists(socket)
                            ? "no monitor can be reached on " + socket + ": " + words(e)
                            : "there is no monitor: no socket " + socket);
        }
        String user = System.getProperty("user.name", "?");
        return new CallFailed(
                ErrorName.NOT_PERMITTED,
                "",
                "the user "
                        + user
                        + " may not open "
                        + socket
                        + "; control.socket_group would have to name a group of that user");
    }

    private static String words(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
