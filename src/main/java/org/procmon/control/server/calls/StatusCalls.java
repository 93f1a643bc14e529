package org.procmon.control.server.calls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.procmon.config.NamePattern;
import org.procmon.config.ProcessName;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.control.protocol.Call;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.control.server.replies.PathLookup;
import org.procmon.control.server.replies.PoolLookup;
import org.procmon.control.server.replies.PoolLookup.Found;
import org.procmon.control.server.replies.PoolRowMapper;
import org.procmon.control.server.replies.RowMapper;
import org.procmon.control.server.replies.UsageRows;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.status.StateText;
import org.procmon.status.fields.Explanation;
import org.procmon.status.fields.PoolExplanation;
import org.procmon.status.fields.PoolFields;
import org.procmon.supervise.port.Supervisor;

/** Answers calls that show processes, from the latest snapshot. Thread-safe. */
final class StatusCalls {
    /** The pools answer within milliseconds unless their thread stands still. */
    private static final Duration POOLS_ANSWER = Duration.ofSeconds(2);

    private static final List<String> EVERYTHING = List.of(NamePattern.EVERY_NAME);

    private final MonitorPorts ports;
    private final Supervisor supervisor;
    private final InstantSource wallClock;
    private final PoolLookup pools;

    StatusCalls(MonitorPorts ports, InstantSource wallClock) {
        this.ports = ports;
        this.supervisor = ports.supervisor();
        this.wallClock = wallClock;
        this.pools = new PoolLookup(ports.pools(), POOLS_ANSWER);
    }

    CallReply list(Call call) throws InterruptedException {
        return withUsage(call, list(call.names()));
    }

    CallReply listAll() {
        Snapshot snapshot = supervisor.snapshot();
        return list(snapshot.monitors(), snapshot.processes());
    }

    CallReply status(Call call) throws InterruptedException {
        return withUsage(call, status(call.names().getFirst()));
    }

    private CallReply withUsage(Call call, CallReply reply) {
        return call.usage() ? UsageRows.added(reply, ports.usage()) : reply;
    }

