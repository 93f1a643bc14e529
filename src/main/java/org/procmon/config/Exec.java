package org.procmon.config;

import java.util.List;

/**
 * A program and its arguments.
 *
 * @param text as the user wrote it, for tables and messages
 * @param argv the words, the program first; never empty
 */
public record Exec(String text, List<String> argv) {
    public Exec {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("exec has no words: '" + text + "'");
        }
    }
}
