package org.procmon.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procmon.cli.completion.CommandEntry;

/** The commands. */
enum Action {
    RUN("run", "FILE", 1, 1, Action.LOCAL, "run the monitor"),
    UP("up", "[FILE...]", 0, Action.ANY, Action.LOCAL, "run the project in this directory"),
    SERVE("serve", "DIRECTORY", 1, 1, Action.LOCAL, "serve the programs of a directory over HTTP"),
    LIST("list", "[NAME...]", 0, Action.ANY, Action.READS, "show all processes in a table"),
    STATUS("status", "[NAME...]", 0, Action.ANY, Action.READS, "show process status"),
    EXPLAIN(
            "explain",
            "NAME...",
            1,
            Action.ANY,
            Action.READS,
            "show why a process is in its state, and what comes next"),
    START("start", "NAME...", 1, Action.ANY, Action.CHANGES, "start processes"),
    STOP(
            "stop",
            "NAME...",
            1,
            Action.ANY,
            Action.CHANGES,
            "stop processes; they stay stopped until 'start'"),
    RESTART("restart", "NAME...", 1, Action.ANY, Action.CHANGES, "restart processes"),
    RELOAD(
            "reload",
            "[NAME...]",
            0,
            Action.ANY,
            Action.CHANGES,
            "apply the changed configuration, or let processes read their own again"),
    DELETE(
            "delete",
            "NAME...",
            1,
            Action.ANY,
            Action.CHANGES,
            "stop processes and forget them until a reload"),
    SIGNAL("signal", "NAME... SIGNAL", 2, Action.ANY, Action.CHANGES, "send a signal, such as HUP"),
    TAIL("tail", "NAME...", 1, Action.ANY, Action.READS, "show the end of the output of processes"),
    LOGS("logs", "[NAME...]", 0, Action.ANY, Action.READS, "show the output of processes by time"),
    EVENTS("events", "[NAME...]", 0, Action.ANY, Action.READS, "show what happens, as it happens"),
    GRAPH("graph", "[NAME...]", 0, Action.ANY, Action.READS, "show what depends on what"),
    TREE(
            "tree",
            "NAME...",
            1,
            Action.ANY,
            Action.READS,
            "show what a process needs, and what needs it"),
    EXEC(
            "exec",
            "NAME COMMAND...",
            2,
            Action.ANY,
            Action.READS,
            "run a command with the user, folder and variables of a process"),
    RUN_ONCE(
            "run-once",
            "NAME [ARG...]",
            1,
            Action.ANY,
            Action.READS,
            "run the program of a process in the foreground"),
    REOPEN("reopen", "", 0, 0, Action.CHANGES, "open the log files again, after they were moved"),
    CHECK(
            "check",
            "FILE",
            1,
            1,
            Action.LOCAL,
            "report every problem of a configuration file, and what could not start"),
    IMPORT(
            "import",
            "FORMAT FILE...",
            2,
            Action.ANY,
            Action.LOCAL,
            "convert files of another supervisor, or of what starts FastCGI applications"),
    SCALE(
            "scale",
            "NAME N",
            2,
            2,
            Action.CHANGES,
            "set the number of instances until the file changes it"),
    UPGRADE(
            "upgrade",
            "",
            0,
            0,
            Action.CHANGES,
            "replace the monitors by the installed version; no process is restarted"),
    SHUTDOWN(
            "shutdown",
            "",
            0,
            0,
            Action.CHANGES,
            "stop all processes in reverse order, then the monitor"),
    COMPLETION(
            "completion",
            "SHELL",
            1,
            1,
            Action.LOCAL,
            "print the completion script of bash, zsh or fish"),
    HELP("help", "[COMMAND]", 0, 1, Action.LOCAL, "show all commands, or one"),
    VERSION("", "", 0, 0, Action.LOCAL, "");

    /** Any number of operands. */
    static final int ANY = Integer.MAX_VALUE;

    /** Kinds of commands: talks to no monitor, only asks it, or may change something there. */
    private static final int LOCAL = 0;

    private static final int READS = 1;
    private static final int CHANGES = 2;

    final String command;
    final String operands;
    final int fewest;
    final int most;
    final String summary;
    private final int kind;

    Action(String command, String operands, int fewest, int most, int kind, String summary) {
        this.command = command;
        this.operands = operands;
        this.fewest = fewest;
        this.most = most;
        this.kind = kind;
        this.summary = summary;
    }

    /** Whether the command takes the option. */
    boolean takes(Option option) {
        return switch (option) {
            case JSON ->
                    this == LIST
                            || this == STATUS
                            || this == EXPLAIN
                            || this == LOGS
                            || this == EVENTS;
            case FORMAT, STATE, SORT, WIDE, WATCH -> this == LIST;
            case TIMEOUT -> kind != LOCAL;
            case NO_WAIT -> waits() || this == RELOAD || this == UPGRADE;
            case QUIET -> waits() && this != SHUTDOWN;
            case ROLLING -> this == RESTART;
            case FORCE -> this == DELETE;
            case DRY_RUN -> this == RELOAD;
            case MERMAID -> this == GRAPH;
            case STRICT -> this == CHECK;
            case FOLLOW, LINES -> this == TAIL || this == LOGS;
            case STDERR -> this == TAIL;
            case SINCE, GREP -> this == LOGS;
            case PROFILE -> this == UP;
            case LISTEN, STATIC, IDLE_TIMEOUT -> this == SERVE;
            case NO_BACKUP, TAKE_OVER, LOG_FORMAT -> this == RUN || this == UP || this == SERVE;
            case FROM_PRIMARY, STANDBY, INHERITED, LISTENERS, RENEWED -> this == RUN;
            case STATE_DIR, VERBOSE, HELP, LONG_HELP, VERSION, UPSTREAM -> true;
        };
    }

    /** Whether it usually waits until processes have reached their goal. */
    boolean waits() {
        return this == START
                || this == STOP
                || this == RESTART
                || this == DELETE
                || this == SHUTDOWN;
    }

    /** Whether the command changes nothing, so that it can be repeated. */
    boolean isReadOnly() {
        return kind == READS;
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

    /** What completion has to know of all commands. */
    static List<CommandEntry> entries() {
        List<CommandEntry> entries = new ArrayList<>();
        for (Action action : values()) {
            if (!action.command.isEmpty()) {
                List<String> flags = new ArrayList<>();
                for (Option option : Option.values()) {
                    if (!option.isHidden() && action.takes(option)) {
                        flags.add(option.flag);
                    }
                }
                entries.add(
                        new CommandEntry(action.command, action.summary, flags, action.operand()));
            }
        }
        return entries;
    }

    private CommandEntry.Operand operand() {
        if (operands.contains("FILE")) {
            return CommandEntry.Operand.FILES;
        }
        if (this == HELP) {
            return CommandEntry.Operand.COMMANDS;
        }
        return operands.contains("NAME") ? CommandEntry.Operand.NAMES : CommandEntry.Operand.OTHER;
    }
}
