package org.procmon.control.server.calls;

import java.util.Optional;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.Method.Parameter;
import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.supervise.port.Supervisor;

/**
 * The first step of each call: whether the caller may make it, whether its parameters are right,
 * and whether the monitor knows its processes yet. Thread-safe.
 *
 * @param limits how long to wait for a monitor that has just started
 */
record CallCheck(Supervisor supervisor, WaitLimits limits) {
    private static final Parameter[] PARAMETERS = Parameter.values();

    /** The error that the call gets; empty if it may run. */
    Optional<CallReply> problem(Method method, Call call, CallerRights rights)
            throws InterruptedException {
        if (rights.right().compareTo(needed(method)) < 0) {
            return error(ErrorName.NOT_PERMITTED, rights.refusal());
        }
        if (!call.excess().isEmpty()) {
            return error(ErrorName.TOO_LARGE, call.excess());
        }
        Optional<CallReply> problem = parameterProblem(method, call);
        if (problem.isEmpty() && looks(method, call) && !supervisor.isReady(limits.look())) {
            return Optional.of(CallErrors.timedOut("", CallErrors.TAKING_OVER));
        }
        return problem;
    }

    /** Whether the call may change something, so that its outcome is recorded. */
    static boolean changes(Method method, Call call) {
        return needed(method) != Access.Right.LOOK && !call.dryRun();
    }

    private static Optional<CallReply> error(ErrorName name, String reason) {
        return Optional.of(CallReply.TextReply.error(name, "reason", reason));
    }

    private static Access.Right needed(Method method) {
        return switch (method) {
            case LIST,
                    STATUS,
                    EXPLAIN,
                    POOLS,
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
            return Optional.of(CallErrors.badParameter(call.invalid()));
        }
        for (Parameter parameter : PARAMETERS) {
            boolean wrong = call.gives(parameter) && !method.takes(parameter);
            boolean missing = !call.gives(parameter) && method.needs(parameter);
            if (wrong || missing) {
                return Optional.of(CallErrors.badParameter(parameter));
            }
        }
        return method.needs(Parameter.NAMES) && call.names().isEmpty()
                ? Optional.of(CallErrors.badParameter(Parameter.NAMES))
                : Optional.empty();
    }

    /** Whether the call is answered from a snapshot. */
    private static boolean looks(Method method, Call call) {
        return switch (method) {
            case LIST, STATUS, EXPLAIN, POOLS, READ_OUTPUT, TIME_LIMITS -> true;
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
}
