package org.procmon.control.client;

/** No monitor listens on the socket, or it went away before it answered. */
public final class MonitorAway extends ControlException {
    private static final long serialVersionUID = 1;

    MonitorAway(String reason) {
        super(reason);
    }
}
