package org.procmon.control.client;

import org.procmon.control.protocol.ErrorName;

/** The monitor answered with an error, or the socket may not be opened. */
public final class CallFailed extends ControlException {
    private static final long serialVersionUID = 1;

    private final ErrorName error;
    private final String name;

    CallFailed(ErrorName error, String name, String reason) {
        super(reason);
        this.error = error;
        this.name = name;
    }

    /** Which error it is. */
    public ErrorName error() {
        return error;
    }

    /** The process that it is about; empty when it is about none. */
    public String name() {
        return name;
    }
}
