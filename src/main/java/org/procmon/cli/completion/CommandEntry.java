package org.procmon.cli.completion;

import java.util.List;

/**
 * A command, as far as completion needs to know it.
 *
 * @param options its flags
 * @param operand what its operands are
 */
public record CommandEntry(String name, String summary, List<String> options, Operand operand) {
    public CommandEntry {
        options = List.copyOf(options);
    }

    /** What follows a command. */
    public enum Operand {
        /** Names of processes. */
        NAMES,
        FILES,
        /** The names of commands. */
        COMMANDS,
        /** Nothing that can be completed. */
        OTHER
    }
}
