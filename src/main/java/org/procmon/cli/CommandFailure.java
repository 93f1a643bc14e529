package org.procmon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.words.RunningMonitors;
import org.procmon.config.reader.Suggestion;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.client.NoAnswer;
import org.procmon.control.protocol.ErrorName;

/** Says why a command failed, and what can be done; the exit codes of that. */
final class CommandFailure {
    private final Console console;
    private final Path socket;
    private final ParsedCommand parsedCommand;
    private final TimeLimit limit;

    CommandFailure(Console console, Path socket, ParsedCommand parsedCommand, TimeLimit limit) {
        this.console = console;
        this.socket = socket;
        this.parsedCommand = parsedCommand;
        this.limit = limit;
    }

    /** Complains, and returns the exit code. */
    int tell(ControlException failure) {
        return switch (failure) {
            case NoAnswer e -> notAnswered(e);
            case MonitorAway e -> {
                boolean isUnknown = limit.isSent() && e.inMidCall();
                String remark =
                        isUnknown
                                ? "; whether it was done is not known"
                                : e.nobodyListens() && !parsedCommand.has(Option.UPSTREAM)
                                        ? RunningMonitors.hint()
                                        : "";
                yield failed(e, remark, ExitCode.NO_MONITOR);
            }
            case CallFailed e ->
                    e.error() == ErrorName.CONFIGURATION_INVALID
                            ? refused(e)
                            : failed(e, remedy(e), exitCode(e));
            default -> throw new AssertionError("a fourth kind of error", failure);
        };
    }

    private int refused(CallFailed e) {
        for (String problem : e.reason().split("\n", -1)) {
            console.err().print(TerminalSafe.text(problem) + "\n");
        }
        console.complain("cannot " + words() + ": it has problems, nothing was changed");
        return ExitCode.CONFIGURATION_INVALID;
    }

    /** A monitor that hangs can be replaced without restarting processes. */
    private int notAnswered(NoAnswer e) {
        console.complain(
                "cannot "
                        + words()
                        + ": "
                        + e.reason()
                        + "; the monitor hangs or is stopped"
                        + (limit.isSent()
                                ? ", it may still do it"
                                : parsedCommand.isReadOnly() ? "" : ", nothing was changed")
                        + "; 'procmon run --take-over FILE' replaces it");
        return ExitCode.TIMED_OUT;
    }

    private int failed(ControlException e, String remark, int code) {
        String about = "";
        if (e instanceof CallFailed failed
                && !failed.name().isEmpty()
                && !parsedCommand.names().equals(List.of(failed.name()))
                && !e.reason().contains(failed.name())) {
            about = failed.name() + ": ";
        }
        console.complain("cannot " + words() + ": " + about + e.reason() + remark);
        return code;
    }

    private String remedy(CallFailed e) {
        return switch (e.error()) {
            case HAS_DEPENDENTS -> "; delete that too, or use --force";
            case TIMED_OUT ->
                    e.name().isEmpty()
                            ? ""
                            : "; the command continues, see 'procmon explain " + e.name() + "'";
            case NO_SUCH_PROCESS -> near(e.name());
            default -> "";
        };
    }

    /** The name of a process or a pool that was probably meant. */
    private String near(String name) {
        try (CallTimeout timeout = limit.restarted();
                ControlClient client = ControlClient.connect(socket, timeout)) {
            List<String> names = new ArrayList<>();
            client.list(List.of()).forEach(row -> names.add(row.name()));
            client.pools(List.of()).forEach(row -> names.add(row.name()));
            return isInTheFile(client, name)
                    ? "; it is in the configuration file, 'procmon reload' starts it"
                    : Suggestion.forWord(name, names);
        } catch (ControlException _) {
            return "";
        }
    }

    /** As after a process was deleted, or the file was changed. */
    private boolean isInTheFile(ControlClient client, String name) {
        if (parsedCommand.action() != Action.START && parsedCommand.action() != Action.RESTART) {
            return false;
        }
        try {
            return client.reload(true).changes().stream()
                    .anyMatch(change ->
                            change.name().equals(name) && change.action().equals("start"));
        } catch (ControlException _) {
            return false;
        }
    }

    private String words() {
        String names = String.join(" ", parsedCommand.operands());
        return switch (parsedCommand.action()) {
            case LIST -> "list the processes";
            case STATUS -> names.isEmpty() ? "show the status" : "show the status of " + names;
            case TAIL -> "show the output of " + names;
            case LOGS -> "show the output" + (names.isEmpty() ? "" : " of " + names);
            case EVENTS -> "show the events" + (names.isEmpty() ? "" : " of " + names);
            case REOPEN -> "reopen the log files";
            case UPGRADE -> "upgrade the monitor";
            case SHUTDOWN -> "shut down the monitor";
            case RELOAD -> names.isEmpty() ? "reload the configuration" : "reload " + names;
            case SCALE ->
                    "run %s instances of %s"
                            .formatted(
                                    parsedCommand.operands().getLast(),
                                    parsedCommand.operands().getFirst());
            case SIGNAL -> {
                String signal = parsedCommand.operands().getLast();
                yield "send " + signal + " to " + String.join(" ", parsedCommand.names());
            }
            case GRAPH, TREE -> "show the dependencies" + (names.isEmpty() ? "" : " of " + names);
            case EXEC, RUN_ONCE ->
                    parsedCommand.action().command + " " + parsedCommand.operands().getFirst();
            case RUN,
                    UP,
                    SERVE,
                    EXPLAIN,
                    START,
                    STOP,
                    RESTART,
                    DELETE,
                    CHECK,
                    IMPORT,
                    COMPLETION,
                    HELP,
                    VERSION ->
                    parsedCommand.action().command + " " + names;
        };
    }

    private static int exitCode(CallFailed e) {
        return switch (e.error()) {
            case NO_SUCH_PROCESS -> ExitCode.NO_SUCH_PROCESS;
            case NOT_PERMITTED -> ExitCode.NOT_PERMITTED;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
            case CONFIGURATION_INVALID -> ExitCode.CONFIGURATION_INVALID;
            case INVALID_NAME, TOO_LARGE -> ExitCode.USAGE;
            case FAILED,
                    HAS_DEPENDENTS,
                    BUSY,
                    NO_OUTPUT,
                    EXPECTED_MORE,
                    SHUTTING_DOWN,
                    INTERFACE_NOT_FOUND,
                    METHOD_NOT_FOUND,
                    INVALID_PARAMETER,
                    UNKNOWN ->
                    ExitCode.FAILED;
        };
    }
}
