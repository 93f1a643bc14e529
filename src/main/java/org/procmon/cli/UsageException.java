package org.procmon.cli;

/** The arguments are wrong; the message says why. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String reason) {
        super(reason);
    }

    String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
