package org.procmon.control.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Explanation;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.Method.Parameter;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.lifecycle.Vitals;
import org.procmon.spec.NamePattern;
import org.procmon.spec.Signal;
import org.procmon.supervise.Command;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Reply;
import org.procmon.supervise.Snapshot;
import org.procmon.supervise.Snapshot.MonitorView;
import org.procmon.supervise.Supervisor;
import org.procmon.supervise.Wording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls. Runs on the threads of the connections; safe from all of them at a time. */
final class Service {
    private static final Parameter[] PARAMETERS = Parameter.values();
    private static final List<String> EVERYTHING = List.of(NamePattern.EVERY_NAME);

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

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
    private final Patience patience;

    Service(Ports ports, InstantSource wallClock, Limits limits) {
        this.supervisor = ports.supervisor();
        this.output = ports.output();
        this.hooks = ports.hooks();
        this.usage = ports.usage();
        this.upgradeCalls = new UpgradeCalls(ports.upgrader());
        this.outputCalls = new OutputCalls(ports, limits);
        this.watchCalls = new WatchCalls(ports.chronicle(), limits);
        this.audit = new Audit(ports.chronicle());
        this.reloadCalls = new ReloadCalls(ports.reloader());
        this.wallClock = wallClock;
        this.longestWait = limits.longestWait();
        this.patience = new Patience(limits.unwatched());
    }

    /**
     * Does what is asked, and waits for it if the call says so.
     *
     * @param who makes the call
     * @param client shows whether it is still there
     * @throws InterruptedException when the server closes; the command goes on
     */
    Answer answer(Call call, Standing who, Presence client) throws InterruptedException {
        Optional<Method> method = Method.named(call.method());
        if (method.isEmpty()) {
            return Introspection.unknown(call.method());
        }
        return needed(method.get()) == Access.Right.LOOK || call.dryRun()
                ? checked(method.get(), call, who, client)
                : noted(method.get(), call, who, client);
    }

    private Answer noted(Method method, Call call, Standing who, Presence client)
            throws InterruptedException {
        try {
            Answer answer = checked(method, call, who, client);
            audit.note(method, call, who.caller(), answer);
            return answer;
        } catch (InterruptedException e) {
            audit.noteUnanswered(method, call, who.caller());
            throw e;
        }
    }

    private Answer checked(Method method, Call call, Standing who, Presence client)
            throws InterruptedException {
        if (who.right().compareTo(needed(method)) < 0) {
            return Answer.Texts.error(ErrorName.NOT_PERMITTED, "reason", who.refusal());
        }
        Optional<Answer> problem = parameterProblem(method, call);
        return problem.isPresent() ? problem.get() : answer(method, call, client);
    }

    /**
     * The next reply to a call whose last one said that it continues. Waits until there is
     * something to tell, or the follower is called back.
     *
     * @param position the last one's
     * @throws InterruptedException when the server closes
     */
    Answer next(Call call, String position, Follower follower) throws InterruptedException {
        return call.method().equals(Method.WATCH.wireName())
                ? watchCalls.next(call, Long.parseLong(position), follower)
                : outputCalls.next(call, position, follower);
    }

