package org.procmon.control.client;

/** No monitor listens on the socket, or it closed the connection before it answered. */
public final class MonitorAway extends ControlException {
    private static final long serialVersionUID = 1;

    private final boolean inMidCall;
    private final boolean nobodyListens;

    MonitorAway(String reason, boolean inMidCall) {
        this(reason, inMidCall, false);
    }

    private MonitorAway(String reason, boolean inMidCall, boolean nobodyListens) {
        super(reason);
        this.inMidCall = inMidCall;
        this.nobodyListens = nobodyListens;
    }

    /** There is no socket, or nothing listens on it. */
    static MonitorAway ofNobody(String reason) {
        return new MonitorAway(reason, false, true);
    }

    /** Whether there was nothing to connect to. */
    public boolean nobodyListens() {
        return nobodyListens;
    }

    /** Whether the request was sent: the monitor may have executed it. */
    public boolean inMidCall() {
        return inMidCall;
    }
}
