package org.procmon.web;

import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.client.NoAnswer;
import org.procmon.http.HttpAnswer;

/** The answers when the monitor refuses or fails. */
final class MonitorErrors {
    private MonitorErrors() {}

    static HttpAnswer answer(ControlException e) {
        return switch (e) {
            case MonitorAway away -> HttpAnswer.away(away.reason());
            case CallFailed call -> failed(call);
            case NoAnswer _ -> HttpAnswer.timedOut("the monitor did not answer in time");
        };
    }

    static HttpAnswer noSuchProcess(String name) {
        return HttpAnswer.notFound("No such process: " + name);
    }

    private static HttpAnswer failed(CallFailed e) {
        return switch (e.error()) {
            case NO_SUCH_PROCESS -> noSuchProcess(e.name());
            case NO_OUTPUT -> HttpAnswer.notFound(e.reason());
            case INVALID_NAME, TOO_LARGE -> HttpAnswer.badRequest(e.reason());
            case NOT_PERMITTED -> HttpAnswer.refused(e.reason());
            case TIMED_OUT -> HttpAnswer.timedOut(e.reason());
            case SHUTTING_DOWN, BUSY -> HttpAnswer.away(e.reason());
            case FAILED,
                    HAS_DEPENDENTS,
                    CONFIGURATION_INVALID,
                    INTERFACE_NOT_FOUND,
                    METHOD_NOT_FOUND,
                    INVALID_PARAMETER,
                    EXPECTED_MORE,
                    UNKNOWN ->
                    HttpAnswer.failed(e.reason());
        };
    }
}
