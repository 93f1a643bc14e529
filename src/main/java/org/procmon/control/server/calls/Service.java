package org.procmon.control.server.calls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.procmon.config.NamePattern;
import org.procmon.config.Signal;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Explanation;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.Method.Parameter;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.control.server.replies.RowMapper;
import org.procmon.control.server.replies.UsageRows;
import org.procmon.lifecycle.RunHealth;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.status.StateText;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookSource;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.Supervisor;
import org.procmon.supervise.port.UsageSource;

/** Answers calls. Runs on the threads of the connections; thread-safe. */
public final class Service {
    private static final Parameter[] PARAMETERS = Parameter.values();
    private static final List<String> EVERYTHING = List.of(NamePattern.EVERY_NAME);

    /** How long a read-only call may wait for the monitor's first snapshot. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    private static final String TAKING_OVER =
            "the monitor is still taking over what another one has left";

    private final Supervisor supervisor;
    private final OutputSource output;
    private final HookSource hooks;
    private final UsageSource usage;
    private final UpgradeCalls upgradeCalls;
    private final OutputCalls outputCalls;
    private final WatchCalls watchCalls;
    private final Audit audit;
    private final ReloadCalls reloadCalls;
    private final InstantSource wallClock;
    private final Duration longestWait;
    private final Duration longestLook;
    private final ReplyWaiter replyWaiter;
    private final ClientLog log;
    private final Thread.UncaughtExceptionHandler bugs;

    public Service(
            MonitorPorts monitorPorts,
            InstantSource wallClock,
            ClientLimits clientLimits,
            ClientLog log,
            Thread.UncaughtExceptionHandler bugs) {
        this.log = log;
        this.bugs = bugs;
        this.supervisor = monitorPorts.supervisor();
        this.output = monitorPorts.output();
        this.hooks = monitorPorts.hooks();
        this.usage = monitorPorts.usage();
        this.upgradeCalls = new UpgradeCalls(monitorPorts.upgrader());
        this.outputCalls = new OutputCalls(monitorPorts, clientLimits);
        this.watchCalls = new WatchCalls(supervisor, monitorPorts.chronicle(), clientLimits);
        this.audit = new Audit(monitorPorts.chronicle(), log);
        this.reloadCalls = new ReloadCalls(monitorPorts.reloader());
        this.wallClock = wallClock;
        this.longestWait = clientLimits.longestWait();
        this.longestLook = longestWait.compareTo(LONGEST_LOOK) < 0 ? longestWait : LONGEST_LOOK;
        this.replyWaiter = new ReplyWaiter(clientLimits.unwatched());
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
        Optional<Method> method = Method.named(call.method());
        if (method.isEmpty()) {
            return Introspection.unknown(call.method());
        }
        return needed(method.get()) == Access.Right.LOOK || call.dryRun()
                ? checked(method.get(), call, rights, client)
                : noted(method.get(), call, rights, client);
    }

    private CallReply noted(Method method, Call call, CallerRights rights, ClientLiveness client)
            throws InterruptedException {
        try {
            CallReply callReply = checked(method, call, rights, client);
            audit.note(method, call, rights, callReply);
            return callReply;
        } catch (InterruptedException e) {
            audit.noteUnanswered(method, call, rights);
            throw e;
        }
    }

    private CallReply checked(Method method, Call call, CallerRights rights, ClientLiveness client)
            throws InterruptedException {
        if (rights.right().compareTo(needed(method)) < 0) {
            return CallReply.TextReply.error(ErrorName.NOT_PERMITTED, "reason", rights.refusal());
        }
        if (!call.excess().isEmpty()) {
            return CallReply.TextReply.error(ErrorName.TOO_LARGE, "reason", call.excess());
        }
        Optional<CallReply> problem = parameterProblem(method, call);
        return problem.isPresent() ? problem.get() : answer(method, call, client);
    }

    /** Whether the call needs so much work that clients take turns. */
    public static boolean isMuchWork(Call call) {
        return call.usage() || call.method().equals(Method.CHECK.wireName());
    }

