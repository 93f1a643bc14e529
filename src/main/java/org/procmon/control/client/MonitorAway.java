package org.procmon.control.client;

/** No monitor listens on the socket, or it closed the connection before it answered. */
public final class MonitorAway extends ControlException {
    private static final long serialVersionUID = 1;

    private final boolean inMidCall;

    MonitorAway(String reason, boolean inMidCall) {
        super(reason);
        this.inMidCall = inMidCall;
    }

    /** Whether the request was sent: the monitor may have executed it. */
    public boolean inMidCall() {
        return inMidCall;
    }
}