    private Answer answer(Method method, Call call, Presence client) throws InterruptedException {
        return switch (method) {
            case LIST ->
                    call.usage() ? UsageRows.added(list(call.names()), usage) : list(call.names());
            case STATUS -> {
                Answer status = status(call.names().getFirst());
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
            case DELETE -> command(call, new Command.Delete(call.names()), client);
            case SIGNAL -> {
                Optional<Signal> signal = Signal.parse(call.signal());
                yield signal.isPresent()
                        ? command(call, new Command.Send(call.names(), signal.get()), client)
                        : badParameter(Parameter.SIGNAL.wireName());
            }
            case READ_OUTPUT -> outputCalls.first(call);
            case WATCH -> watchCalls.first(call);
            case REOPEN -> {
                output.reopen();
                yield Answer.Texts.none();
            }
            case CHECK -> reloadCalls.check();
            case RELOAD -> reloadCalls.reload(call);
            case SCALE -> reloadCalls.scale(call);
            case UPGRADE -> upgradeCalls.upgrade(call.waits());
            case SHUTDOWN -> command(call, new Command.Shutdown(), client);
            case GET_INFO -> Introspection.about();
            case GET_INTERFACE_DESCRIPTION -> Introspection.description(call.interfaceName());
        };
    }

    private static Access.Right needed(Method method) {
        return switch (method) {
            case LIST,
                    STATUS,
                    EXPLAIN,
                    READ_OUTPUT,
                    WATCH,
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

    private static Optional<Answer> parameterProblem(Method method, Call call) {
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

    private static Answer badParameter(String name) {
        return Answer.Texts.error(ErrorName.INVALID_PARAMETER, "parameter", name);
    }

    Answer list(List<String> names) {
        Snapshot snapshot = supervisor.snapshot();
        Rows rows = rows();
        List<MonitorView> monitors = snapshot.monitors();
        List<ProcessView> processes = snapshot.processes();
        if (!names.isEmpty()) {
            Optional<Answer> problem = Names.problem(names);
            if (problem.isPresent()) {
                return problem.get();
            }
            List<String> notMonitors = new ArrayList<>();
            List<String> notProcesses = new ArrayList<>();
            monitors = Names.select(monitors, (m, p) -> p.matches(m.name()), names, notMonitors);
            processes = Names.select(processes, ProcessView::isMeantBy, names, notProcesses);
            notProcesses.retainAll(notMonitors);
            if (!notProcesses.isEmpty()) {
                return noSuchProcess(notProcesses.getFirst());
            }
        }
        List<ProcessRow> all = new ArrayList<>(monitors.size() + processes.size());
        for (MonitorView monitor : monitors) {
            all.add(rows.of(monitor));
        }
        for (ProcessView process : processes) {
            all.add(rows.of(process));
        }
        return new Answer.Many(all);
    }

    private Answer status(String name) {
        Snapshot snapshot = supervisor.snapshot();
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(name)) {
                return new Answer.One(rows().of(monitor));
            }
        }
        Optional<ProcessView> process = snapshot.process(name);
        if (process.isPresent()) {
            return new Answer.One(rows().of(process.get()));
        }
        return Names.problem(List.of(name)).orElseGet(() -> noSuchProcess(name));
    }

    private Answer explain(String name) {
        Optional<Explanation> explanation =
                new Explainer(supervisor.snapshot(), rows(), supervisor.now(), output).of(name);
        return explanation
                .<Answer>map(Answer.Why::new)
                .orElseGet(() -> Names.problem(List.of(name)).orElseGet(() -> noSuchProcess(name)));
    }

    private Answer command(Call call, Command command, Presence client)
            throws InterruptedException {
        List<String> names = command instanceof Command.Shutdown ? EVERYTHING : call.names();
        Optional<Answer> problem = Names.problemOfCommand(command, names);
        if (problem.isPresent()) {
            return problem.get();
        }
        if (call.waits() && !call.oneway()) {
            return outcome(call.names(), limit(call), command, supervisor.submit(command), client);
        }
        return accepted(command, names);
    }

    /** Somebody has to end it when it does not get on, also if nobody waits for it. */
    private void rollUnheard(Command command, List<String> names, CompletableFuture<Reply> reply) {
        long limit = longestWait.toMillis();
        try {
            Answer answer = outcome(names, limit, command, reply, Presence.UNSEEN);
            if (answer instanceof Answer.Texts) {
                LOG.warn("a rolling restart has ended early: {}", answer);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answer of a command that nobody waits for: whatever can be said at once. */
    private Answer accepted(Command command, List<String> names) {
        Snapshot snapshot = supervisor.snapshot();
        if (wantsUp(command) && snapshot.shuttingDown()) {
            return Answer.Texts.error(ErrorName.SHUTTING_DOWN);
        }
        boolean shutdown = command instanceof Command.Shutdown;
        List<String> unmatched = new ArrayList<>();
        List<ProcessView> meant =
                Names.select(snapshot.processes(), ProcessView::isMeantBy, names, unmatched);
        if (!backup(snapshot, names).isEmpty()) {
            unmatched.remove(Names.BACKUP);
        }
        if (!shutdown && !unmatched.isEmpty()) {
            return noSuchProcess(unmatched.getFirst());
        }
        CompletableFuture<Reply> reply = supervisor.submit(command);
        if (reply.state() == Future.State.SUCCESS) {
            return answer(command, names, reply.resultNow());
        }
        if (command instanceof Command.Roll) {
            Thread _ = Thread.ofVirtual().start(() -> rollUnheard(command, names, reply));
        } else {
            // Nobody hears of the outcome, so the loop need not look out for it.
            reply.cancel(false);
        }
        return shutdown ? Answer.Texts.none() : processes(names, meant);
    }

    /** How long a call may wait, in milliseconds. */
    private long limit(Call call) {
        return Math.min(call.timeoutMs().orElse(Long.MAX_VALUE), longestWait.toMillis());
    }

    private Answer outcome(
            List<String> names,
            long limit,
            Command command,
            CompletableFuture<Reply> reply,
            Presence client)
            throws InterruptedException {
        try {
            return answer(command, names, patience.await(reply, limit, client));
        } catch (TimeoutException _) {
            reply.cancel(false);
            return late(command, names);
        } catch (CancellationException _) {
            return Answer.Texts.error(ErrorName.SHUTTING_DOWN);
        } catch (ExecutionException e) {
            return failed("", "the monitor could not do it: " + e.getCause());
        } catch (InterruptedException e) {
            reply.cancel(false);
            throw e;
        }
    }

    private Answer answer(Command command, List<String> names, Reply reply) {
        return switch (reply) {
            case Reply.Done done ->
                    command instanceof Command.Shutdown
                            ? Answer.Texts.none()
                            : processes(names, done.processes());
            case Reply.NoSuchProcess missing -> noSuchProcess(missing.name());
            case Reply.Failed failed -> failed(failed.name(), failed.reason());
            case Reply.Planned _ -> throw new IllegalStateException("a plan was not asked for");
            case Reply.ShuttingDown _ -> Answer.Texts.error(ErrorName.SHUTTING_DOWN);
        };
    }

    /** Names the first process that has not got there, and what it is doing instead. */
    private Answer late(Command command, List<String> given) {
        boolean up = wantsUp(command);
        List<String> names = command instanceof Command.Shutdown ? EVERYTHING : given;
        List<ProcessView> meant =
                Names.select(
                        supervisor.snapshot().processes(),
                        ProcessView::isMeantBy,
                        names,
                        new ArrayList<>());
        String name = "";
        String reason = "it had just come to pass when the time was over";
        for (ProcessView view : meant) {
            boolean busy = command instanceof Command.Roll && isBusyWithItself(view);
            if (name.isEmpty() && (busy || isUnderWay(view, up))) {
                name = view.name();
                reason = Wording.cause(view);
            }
        }
        if (name.isEmpty() && given.contains(Names.BACKUP)) {
            name = Names.BACKUP;
            reason = "the backup does not stand by yet";
        }
        return Answer.Texts.error(
                ErrorName.TIMED_OUT,
                "name",
                name.isEmpty() && !meant.isEmpty() ? meant.getFirst().name() : name,
                "reason",
                reason);
    }

    private static boolean wantsUp(Command command) {
        return switch (command) {
            case Command.Start _,
                    Command.Restart _,
                    Command.Roll _,
                    Command.Refresh _,
                    Command.Attend _ ->
                    true;
            case Command.Stop _,
                    Command.Delete _,
                    Command.Send _,
                    Command.Reload _,
                    Command.Rehearse _,
                    Command.Shutdown _ ->
                    false;
        };
    }

    private static boolean isBusyWithItself(ProcessView view) {
        return view.process().vitals().mood() != Vitals.Mood.AT_WORK;
    }

    private static boolean isUnderWay(ProcessView view, boolean up) {
        return switch (view.process().state().phase()) {
            case RUNNING -> !up;
            case STARTING, STOPPING -> true;
            case STOPPED, WAITING, BACKOFF, FAILED -> up;
            case COMPLETED -> false;
        };
    }

    /** The backup of the monitor if it is there and named, which no pattern does. */
    private static List<MonitorView> backup(Snapshot snapshot, List<String> names) {
        List<MonitorView> named = new ArrayList<>(1);
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(Names.BACKUP) && names.contains(Names.BACKUP)) {
                named.add(monitor);
            }
        }
        return named;
    }

    private Answer processes(List<String> names, List<ProcessView> views) {
        Rows rows = rows();
        List<ProcessRow> all = new ArrayList<>(views.size());
        for (MonitorView monitor : backup(supervisor.snapshot(), names)) {
            all.add(rows.of(monitor));
        }
        for (ProcessView view : views) {
            all.add(rows.of(view));
        }
        return new Answer.Many(all);
    }

    private Rows rows() {
        return new Rows(supervisor.now(), wallClock.millis(), output, hooks);
    }

    private static Answer failed(String name, String reason) {
        return Answer.Texts.error(ErrorName.FAILED, "name", name, "reason", reason);
    }

    private static Answer noSuchProcess(String name) {
        return Answer.Texts.error(ErrorName.NO_SUCH_PROCESS, "name", name);
    }
}
