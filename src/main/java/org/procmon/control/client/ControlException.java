package org.procmon.control.client;

/** A failed call. The message is the reason in words. */
public abstract sealed class ControlException extends Exception
        permits MonitorAway, CallFailed, NoAnswer {
    private static final long serialVersionUID = 1;

    ControlException(String reason) {
        super(reason);
    }

    /** The reason, in words. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
