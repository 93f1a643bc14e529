package org.procmon.control.protocol;

import java.util.Optional;

/** A stream that a process writes to: its standard output or its standard error. */
public enum StandardStream {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String wireName;

    StandardStream(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** The stream of this name. */
    public static Optional<StandardStream> named(String wireName) {
        return switch (wireName) {
            case "stdout" -> Optional.of(STDOUT);
            case "stderr" -> Optional.of(STDERR);
            default -> Optional.empty();
        };
    }
}
