package org.procmon.control.client;

/** No monitor listens on the socket, or it went away before it answered. */
public final class MonitorAway extends ControlException {
    private static final long serialVersionUID = 1;

    private final boolean inMidCall;

    MonitorAway(String reason, boolean inMidCall) {
        super(reason);
        this.inMidCall = inMidCall;
    }

    /** Whether it had been asked: what was asked for may have been done. */
    public boolean inMidCall() {
        return inMidCall;
    }
}
