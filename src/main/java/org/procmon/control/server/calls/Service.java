package org.procmon.control.server.calls;

import java.time.InstantSource;
import java.util.Optional;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.Method;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Supervisor;

/**
 * Answers calls in three steps: {@link CallCheck} checks them, the class for their group of methods
 * runs them, and {@link Audit} records those that may change something. Runs on the threads of the
 * connections; thread-safe.
 */
public final class Service {
    private final Supervisor supervisor;
    private final CallCheck check;
    private final Audit audit;
    private final StatusCalls statusCalls;
    private final CommandCalls commandCalls;
    private final OutputCalls outputCalls;
    private final WatchCalls watchCalls;
    private final ReloadCalls reloadCalls;
    private final UpgradeCalls upgradeCalls;

    public Service(
            MonitorPorts monitorPorts,
            InstantSource wallClock,
            ClientLimits clientLimits,
            ClientLog log,
            Thread.UncaughtExceptionHandler bugs) {
        WaitLimits limits = WaitLimits.of(clientLimits);
        ReplyWaiter replyWaiter = new ReplyWaiter(clientLimits.unwatched());
        supervisor = monitorPorts.supervisor();
        check = new CallCheck(supervisor, limits);
        audit = new Audit(monitorPorts.chronicle(), log);
        statusCalls = new StatusCalls(monitorPorts, wallClock);
        commandCalls = new CommandCalls(supervisor, statusCalls, limits, replyWaiter, bugs);
        outputCalls = new OutputCalls(monitorPorts, limits);
        watchCalls = new WatchCalls(supervisor, monitorPorts.chronicle(), clientLimits);
        reloadCalls = new ReloadCalls(monitorPorts.reloader(), limits, replyWaiter);
        upgradeCalls = new UpgradeCalls(monitorPorts.upgrader());
    }

    /**
     * Executes the call, and waits for the outcome if the call says so.
     *
     * @param rights the rights of the caller
     * @param client reports whether the client is still there
     * @throws InterruptedException when the server stops; the command continues
     */
    public CallReply answer(Call call, CallerRights rights, ClientLiveness client)
            throws InterruptedException {
        Optional<Method> named = Method.named(call.method());
        if (named.isEmpty()) {
            return Introspection.unknown(call.method());
        }
        Method method = named.get();
        boolean changes = CallCheck.changes(method, call);
        try {
            Optional<CallReply> problem = check.problem(method, call, rights);
            CallReply reply = problem.isPresent() ? problem.get() : run(method, call, client);
            if (changes) {
                audit.note(method, call, rights, reply);
            }
            return reply;
        } catch (InterruptedException e) {
            if (changes) {
                audit.noteUnanswered(method, call, rights);
            }
            throw e;
        }
    }

    private CallReply run(Method method, Call call, ClientLiveness client)
            throws InterruptedException {
        return switch (method) {
            case LIST -> statusCalls.list(call);
            case STATUS -> statusCalls.status(call);
            case EXPLAIN -> statusCalls.explain(call.names().getFirst());
            case POOLS -> statusCalls.pools(call.names());
            case TIME_LIMITS -> statusCalls.timeLimits(call.names());
            case START -> commandCalls.run(call, new Command.Start(call.names()), client);
            case STOP -> commandCalls.run(call, new Command.Stop(call.names()), client);
            case RESTART -> commandCalls.restart(call, client);
            case REFRESH -> commandCalls.run(call, new Command.Refresh(call.names()), client);
            case DELETE ->
                    commandCalls.run(call, new Command.Delete(call.names(), call.force()), client);
            case SIGNAL -> commandCalls.signal(call, client);
            case SHUTDOWN -> commandCalls.run(call, new Command.Shutdown(), client);
            case READ_OUTPUT -> outputCalls.first(call);
            case REOPEN -> outputCalls.reopen();
            case WATCH -> watchCalls.first(call);
            case CHECK -> reloadCalls.check();
            case RELOAD -> reloadCalls.reload(call, client);
            case SCALE -> reloadCalls.scale(call, client);
            case UPGRADE -> upgradeCalls.upgrade(call.waits());
            case GET_INFO -> Introspection.about();
            case GET_INTERFACE_DESCRIPTION -> Introspection.description(call.interfaceName());
        };
    }

    /** Whether the call needs so much work that clients take turns. */
    public static boolean isMuchWork(Call call) {
        return call.usage() || call.method().equals(Method.CHECK.wireName());
    }

    /** The approximate memory of a call in progress, in bytes. */
    public long weight(Call call) {
        long usage = call.usage() ? supervisor.snapshot().processes().size() : 0;
        long workers = Math.min(workers(call), ClientLimits.MOST_WORKERS_COUNTED);
        return NameLookup.weight(call)
                + usage * ClientLimits.USAGE_BYTES
                + workers * ClientLimits.WORKER_BYTES;
    }

    /** How many workers of pools the reply may describe. */
    private long workers(Call call) {
        boolean isOfAll = call.method().equals(Method.POOLS.wireName());
        boolean isOfOne =
                call.method().equals(Method.STATUS.wireName())
                        || call.method().equals(Method.EXPLAIN.wireName());
        return isOfAll || isOfOne
                ? supervisor.snapshot().processes().stream()
                        .flatMap(view -> view.spec().instance().stream())
                        .filter(one -> isOfAll || call.names().contains(one.group()))
                        .count()
                : 0;
    }

    /**
     * The next reply to a call whose last one said that it continues. Waits until there is
     * something to report, or the follower is cancelled.
     *
     * @param position the last reply's
     * @throws InterruptedException when the server stops
     */
    public CallReply next(Call call, String position, OutputFollower outputFollower)
            throws InterruptedException {
        return call.method().equals(Method.WATCH.wireName())
                ? watchCalls.next(call, Long.parseLong(position), outputFollower)
                : outputCalls.next(call, position, outputFollower);
    }

    /** The list of all processes. */
    public CallReply list() {
        return statusCalls.listAll();
    }
}
