package org.procmon.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands. */
enum Action {
    RUN("run", "FILE", 1, 1, "run the monitor"),
    LIST("list", "[NAME...]", 0, Action.ANY, "list the processes"),
    STATUS("status", "[NAME...]", 0, Action.ANY, "show process status"),
    EXPLAIN("explain", "NAME", 1, 1, "show why a process is in its state, and what comes next"),
    START("start", "NAME...", 1, Action.ANY, "start processes"),
    STOP("stop", "NAME...", 1, Action.ANY, "stop processes; they stay stopped until 'start'"),
    RESTART("restart", "NAME...", 1, Action.ANY, "restart processes"),
    RELOAD(
            "reload",
            "[NAME...]",
            0,
            Action.ANY,
            "apply the changed configuration, or let processes read their own again"),
    DELETE("delete", "NAME...", 1, Action.ANY, "stop processes and forget them until a reload"),
    SIGNAL("signal", "NAME... SIGNAL", 2, Action.ANY, "send a signal, such as HUP"),
    TAIL("tail", "NAME", 1, 1, "show the end of the output of a process or a pool"),
    EVENTS("events", "[NAME...]", 0, Action.ANY, "show what happens, as it happens"),
    REOPEN("reopen", "", 0, 0, "open the log files again, after they were moved"),
    CHECK(
            "check",
            "FILE",
            1,
            1,
            "report every problem of a configuration file, and what could not start"),
    IMPORT(
            "import",
            "FORMAT FILE...",
            2,
            Action.ANY,
            "convert files of another supervisor, or of what starts FastCGI applications"),
    SCALE("scale", "NAME N", 2, 2, "set the number of instances until the file changes it"),
    UPGRADE(
            "upgrade",
            "",
            0,
            0,
            "replace the monitors by the installed version; no process is restarted"),
    SHUTDOWN("shutdown", "", 0, 0, "stop all processes in reverse order, then the monitor"),
    HELP("help", "[COMMAND]", 0, 1, "show all commands, or one"),
    VERSION("", "", 0, 0, "");

    /** Any number of operands. */
    static final int ANY = Integer.MAX_VALUE;

    final String command;
    final String operands;
    final int fewest;
    final int most;
    final String summary;

    Action(String command, String operands, int fewest, int most, String summary) {
        this.command = command;
        this.operands = operands;
        this.fewest = fewest;
        this.most = most;
        this.summary = summary;
    }

    /** Whether the command takes the option. */
    boolean takes(Option option) {
        return switch (option) {
            case JSON -> this == LIST || this == STATUS || this == EXPLAIN || this == EVENTS;
            case FORMAT -> this == LIST;
            case TIMEOUT ->
                    switch (this) {
                        case RUN, CHECK, IMPORT, HELP, VERSION -> false;
                        case LIST,
                                STATUS,
                                EXPLAIN,
                                START,
                                STOP,
                                RESTART,
                                RELOAD,
                                DELETE,
                                SIGNAL,
                                TAIL,
                                EVENTS,
                                REOPEN,
                                SCALE,
                                UPGRADE,
                                SHUTDOWN ->
                                true;
                    };
            case NO_WAIT ->
                    switch (this) {
                        case START, STOP, RESTART, RELOAD, DELETE, UPGRADE, SHUTDOWN -> true;
                        case RUN,
                                LIST,
                                STATUS,
                                EXPLAIN,
                                SIGNAL,
                                TAIL,
                                EVENTS,
                                REOPEN,
                                SCALE,
                                CHECK,
                                IMPORT,
                                HELP,
                                VERSION ->
                                false;
                    };
            case QUIET -> this == START || this == STOP || this == RESTART || this == DELETE;
            case ROLLING -> this == RESTART;
            case FORCE, WARN_ONLY -> this == DELETE;
            case DRY_RUN -> this == RELOAD;
            case STRICT -> this == CHECK;
            case FOLLOW, LINES, STDERR -> this == TAIL;
            case NO_BACKUP,
                    TAKE_OVER,
                    LOG_FORMAT,
                    FROM_PRIMARY,
                    STANDBY,
                    INHERITED,
                    LISTENERS,
                    RENEWED ->
                    this == RUN;
            case STATE_DIR, VERBOSE, HELP, LONG_HELP, VERSION -> true;
        };
    }

    /** Whether the command changes nothing, so that it can be repeated. */
    boolean isReadOnly() {
        return switch (this) {
            case LIST, STATUS, EXPLAIN, TAIL, EVENTS -> true;
            case RUN,
                    START,
                    STOP,
                    RESTART,
                    RELOAD,
                    DELETE,
                    SIGNAL,
                    REOPEN,
                    SCALE,
                    CHECK,
                    IMPORT,
                    UPGRADE,
                    SHUTDOWN,
                    HELP,
                    VERSION ->
                    false;
        };
    }

    /** The action of a subcommand. */
    static @Nullable Action ofCommand(String word) {
        for (Action action : values()) {
            if (!action.command.isEmpty() && action.command.equals(word)) {
                return action;
            }
        }
        return null;
    }

    /** All subcommands. */
    static List<String> commands() {
        List<String> commands = new ArrayList<>();
        for (Action action : values()) {
            if (!action.command.isEmpty()) {
                commands.add(action.command);
            }
        }
        return commands;
    }
}
