package org.procmon.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a monitor is to run.
 *
 * @param stateDir its state folder; empty for the environment's or the user's default
 * @param verbose whether it tells more of what it does
 * @param role what this process is to be
 * @param takesOver whether it replaces the monitor that runs
 * @param standbyFor the pid of the primary whose end it waits for, if it is started as its backup
 * @param inherited the descriptor of the locked file, if another monitor has handed it on together
 *     with the listening socket, which is descriptor 0
 * @param renewed whether this process was a monitor of another version before
 */
public record RunOptions(
        Optional<Path> stateDir,
        boolean verbose,
        Role role,
        boolean takesOver,
        OptionalInt standbyFor,
        OptionalInt inherited,
        boolean renewed) {
    /** What a monitor that a person starts is to be. */
    public enum Role {
        /** The backup, which starts the primary. */
        PAIR_FROM_BACKUP,
        /** The primary, which starts the backup. */
        PAIR_FROM_PRIMARY,
        /** The only one. */
        ALONE
    }

    /** The same, without a backup. */
    public RunOptions alone() {
        return new RunOptions(
                stateDir, verbose, Role.ALONE, takesOver, standbyFor, inherited, renewed);
    }

    /** For a monitor that a person starts. */
    public static RunOptions of(Optional<Path> stateDir, boolean verbose, Role role) {
        return new RunOptions(
                stateDir, verbose, role, false, OptionalInt.empty(), OptionalInt.empty(), false);
    }
}
