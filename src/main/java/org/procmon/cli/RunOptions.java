package org.procmon.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.log.LogFormat;

/**
 * How to run a monitor.
 *
 * @param stateDir its state directory; empty for the environment's or the user's default
 * @param verbose whether it logs more
 * @param logFormat how it writes its log
 * @param role the role of this process
 * @param takesOver whether it replaces the running monitor
 * @param standbyFor the pid of the primary, if this process is started as its backup
 * @param inherited the descriptor of the lock file, if another monitor passed it on together with
 *     the listening socket, which is descriptor 0
 * @param listeners the descriptor of a socket on which another monitor passes on the listeners of
 *     pools; it may be closed
 * @param renewed whether this process was a monitor of another version before
 */
public record RunOptions(
        Optional<Path> stateDir,
        boolean verbose,
        LogFormat logFormat,
        Role role,
        boolean takesOver,
        OptionalInt standbyFor,
        OptionalInt inherited,
        OptionalInt listeners,
        boolean renewed) {
    /** The role of a monitor that a person starts. */
    public enum Role {
        /** The backup, which starts the primary. */
        PAIR_FROM_BACKUP,
        /** The primary, which starts the backup. */
        PAIR_FROM_PRIMARY,
        /** No backup. */
        ALONE
    }

    /** The same options, with this state directory. */
    public RunOptions in(Path state) {
        return new RunOptions(
                Optional.of(state),
                verbose,
                logFormat,
                role,
                takesOver,
                standbyFor,
                inherited,
                listeners,
                renewed);
    }

    /** The same options, without a backup. */
    public RunOptions alone() {
        return new RunOptions(
                stateDir,
                verbose,
                logFormat,
                Role.ALONE,
                takesOver,
                standbyFor,
                inherited,
                listeners,
                renewed);
    }

    /** The options of a monitor that a person starts. */
    public static RunOptions of(Optional<Path> stateDir, boolean verbose, Role role) {
        return new RunOptions(
                stateDir,
                verbose,
                LogFormat.TEXT,
                role,
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false);
    }
}
