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
 * @param inherited whether descriptor 0 is the listening control socket and 3 the lock
 */
public record RunOptions(
        Optional<Path> stateDir,
        boolean verbose,
        Role role,
        boolean takesOver,
        OptionalInt standbyFor,
        boolean inherited) {
    /** What a monitor that a person starts is to be. */
    public enum Role {
        /** The backup, which starts the primary. */
        PAIR_FROM_BACKUP,
        /** The primary, which starts the backup. */
        PAIR_FROM_PRIMARY,
        /** The only one. */
        ALONE
    }

    /** For a monitor that a person starts. */
    public static RunOptions of(Optional<Path> stateDir, boolean verbose, Role role) {
        return new RunOptions(stateDir, verbose, role, false, OptionalInt.empty(), false);
    }
}
