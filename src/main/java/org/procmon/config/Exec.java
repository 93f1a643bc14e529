package org.procmon.config;

import java.util.List;

/**
 * A program and its arguments.
 *
 * @param text as the user wrote it, for tables and messages
 * @param argv the words, the program first; never empty
 * @param version differs if the program's file has changed since; "" if that is not followed
 */
public record Exec(String text, List<String> argv, String version) {
    /** A program whose file is not followed. */
    public Exec(String text, List<String> argv) {
        this(text, argv, "");
    }

    public Exec {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("exec has no words: '" + text + "'");
        }
    }
}