    private CallReply list(List<String> names) throws InterruptedException {
        Snapshot snapshot = supervisor.snapshot();
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
                Optional<CallReply> error = notPools(notProcesses);
                if (error.isPresent()) {
                    return error.get();
                }
            }
        }
        return list(monitors, processes);
    }

    /** The error for names of which one is not that of a pool either, which may have no worker. */
    private Optional<CallReply> notPools(List<String> names) throws InterruptedException {
        List<String> unmatched = new ArrayList<>();
        return switch (pools.named(names, unmatched)) {
            case Found.None none -> Optional.of(none.error());
            case Found.Some _ -> unmatched.stream().findFirst().map(CallErrors::noSuchProcess);
        };
    }

    /** The pools of these names; a name that is not that of a pool adds nothing. */
    CallReply pools(List<String> names) throws InterruptedException {
        Optional<CallReply> problem = NameLookup.problem(names);
        if (problem.isPresent()) {
            return problem.get();
        }
        return switch (pools.named(names, new ArrayList<>())) {
            case Found.None none -> none.error();
            case Found.Some some -> {
                PoolRowMapper mapper = poolRows();
                yield new CallReply.PoolList(
                        () -> some.pools().stream().map(mapper::of).iterator());
            }
        };
    }

    /** Each row is created when it is sent, so that a slow reader holds none of the others. */
    private CallReply list(List<MonitorView> monitors, List<ProcessView> processes) {
        RowMapper rowMapper = rows();
        return new CallReply.ProcessList(() ->
                Stream.concat(
                                monitors.stream().map(rowMapper::of),
                                processes.stream().map(rowMapper::of))
                        .iterator());
    }

    /** Processes that a command has changed, with the backup if it was named. */
    CallReply changed(List<String> names, List<ProcessView> processes) {
        return list(backup(supervisor.snapshot(), names), processes);
    }

    /** The backup monitor if there is one and it is named; patterns do not match it. */
    static List<MonitorView> backup(Snapshot snapshot, List<String> names) {
        List<MonitorView> named = new ArrayList<>(1);
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(NameLookup.BACKUP) && names.contains(NameLookup.BACKUP)) {
                named.add(monitor);
            }
        }
        return named;
    }

    private CallReply status(String name) throws InterruptedException {
        Snapshot snapshot = supervisor.snapshot();
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(name)) {
                return new CallReply.SingleProcess(rows().of(monitor));
            }
        }
        Optional<ProcessView> process = snapshot.process(name);
        return process.isPresent()
                ? new CallReply.SingleProcess(rows().of(process.get()))
                : pool(
                        name,
                        view -> new CallReply.SinglePool<>(PoolFields.TABLE, poolRows().of(view)));
    }

    /** The reply for a pool, or the error if there is none of this name. */
    private CallReply pool(String name, Function<PoolView, CallReply> reply)
            throws InterruptedException {
        if (!ProcessName.isValid(name) || name.equals(NamePattern.EVERY_NAME)) {
            return missing(name);
        }
        return switch (pools.named(List.of(name), new ArrayList<>())) {
            case Found.None none -> none.error();
            case Found.Some some ->
                    some.pools().stream().findFirst().map(reply).orElseGet(() -> missing(name));
        };
    }

    CallReply explain(String name) throws InterruptedException {
        for (UnusedEntry one : ports.reloader().unused()) {
            if (one.name().equals(name) || one.path().equals(name)) {
                return CallErrors.failed(name, one.path() + " is not used: " + one.reason());
            }
        }
        Explainer explainer =
                new Explainer(supervisor.snapshot(), rows(), supervisor.now(), ports.output());
        if (name.startsWith("/")) {
            return explainPath(name, explainer);
        }
        Optional<Explanation> explanation = explainer.of(name);
        if (explanation.isEmpty()) {
            return pool(
                    name,
                    view ->
                            new CallReply.SinglePool<>(
                                    PoolExplanation.TABLE,
                                    explainer.of(view, poolRows().of(view))));
        }
        return new CallReply.ExplanationReply(
                name.equals(Snapshot.PRIMARY) ? withStall(explanation.get()) : explanation.get());
    }

    /** The pool that a path belongs to. */
    private CallReply explainPath(String path, Explainer explainer) throws InterruptedException {
        return switch (pools.named(List.of(), new ArrayList<>())) {
            case Found.None none -> none.error();
            case Found.Some some ->
                    PathLookup.poolOf(path, some.pools())
                            .<CallReply>map(view ->
                                    new CallReply.SinglePool<>(
                                            PoolExplanation.TABLE,
                                            explainer.of(view, poolRows().of(view))))
                            .orElseGet(() ->
                                    CallErrors.failed(
                                            path,
                                            PathLookup.noPool(path, ports.reloader().followed())));
        };
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

    /** A name without a process adds nothing: the command itself reports that. */
    CallReply timeLimits(List<String> given) {
        List<ProcessView> all = supervisor.snapshot().processes();
        List<String> names = given.isEmpty() ? EVERYTHING : given;
        List<ProcessView> named =
                NameLookup.problem(names).isPresent()
                        ? List.of()
                        : NameLookup.select(all, NameLookup::of, names, new ArrayList<>());
        return new CallReply.Limited(new ProcessTimeouts(all, named).limits());
    }

    private static CallReply missing(String name) {
        return NameLookup.problem(List.of(name)).orElseGet(() -> CallErrors.noSuchProcess(name));
    }

    private PoolRowMapper poolRows() {
        return new PoolRowMapper(rows(), supervisor.now(), wallClock.millis());
    }

    private RowMapper rows() {
        return new RowMapper(supervisor.now(), wallClock.millis(), ports.output(), ports.hooks());
    }
}
