package org.procmon.control.server.replies;

import java.util.concurrent.ExecutionException;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method.Parameter;

/** The errors that several groups of methods reply. */
public final class CallErrors {
    /** Why a process is not known yet. */
    public static final String TAKING_OVER =
            "the monitor is still taking over what another one has left";

    private CallErrors() {}

    public static CallReply noSuchProcess(String name) {
        return CallReply.TextReply.error(ErrorName.NO_SUCH_PROCESS, "name", name);
    }

    public static CallReply failed(String name, String reason) {
        return CallReply.TextReply.error(ErrorName.FAILED, "name", name, "reason", reason);
    }

    public static CallReply failed(ExecutionException e) {
        return failed("", "the monitor could not do it: " + e.getCause());
    }

    public static CallReply timedOut(String name, String reason) {
        return CallReply.TextReply.error(ErrorName.TIMED_OUT, "name", name, "reason", reason);
    }

    public static CallReply shuttingDown() {
        return CallReply.TextReply.error(ErrorName.SHUTTING_DOWN);
    }

    public static CallReply badParameter(Parameter parameter) {
        return badParameter(parameter.wireName());
    }

    public static CallReply badParameter(String name) {
        return CallReply.TextReply.error(ErrorName.INVALID_PARAMETER, "parameter", name);
    }
}
