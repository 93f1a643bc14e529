package org.procmon.control.client;

import org.procmon.control.protocol.ErrorName;

/** The monitor answered with an error, or this user may not open the socket. */
public final class CallFailed extends ControlException {
    private static final long serialVersionUID = 1;

    private final ErrorName error;
    private final String name;

    CallFailed(ErrorName error, String name, String reason) {
        super(reason);
        this.error = error;
        this.name = name;
    }

    /** The error. */
    public ErrorName error() {
        return error;
    }

    /** The process that the error is about; empty for none. */
    public String name() {
        return name;
    }
}
