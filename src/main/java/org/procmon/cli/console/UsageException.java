package org.procmon.cli.console;

/** The arguments are wrong; the message says why. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    public UsageException(String reason) {
        super(reason);
    }

    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
