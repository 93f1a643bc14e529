package org.procmon.cli;

/** The arguments make no sense; the message says why. */
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