    /** The approximate memory of a call in progress, in bytes. */
    public long weight(Call call) {
        long usage = call.usage() ? supervisor.snapshot().processes().size() : 0;
        return NameLookup.weight(call) + usage * ClientLimits.USAGE_BYTES;
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

    private CallReply answer(Method method, Call call, ClientLiveness client)
            throws InterruptedException {
        if (looks(method, call) && !supervisor.isReady(longestLook)) {
            return timedOut("", TAKING_OVER);
        }
        return switch (method) {
            case LIST ->
                    call.usage() ? UsageRows.added(list(call.names()), usage) : list(call.names());
            case STATUS -> {
                CallReply status = status(call.names().getFirst());
                yield call.usage() ? UsageRows.added(status, usage) : status;
            }
            case EXPLAIN -> explain(call.names().getFirst());
            case START -> command(call, new Command.Start(call.names()), client);
            case STOP -> command(call, new Command.Stop(call.names()), client);
            case RESTART ->
                    command(
                            call,
                            call.rolling()
                                    ? new Command.Roll(call.names())
                                    : new Command.Restart(call.names()),
                            client);
            case REFRESH -> command(call, new Command.Refresh(call.names()), client);
            case DELETE -> command(call, new Command.Delete(call.names(), call.force()), client);
            case SIGNAL -> {
                Optional<Signal> signal = Signal.parse(call.signal());
                yield signal.isPresent()
                        ? command(call, new Command.SendSignal(call.names(), signal.get()), client)
                        : badParameter(Parameter.SIGNAL.wireName());
            }
            case READ_OUTPUT -> outputCalls.first(call);
            case WATCH -> watchCalls.first(call);
            case TIME_LIMITS -> timeLimits(call.names());
            case REOPEN ->
                    output.reopen(longestLook)
                            ? CallReply.TextReply.none()
                            : timedOut("", "the monitor has not opened its log files again yet");
            case CHECK -> reloadCalls.check();
            case RELOAD -> reloaded(reloadCalls.reload(call), call, client);
            case SCALE -> {
                Optional<CallReply> problem = ReloadCalls.problem(call.names().getFirst());
                yield problem.isPresent()
                        ? problem.get()
                        : reloaded(reloadCalls.scale(call), call, client);
            }
            case UPGRADE -> upgradeCalls.upgrade(call.waits());
            case SHUTDOWN -> command(call, new Command.Shutdown(), client);
            case GET_INFO -> Introspection.about();
            case GET_INTERFACE_DESCRIPTION -> Introspection.description(call.interfaceName());
        };
    }

    /** Whether the call is answered from a snapshot. */
    private static boolean looks(Method method, Call call) {
        return switch (method) {
            case LIST, STATUS, EXPLAIN, READ_OUTPUT, TIME_LIMITS -> true;
            case START, STOP, RESTART, REFRESH, DELETE, SIGNAL -> !call.waits() || call.oneway();
            case WATCH -> WatchCalls.needsProcesses(call);
            case REOPEN,
                    CHECK,
                    RELOAD,
                    SCALE,
                    UPGRADE,
                    SHUTDOWN,
                    GET_INFO,
                    GET_INTERFACE_DESCRIPTION ->
                    false;
        };
    }

    private static Access.Right needed(Method method) {
        return switch (method) {
            case LIST,
                    STATUS,
                    EXPLAIN,
                    READ_OUTPUT,
                    WATCH,
                    TIME_LIMITS,
                    CHECK,
                    GET_INFO,
                    GET_INTERFACE_DESCRIPTION ->
                    Access.Right.LOOK;
            case START,
                    STOP,
                    RESTART,
                    REFRESH,
                    DELETE,
                    SIGNAL,
                    REOPEN,
                    RELOAD,
                    SCALE,
                    UPGRADE,
                    SHUTDOWN ->
                    Access.Right.OPERATE;
        };
    }

    private static Optional<CallReply> parameterProblem(Method method, Call call) {
        if (!call.invalid().isEmpty()) {
            return Optional.of(badParameter(call.invalid()));
        }
        for (Parameter parameter : PARAMETERS) {
            boolean wrong = call.gives(parameter) && !method.takes(parameter);
            boolean missing = !call.gives(parameter) && method.needs(parameter);
            if (wrong || missing) {
                return Optional.of(badParameter(parameter.wireName()));
            }
        }
        return method.needs(Parameter.NAMES) && call.names().isEmpty()
                ? Optional.of(badParameter(Parameter.NAMES.wireName()))
                : Optional.empty();
    }

    private static CallReply badParameter(String name) {
        return CallReply.TextReply.error(ErrorName.INVALID_PARAMETER, "parameter", name);
    }

    public CallReply list(List<String> names) {
        Snapshot snapshot = supervisor.snapshot();
        RowMapper rowMapper = rows();
        List<MonitorView> monitors = snapshot.monitors();
        List<ProcessView> processes = snapshot.processes();
        if (!names.isEmpty()) {
            Optional<CallReply> problem = NameLookup.problem(names);
            if (problem.isPresent()) {
                return problem.get();
            }
            Set<String> notMonitors = new HashSet<>();
            List<String> notProcesses = new ArrayList<>();
            monitors = NameLookup.select(monitors, m -> List.of(m.name()), names, notMonitors);
            processes = NameLookup.select(processes, NameLookup::of, names, notProcesses);
            notProcesses.retainAll(notMonitors);
            if (!notProcesses.isEmpty()) {
                return noSuchProcess(notProcesses.getFirst());
            }
        }
        return many(rowMapper, monitors, processes);
    }

    /** Each row is created when it is sent, so that a slow reader holds none of the others. */
    private static CallReply many(
            RowMapper rowMapper, List<MonitorView> monitors, List<ProcessView> processes) {
        return new CallReply.ProcessList(() ->
                Stream.concat(
                                monitors.stream().map(rowMapper::of),
                                processes.stream().map(rowMapper::of))
                        .iterator());
    }

    private CallReply status(String name) {
        Snapshot snapshot = supervisor.snapshot();
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(name)) {
                return new CallReply.SingleProcess(rows().of(monitor));
            }
        }
        Optional<ProcessView> process = snapshot.process(name);
        if (process.isPresent()) {
            return new CallReply.SingleProcess(rows().of(process.get()));
        }
        return NameLookup.problem(List.of(name)).orElseGet(() -> noSuchProcess(name));
    }

    private CallReply explain(String name) {
        Optional<Explanation> explanation =
                new Explainer(supervisor.snapshot(), rows(), supervisor.now(), output).of(name);
        return explanation
                .map(e -> name.equals(Snapshot.PRIMARY) ? withStall(e) : e)
                .<CallReply>map(CallReply.ExplanationReply::new)
                .orElseGet(() ->
                        NameLookup.problem(List.of(name)).orElseGet(() -> noSuchProcess(name)));
    }

    /** A name without a process adds nothing: the command itself reports that. */
    private CallReply timeLimits(List<String> given) {
        List<ProcessView> all = supervisor.snapshot().processes();
        List<String> names = given.isEmpty() ? EVERYTHING : given;
        List<ProcessView> named =
                NameLookup.problem(names).isPresent()
                        ? List.of()
                        : NameLookup.select(all, NameLookup::of, names, new ArrayList<>());
        return new CallReply.Limited(new ProcessTimeouts(all, named).limits());
    }

    private Explanation withStall(Explanation explanation) {
        return supervisor
                .stall()
                .map(stall ->
                        new Explanation(
                                explanation.process(),
                                explanation.chain(),
                                explanation.lastWords(),
                                "the monitor has made no progress for %s; %s"
                                        .formatted(
                                                StateText.duration(stall), explanation.outlook())))
                .orElse(explanation);
    }

    private CallReply command(Call call, Command command, ClientLiveness client)
            throws InterruptedException {
        List<String> names = command instanceof Command.Shutdown ? EVERYTHING : call.names();
        Optional<CallReply> problem = NameLookup.problemOfCommand(command, names);
        if (problem.isPresent()) {
            return problem.get();
        }
        if (call.waits() && !call.oneway()) {
            return outcome(call.names(), limit(call), command, supervisor.submit(command), client);
        }
        return accepted(call, command, names);
    }

    /**
     * The rolling restart must be ended when it makes no progress, even if no client waits for it.
     */
    private void rollDetached(Command command, List<String> names, CompletableFuture<Reply> reply) {
        long limit = longestWait.toMillis();
        try {
            CallReply callReply = outcome(names, limit, command, reply, ClientLiveness.UNSEEN);
            if (callReply instanceof CallReply.TextReply) {
                log.info("a rolling restart failed: " + callReply);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answer to a command that no client waits for: as much as is known at once. */
    private CallReply accepted(Call call, Command command, List<String> names)
            throws InterruptedException {
        Snapshot snapshot = supervisor.snapshot();
        if (wantsUp(command) && snapshot.shuttingDown()) {
            return CallReply.TextReply.error(ErrorName.SHUTTING_DOWN);
        }
        boolean shutdown = command instanceof Command.Shutdown;
        List<String> unmatched = new ArrayList<>();
        List<ProcessView> meant =
                NameLookup.select(snapshot.processes(), NameLookup::of, names, unmatched);
        if (!backup(snapshot, names).isEmpty()) {
            unmatched.remove(NameLookup.BACKUP);
        }
        if (!shutdown && !unmatched.isEmpty()) {
            return noSuchProcess(unmatched.getFirst());
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        CompletableFuture<Reply> reply = supervisor.submit(command, taken);
        if (!isTaken(taken, call)) {
            return late(command, names);
        }
        if (reply.state() == Future.State.SUCCESS) {
            return answer(command, names, reply.resultNow());
        }
        if (command instanceof Command.Roll) {
            Thread _ =
                    Thread.ofVirtual()
                            .uncaughtExceptionHandler(bugs)
                            .start(() -> rollDetached(command, names, reply));
        } else {
            // No client waits for the outcome, so the loop need not watch for it.
            reply.cancel(false);
        }
        return shutdown ? CallReply.TextReply.none() : processes(names, meant);
    }

    /** Waits until the decision is stored: from then on it survives any monitor. */
    private boolean isTaken(CompletableFuture<Void> taken, Call call) throws InterruptedException {
        try {
            long limit = Math.min(limit(call), longestLook.toMillis());
            Void _ = taken.get(limit, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot take a command", e.getCause());
        }
    }

    /** How long a call may wait, in milliseconds. */
    private long limit(Call call) {
        return Math.min(call.timeoutMs().orElse(Long.MAX_VALUE), longestWait.toMillis());
    }

    private CallReply outcome(
            List<String> names,
            long limit,
            Command command,
            CompletableFuture<Reply> reply,
            ClientLiveness client)
            throws InterruptedException {
        try {
            return answer(command, names, replyWaiter.await(reply, limit, client));
        } catch (TimeoutException _) {
            reply.cancel(false);
            return late(command, names);
        } catch (CancellationException _) {
            return CallReply.TextReply.error(ErrorName.SHUTTING_DOWN);
        } catch (ExecutionException e) {
            return failed("", "the monitor could not do it: " + e.getCause());
        } catch (InterruptedException e) {
            reply.cancel(false);
            throw e;
        }
    }

    private CallReply reloaded(
            CompletableFuture<Reloader.Outcome> outcome, Call call, ClientLiveness client)
            throws InterruptedException {
        try {
            return ReloadCalls.answer(replyWaiter.await(outcome, limit(call), client));
        } catch (TimeoutException _) {
            outcome.cancel(false);
            return timedOut("", "the monitor has not started it yet");
        } catch (ExecutionException e) {
            return failed("", "the monitor could not do it: " + e.getCause());
        } catch (InterruptedException e) {
            outcome.cancel(false);
            throw e;
        }
    }

    private CallReply answer(Command command, List<String> names, Reply reply) {
        return switch (reply) {
            case Reply.Done done ->
                    command instanceof Command.Shutdown
                            ? CallReply.TextReply.none()
                            : processes(names, done.processes());
            case Reply.NoSuchProcess missing -> noSuchProcess(missing.name());
            case Reply.Failed failed -> failed(failed.name(), failed.reason());
            case Reply.HasDependents has ->
                    CallReply.TextReply.error(
                            ErrorName.HAS_DEPENDENTS, "name", has.name(), "reason", has.reason());
            case Reply.Planned _ -> throw new IllegalStateException("a plan was not asked for");
            case Reply.ShuttingDown _ -> CallReply.TextReply.error(ErrorName.SHUTTING_DOWN);
        };
    }

    /** Names the first process that did not reach its goal, and what it is doing instead. */
    private CallReply late(Command command, List<String> given) throws InterruptedException {
        if (!supervisor.isReady(Duration.ZERO)) {
            return timedOut("", TAKING_OVER);
        }
        boolean up = wantsUp(command);
        List<String> names = command instanceof Command.Shutdown ? EVERYTHING : given;
        List<ProcessView> meant =
                NameLookup.select(
                        supervisor.snapshot().processes(),
                        NameLookup::of,
                        names,
                        new ArrayList<>());
        String name = "";
        String reason = "it finished just after the timeout";
        for (ProcessView view : meant) {
            boolean busy = command instanceof Command.Roll && isBusyWithItself(view);
            if (name.isEmpty() && (busy || isUnderWay(view, up))) {
                name = view.name();
                reason =
                        "it is %s: %s"
                                .formatted(
                                        view.process().state().phase().wireName(),
                                        StateText.cause(view));
            }
        }
        if (name.isEmpty() && given.contains(NameLookup.BACKUP)) {
            name = NameLookup.BACKUP;
            reason = "the backup is not on standby yet";
        }
        return timedOut(
                name.isEmpty() && !meant.isEmpty() ? meant.getFirst().name() : name, reason);
    }

    private static boolean wantsUp(Command command) {
        return switch (command) {
            case Command.Start _,
                    Command.Restart _,
                    Command.Roll _,
                    Command.Refresh _,
                    Command.StartCompanion _ ->
                    true;
            case Command.Stop _,
                    Command.Delete _,
                    Command.SendSignal _,
                    Command.Reload _,
                    Command.PlanReload _,
                    Command.Shutdown _ ->
                    false;
        };
    }

    private static boolean isBusyWithItself(ProcessView view) {
        return view.process().vitals().mood() != RunHealth.Condition.AT_WORK;
    }

    private static boolean isUnderWay(ProcessView view, boolean up) {
        return switch (view.process().state().phase()) {
            case RUNNING -> !up;
            case STARTING, STOPPING -> true;
            case STOPPED, WAITING, BACKOFF, FAILED -> up;
            case COMPLETED -> false;
        };
    }

    /** The backup monitor if there is one and it is named; patterns do not match it. */
    private static List<MonitorView> backup(Snapshot snapshot, List<String> names) {
        List<MonitorView> named = new ArrayList<>(1);
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(NameLookup.BACKUP) && names.contains(NameLookup.BACKUP)) {
                named.add(monitor);
            }
        }
        return named;
    }

    private CallReply processes(List<String> names, List<ProcessView> views) {
        return many(rows(), backup(supervisor.snapshot(), names), views);
    }

    private RowMapper rows() {
        return new RowMapper(supervisor.now(), wallClock.millis(), output, hooks);
    }

    private static CallReply timedOut(String name, String reason) {
        return CallReply.TextReply.error(ErrorName.TIMED_OUT, "name", name, "reason", reason);
    }

    private static CallReply failed(String name, String reason) {
        return CallReply.TextReply.error(ErrorName.FAILED, "name", name, "reason", reason);
    }

    private static CallReply noSuchProcess(String name) {
        return CallReply.TextReply.error(ErrorName.NO_SUCH_PROCESS, "name", name);
    }
}
