package org.procmon.control.server.calls;

import java.util.List;
import java.util.Optional;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method.Parameter;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.OutputSlice;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.control.server.replies.NameLookup;
import org.procmon.control.server.replies.OutputSource;
import org.procmon.status.Snapshot;
import org.procmon.status.Snapshot.MonitorView;
import org.procmon.supervise.port.Supervisor;

/**
 * Answers {@code ReadOutput} and {@code Reopen}. Runs on the threads of the connections; has no
 * state.
 */
final class OutputCalls {
    /** The most output in a reply, in bytes. */
    static final int LONGEST_PIECE = 64 << 10;

    private final Supervisor supervisor;
    private final OutputSource source;
    private final WaitLimits limits;

    OutputCalls(MonitorPorts monitorPorts, WaitLimits limits) {
        supervisor = monitorPorts.supervisor();
        source = monitorPorts.output();
        this.limits = limits;
    }

    CallReply reopen() throws InterruptedException {
        return source.reopen(limits.look())
                ? CallReply.TextReply.none()
                : CallErrors.timedOut("", "the monitor has not opened its log files again yet");
    }

    /** The first reply, and the only one unless the call follows the output. */
    CallReply first(Call call) {
        OutputQuery query = call.output();
        if (query.follow() && !call.more()) {
            return CallReply.TextReply.error(ErrorName.EXPECTED_MORE);
        }
        String name = call.names().getFirst();
        Optional<CallReply> problem = problem(name);
        if (problem.isPresent()) {
            return problem.get();
        }
        return answer(
                call,
                query.position().isEmpty()
                        ? source.last(
                                name,
                                query.stream(),
                                query.lines().orElse(OutputQuery.USUAL_LINES),
                                LONGEST_PIECE)
                        : source.after(name, query.stream(), query.position(), LONGEST_PIECE));
    }

    /**
     * A further reply to a call that follows, from the position of the last one. If it is the last
     * reply, it contains output up to now.
     */
    CallReply next(Call call, String position, OutputFollower outputFollower)
            throws InterruptedException {
        String name = call.names().getFirst();
        while (true) {
            boolean goesOn =
                    outputFollower.await(() ->
                            source.await(name, call.output().stream(), position, limits.outcome()));
            Optional<CallReply> problem = problem(name);
            if (problem.isPresent()) {
                return problem.get();
            }
            CallReply callReply =
                    answer(
                            call,
                            source.after(name, call.output().stream(), position, LONGEST_PIECE));
            if (!goesOn && callReply instanceof CallReply.Output output) {
                return output.asLast();
            }
            if (!(callReply instanceof CallReply.Output output) || output.tellsSomething()) {
                return callReply;
            }
        }
    }

    private CallReply answer(Call call, OutputSource.Reading reading) {
        return switch (reading) {
            case OutputSource.Reading.Piece(OutputSlice piece) ->
                    new CallReply.Output(
                            piece.losing(losing(call.names().getFirst())), call.output().follow());
            case OutputSource.Reading.NotKept(String reason) ->
                    CallReply.TextReply.error(
                            ErrorName.NO_OUTPUT, "name", call.names().getFirst(), "reason", reason);
            case OutputSource.Reading.NoPosition() -> CallErrors.badParameter(Parameter.POSITION);
        };
    }

    private Optional<String> losing(String name) {
        return source.loss(name).filter(OutputSource.Loss::failing).map(OutputSource.Loss::reason);
    }

    private Optional<CallReply> problem(String name) {
        Snapshot snapshot = supervisor.snapshot();
        if (snapshot.process(name).isPresent() || source.isShared(name)) {
            return Optional.empty();
        }
        for (MonitorView monitor : snapshot.monitors()) {
            if (monitor.name().equals(name)) {
                return Optional.of(
                        CallReply.TextReply.error(
                                ErrorName.NO_OUTPUT,
                                "name",
                                name,
                                "reason",
                                name + " is a monitor; its own output is not captured"));
            }
        }
        return Optional.of(
                NameLookup.problem(List.of(name)).orElseGet(() -> CallErrors.noSuchProcess(name)));
    }
}
