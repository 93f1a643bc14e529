package org.procmon.control.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.MessageReader;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.OnBehalf;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.protocol.ReloadPlan;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.Explained;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;
import tools.jackson.core.JacksonException;

/**
 * A connection to a monitor. Calls block until they are answered. For one thread at a time, but any
 * thread may close it, which ends a waiting call. After a {@link MonitorAway} it is unusable.
 */
public final class ControlClient implements MonitorApi {
    private static final int LONGEST_REPLY = 64 << 20;

    /** The parameter for a pool, or its explanation. */
    private static final String POOL = "pool";

    private final Path socket;
    private final SocketChannel channel;
    private final CallTimeout limit;
    private final MessageReader in = new MessageReader(LONGEST_REPLY);
    private final MessageBuffer out = new MessageBuffer();
    private Optional<OnBehalf> onBehalf = Optional.empty();

    private ControlClient(Path socket, SocketChannel channel, CallTimeout limit) {
        this.socket = socket;
        this.channel = channel;
        this.limit = limit;
    }

    /** As {@link #connect(Path, CallTimeout)}, without a time limit. */
    public static ControlClient connect(Path socket) throws ControlException {
        return connect(socket, new CallTimeout(Optional.empty()));
    }

    /**
     * Connects to the monitor behind a socket.
     *
     * @param limit the time limit of this and all later calls together
     * @throws MonitorAway if there is no socket, or no listener
     * @throws CallFailed with {@link ErrorName#NOT_PERMITTED} if this user may not open it
     * @throws NoAnswer if the limit passes
     */
    public static ControlClient connect(Path socket, CallTimeout limit) throws ControlException {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            // The kernel blocks a client when the backlog of a hanging monitor is full.
            limit.guard(channel::close);
            return connected(socket, channel, limit);
        } catch (ConnectException _) {
            throw MonitorAway.ofNobody("no monitor listens on " + socket);
        } catch (IOException | IllegalArgumentException e) {
            if (limit.isOver()) {
                throw limit.noAnswer();
            }
            throw notConnected(socket, e);
        }
    }

    private static ControlClient connected(Path socket, SocketChannel channel, CallTimeout limit)
            throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new ControlClient(socket, channel, limit);
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void actFor(Optional<OnBehalf> sender) {
        onBehalf = sender;
    }

    @Override
    public List<ProcessRow> list(List<String> names) throws ControlException {
        return rows(Call.of(Method.LIST, names, Wait.UNTIL_DONE));
    }

    /** As {@link #list}, with resource usage. */
    public List<ProcessRow> listWithUsage(List<String> names) throws ControlException {
        return rows(Call.using(Method.LIST, names));
    }

    @Override
    public String listAsJson(List<String> names) throws ControlException {
        call(Call.using(Method.LIST, names));
        return parsed(r -> r.json("processes"));
    }

    /** The process of this name, which is no pattern. */
    public ProcessRow status(String name) throws ControlException {
        List<ProcessRow> rows = rows(Call.of(Method.STATUS, List.of(name), Wait.UNTIL_DONE));
        if (rows.size() != 1) {
            throw notUnderstood();
        }
        return rows.getFirst();
    }

    @Override
    public String statusAsJson(String name) throws ControlException {
        call(Call.using(Method.STATUS, List.of(name)));
        return parsed(r -> r.json("process", POOL));
    }

    @Override
    public List<PoolRow> pools(List<String> names) throws ControlException {
        return pools(names, ReplyReader::pools, List.of());
    }

    @Override
    public String poolsAsJson(List<String> names) throws ControlException {
        return pools(names, r -> r.json("pools"), "[]");
    }

    /**
     * @param none what a monitor of a version without pools has
     */
    private <T> T pools(List<String> names, Part<T> part, T none) throws ControlException {
        call(Call.of(Method.POOLS, names, Wait.UNTIL_DONE));
        try {
            return parsed(part);
        } catch (CallFailed e) {
            if (e.error() == ErrorName.METHOD_NOT_FOUND) {
                return none;
            }
            throw e;
        }
    }

    /** Why the process or the pool of this name is in its state. */
    public Explained explain(String name) throws ControlException {
        call(Call.of(Method.EXPLAIN, List.of(name), Wait.UNTIL_DONE));
        Optional<Explained> explanation = parsed(ReplyReader::explanation);
        if (explanation.isEmpty()) {
            throw notUnderstood();
        }
        return explanation.get();
    }

    @Override
    public String explainAsJson(String name) throws ControlException {
        call(Call.of(Method.EXPLAIN, List.of(name), Wait.UNTIL_DONE));
        return parsed(r -> r.json("explanation", POOL));
    }

    @Override
    public List<ProcessRow> start(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.START, names, wait));
    }

    @Override
    public List<ProcessRow> stop(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.STOP, names, wait));
    }

    @Override
    public List<ProcessRow> restart(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.RESTART, names, wait));
    }

    /** Makes them read their own configuration again; returns their state after that. */
    public List<ProcessRow> refresh(List<String> names, Wait wait) throws ControlException {
        return rows(Call.of(Method.REFRESH, names, wait));
    }

    /** As {@link #restart}, but one after the other: each is up before the next one stops. */
    public List<ProcessRow> roll(List<String> names, Wait wait) throws ControlException {
        return rows(Call.rolling(names, wait));
    }

    /**
     * Stops and forgets them; returns their last state.
     *
     * @param force whether also if other processes depend on them
     * @throws CallFailed with {@link ErrorName#HAS_DEPENDENTS} if other processes depend on one of
     *     them; nothing was changed then
     */
    public List<ProcessRow> delete(List<String> names, Wait wait, boolean force)
            throws ControlException {
        return rows(Call.delete(names, wait, force));
    }

    /**
     * How long these processes may take to change; all of them for no names. Empty if the monitor
     * is of a version that does not report it.
     */
    public Optional<TimeLimits> timeLimits(List<String> names) throws ControlException {
        call(Call.of(Method.TIME_LIMITS, names, Wait.UNTIL_DONE));
        try {
            return Optional.of(parsed(ReplyReader::timeLimits));
        } catch (CallFailed e) {
            if (e.error() == ErrorName.METHOD_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sends a signal, {@code HUP}, {@code SIGHUP} or {@code 1}, to the first process of each. */
    public List<ProcessRow> signal(List<String> names, String signal) throws ControlException {
        return rows(Call.signal(names, signal));
    }

    @Override
    public OutputSlice output(String name, OutputQuery query) throws ControlException {
        call(Call.output(name, query));
        return part().piece();
    }

    /** Receives pieces of output; returns false to stop. */
    @FunctionalInterface
    public interface PieceTaker {
        boolean take(OutputSlice piece);
    }

    /**
     * As {@link #output}, then new output as it is written. Returns when the monitor ends the
     * stream in order. If the taker stopped it, the connection is unusable.
     */
    public void follow(String name, OutputQuery query, PieceTaker taker) throws ControlException {
        call(Call.output(name, query.following()));
        OutputPart part = part();
        while (taker.take(part.piece()) && part.continues()) {
            receive();
            part = part();
        }
    }

    @Override
    public void watch(OptionalLong since, List<String> names, EventTaker taker)
            throws ControlException {
        call(Call.watch(since, names));
        EventPart part = eventPart();
        while (taker.take(part.events()) && part.continues()) {
            receive();
            part = eventPart();
        }
    }

    /** Makes the monitor open its log files again. */
    public void reopen() throws ControlException {
        call(Call.of(Method.REOPEN, List.of(), Wait.UNTIL_DONE));
        parsed(ReplyReader::nothing);
    }

    /**
     * Makes the monitor read its configuration again.
     *
     * @param dryRun whether only to report what would be done
     * @throws CallFailed with {@link ErrorName#CONFIGURATION_INVALID} if nothing was done, with a
     *     line for each problem
     */
    public ReloadPlan reload(boolean dryRun) throws ControlException {
        return plan(Call.reload(dryRun));
    }

    /** Sets the number of instances of a process. */
    public ReloadPlan scale(String name, int instances) throws ControlException {
        return plan(Call.scale(name, instances));
    }

    private ReloadPlan plan(Call call) throws ControlException {
        call(call);
        Optional<ReloadPlan> plan = parsed(ReplyReader::plan);
        if (plan.isEmpty()) {
            throw notUnderstood();
        }
        return plan.get();
    }

    /**
     * Replaces the monitors by the installed program.
     *
     * @param waits whether to wait until the replacement is certain to start
     * @see UpgradeWaiter
     */
    void upgrade(boolean waits) throws ControlException {
        call(Call.of(Method.UPGRADE, List.of(), waits ? Wait.UNTIL_DONE : Wait.NOT));
        parsed(ReplyReader::nothing);
    }

    /**
     * Stops all processes and then the monitors. With {@link Wait#waits} it returns when the
     * monitors have exited: the socket has no listener.
     */
    public void shutdown(Wait wait) throws ControlException {
        call(Call.of(Method.SHUTDOWN, List.of(), wait));
        parsed(ReplyReader::nothing);
        if (wait.waits()) {
            new ShutdownWaiter(socket).await(channel, limit);
        }
    }

    /** Waits until the monitor closes this connection. */
    void awaitEnd() {
        try {
            boolean open = true;
            while (open) {
                open = in.next() || in.fill(channel);
            }
        } catch (IOException _) {
            // A broken connection counts as closed.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // A failed close after the last answer does no harm.
        }
    }

    private List<ProcessRow> rows(Call call) throws ControlException {
        call(call);
        return parsed(ReplyReader::rows);
    }

    private void call(Call call) throws ControlException {
        try {
            (onBehalf.isEmpty() ? call : call.onBehalfOf(onBehalf)).write(out);
            out.sendTo(channel);
        } catch (IOException e) {
            throw limit.isOver() ? limit.noAnswer() : notSent(e);
        }
        receive();
    }

    private void receive() throws ControlException {
        try {
            while (!in.next()) {
                if (!in.fill(channel)) {
                    throw new MonitorAway(
                            "the monitor behind " + socket + " went away before it answered", true);
                }
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** The end of a call comes last, so the monitor has not got a whole one. */
    private MonitorAway notSent(IOException e) {
        return new MonitorAway(
                "the connection to the monitor behind "
                        + socket
                        + " was lost before the command was sent: "
                        + words(e)
                        + "; nothing was done, try again",
                false);
    }

    private ControlException lost(IOException e) {
        if (limit.isOver()) {
            return limit.noAnswer();
        }
        return new MonitorAway(
                "the connection to the monitor behind " + socket + " was lost: " + words(e), true);
    }

    /** Extracts a part of a reply. */
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

    private record OutputPart(OutputSlice piece, boolean continues) {}

    private OutputPart part() throws ControlException {
        OutputPart part = parsed(r -> new OutputPart(r.piece(), r.continues()));
        if (part.piece().position().isEmpty()) {
            throw notUnderstood();
        }
        return part;
    }

    private record EventPart(EventBatch events, boolean continues) {}

    private EventPart eventPart() throws ControlException {
        return parsed(r -> new EventPart(r.events(), r.continues()));
    }

    private MonitorAway notUnderstood() {
        return new MonitorAway(
                "what listens on " + socket + " does not answer like a monitor", false);
    }

    private static ControlException notConnected(Path socket, Exception e) {
        if (!(e instanceof SocketException) || !words(e).contains("ermission denied")) {
            return Files.exists(socket)
                    ? new MonitorAway(
                            "no monitor can be reached on " + socket + ": " + words(e), false)
                    : MonitorAway.ofNobody("there is no monitor: no socket " + socket);
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
