package org.procmon.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.console.UsageException;
import org.procmon.config.Signal;
import org.procmon.config.reader.Suggestion;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.client.NoAnswer;
import org.procmon.control.client.UpgradeWaiter;
import org.procmon.control.client.UpstreamList;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.Product;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.control.protocol.StandardStream;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.ProcessRow;

/** The program {@code procmon}, except for running a monitor. */
public final class CommandLine {
    private final Console console;
    private final MonitorRunner runner;
    private final Inspector inspector;

    private CommandLine(Console console, MonitorRunner runner, Inspector inspector) {
        this.console = console;
        this.runner = runner;
        this.inspector = inspector;
    }

    /**
     * Executes the command in the arguments. Blocks until it is done.
     *
     * @return the exit code
     */
    public static int run(
            String[] args, Console console, MonitorRunner runner, Inspector inspector) {
        int code = new CommandLine(console, runner, inspector).run(args);
        if (console.hasLostReader()) {
            return ExitCode.BROKEN_PIPE;
        }
        if (console.out().checkError() && code == ExitCode.DONE) {
            console.complain("cannot write the answer: writing to standard output failed");
            return ExitCode.FAILED;
        }
        return code;
    }

    private int run(String[] args) {
        if (args.length == 0) {
            console.err().print(HelpText.of(Action.HELP));
            console.err().flush();
            return ExitCode.USAGE;
        }
        try {
            return run(ArgumentParser.parse(args));
        } catch (UsageException e) {
            console.complain("cannot understand the arguments: " + e.reason());
            console.err().print("Try 'procmon --help'.\n");
            console.err().flush();
            return ExitCode.USAGE;
        } catch (InvalidPathException e) {
            console.complain("cannot use the path '" + e.getInput() + "': " + e.getReason());
            return ExitCode.USAGE;
        }
    }

    private int run(ParsedCommand parsedCommand) throws UsageException {
        return switch (parsedCommand.action()) {
            case HELP -> print(HelpText.of(parsedCommand.subject()));
            case VERSION -> print(Product.NAME + " " + Product.VERSION + "\n");
            case CHECK ->
                    new CheckCommand(console, inspector).run(file(parsedCommand), parsedCommand);
            case IMPORT -> new ImportCommand(console).run(parsedCommand.operands());
            case RUN -> runner.run(file(parsedCommand), runOptions(parsedCommand));
            case SIGNAL -> {
                String signal = parsedCommand.operands().getLast();
                if (Signal.parse(signal).isEmpty()) {
                    throw new UsageException("there is no signal '" + signal + "'");
                }
                yield ask(parsedCommand);
            }
            case RELOAD -> {
                if (parsedCommand.has(Option.DRY_RUN) && !parsedCommand.operands().isEmpty()) {
                    throw new UsageException("--dry-run is for the whole configuration");
                }
                yield ask(parsedCommand);
            }
            case SCALE -> {
                String number = parsedCommand.operands().getLast();
                if (!ArgumentParser.isNumber(number, 0)) {
                    throw new UsageException("'" + number + "' is no number of instances");
                }
                yield ask(parsedCommand);
            }
            case LIST,
                    STATUS,
                    EXPLAIN,
                    START,
                    STOP,
                    RESTART,
                    DELETE,
                    TAIL,
                    EVENTS,
                    REOPEN,
                    UPGRADE,
                    SHUTDOWN ->
                    ask(parsedCommand);
        };
    }

    private static Path file(ParsedCommand parsedCommand) {
        return BytePath.named(parsedCommand.operands().getFirst());
    }

    private static RunOptions runOptions(ParsedCommand parsedCommand) {
        RunOptions.Role pair =
                parsedCommand.has(Option.FROM_PRIMARY)
                        ? RunOptions.Role.PAIR_FROM_PRIMARY
                        : RunOptions.Role.PAIR_FROM_BACKUP;
        return new RunOptions(
                parsedCommand.stateDir(),
                parsedCommand.has(Option.VERBOSE),
                parsedCommand.logFormat(),
                parsedCommand.has(Option.NO_BACKUP) ? RunOptions.Role.ALONE : pair,
                parsedCommand.has(Option.TAKE_OVER),
                number(parsedCommand, Option.STANDBY),
                number(parsedCommand, Option.INHERITED),
                number(parsedCommand, Option.LISTENERS),
                parsedCommand.has(Option.RENEWED));
    }

    private static OptionalInt number(ParsedCommand parsedCommand, Option option) {
        int number = parsedCommand.number(option, 0);
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private int ask(ParsedCommand parsedCommand) {
        Path socket =
                SocketLocation.socket(
                        parsedCommand.stateDir(), console.environment(), SocketLocation.ownUid());
        TimeLimit limit = new TimeLimit(parsedCommand, console.isInteractive());
        try (CallTimeout _ = limit.timeout()) {
            return ask(socket, parsedCommand, limit);
        } catch (NoAnswer e) {
            return notAnswered(parsedCommand, limit, e);
        } catch (MonitorAway e) {
            boolean isUnknown = limit.isSent() && e.inMidCall();
            String remark = isUnknown ? "; whether it was done is not known" : "";
            return failed(parsedCommand, e, remark, ExitCode.NO_MONITOR);
        } catch (CallFailed e) {
            return e.error() == ErrorName.CONFIGURATION_INVALID
                    ? refused(parsedCommand, e)
                    : failed(parsedCommand, e, remedy(e, socket, limit), exitCode(e));
        } catch (ControlException e) {
            throw new AssertionError("a fourth kind of error", e);
        }
    }

    private int ask(Path socket, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        if (parsedCommand.action() == Action.UPGRADE) {
            Wait wait = parsedCommand.has(Option.NO_WAIT) ? Wait.NOT : Wait.UNTIL_DONE;
            new UpgradeWaiter(socket).begin(wait, limit.timeout());
            return ExitCode.DONE;
        }
        if (parsedCommand.action() == Action.EVENTS) {
            new EventsCommand(console, parsedCommand.operands(), parsedCommand.has(Option.JSON))
                    .follow(socket, limit);
            return ExitCode.DONE;
        }
        if (parsedCommand.has(Option.FOLLOW)) {
            follow(socket, parsedCommand, limit);
            return ExitCode.DONE;
        }
        try {
            return askOnce(socket, parsedCommand, limit);
        } catch (MonitorAway e) {
            if (!e.inMidCall() || limit.isSent()) {
                throw e;
            }
            // The monitor died; the next one may already be there.
            return askOnce(socket, parsedCommand, limit);
        }
    }

    private int askOnce(Path socket, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        try (ControlClient client = ControlClient.connect(socket, limit.timeout())) {
            return ask(client, parsedCommand, limit);
        }
    }

    private int ask(ControlClient client, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        List<String> names = parsedCommand.operands();
        switch (parsedCommand.action()) {
            case LIST -> {
                if (parsedCommand.has(Option.JSON)) {
                    return new StatusCommand(console, client).asJson(names);
                }
                List<ProcessRow> rows = client.list(names);
                return print(
                        parsedCommand.has(Option.FORMAT)
                                ? UpstreamList.json(rows)
                                : ProcessTable.text(rows));
            }
            case STATUS -> {
                return new StatusCommand(console, client)
                        .show(names, parsedCommand.has(Option.JSON));
            }
            case EXPLAIN -> {
                String name = names.getFirst();
                return print(
                        parsedCommand.has(Option.JSON)
                                ? client.explainAsJson(name) + "\n"
                                : ExplainText.text(client.explain(name)));
            }
            case START -> tell(parsedCommand, client.start(names, limit.outcome(client)));
            case STOP -> tell(parsedCommand, client.stop(names, limit.outcome(client)));
            case RESTART ->
                    tell(
                            parsedCommand,
                            parsedCommand.has(Option.ROLLING)
                                    ? client.roll(names, limit.outcome(client))
                                    : client.restart(names, limit.outcome(client)));
            case DELETE -> delete(client, parsedCommand, limit.outcome(client));
            case SIGNAL -> client.signal(parsedCommand.names(), names.getLast());
            case TAIL -> tail(client, parsedCommand);
            case REOPEN -> client.reopen();
            case RELOAD -> {
                if (!names.isEmpty()) {
                    warn(client.refresh(names, limit.outcome(client)));
                    return ExitCode.DONE;
                }
                return print(PlanText.text(client.reload(parsedCommand.has(Option.DRY_RUN))));
            }
            case SCALE -> {
                int instances = Integer.parseInt(names.getLast());
                return print(PlanText.text(client.scale(names.getFirst(), instances)));
            }
            case SHUTDOWN -> client.shutdown(limit.outcome(client));
            case RUN, CHECK, EVENTS, IMPORT, UPGRADE, HELP, VERSION ->
                    throw new IllegalArgumentException("not asked");
        }
        return ExitCode.DONE;
    }

    /** The short form warns and continues, as upstream does. */
    private void delete(ControlClient client, ParsedCommand parsedCommand, Wait wait)
            throws ControlException {
        List<String> names = parsedCommand.operands();
        try {
            tell(parsedCommand, client.delete(names, wait, parsedCommand.has(Option.FORCE)));
        } catch (CallFailed e) {
            if (e.error() != ErrorName.HAS_DEPENDENTS || !parsedCommand.has(Option.WARN_ONLY)) {
                throw e;
            }
            console.complain(
                    e.name()
                            + " is deleted although "
                            + e.reason()
                            + "; they cannot start without it");
            warn(client.delete(names, wait, true));
        }
    }

    /** Says what has become of each, and warns if that may be lost with the monitor. */
    private void tell(ParsedCommand parsedCommand, List<ProcessRow> rows) {
        if (!parsedCommand.has(Option.QUIET) && !parsedCommand.has(Option.NO_WAIT)) {
            rows.forEach(row -> console.out().print(ProcessTable.outcome(row)));
        }
        warn(rows);
    }

    /** Warns that the change may be lost with the monitor. */
    private void warn(List<ProcessRow> rows) {
        for (ProcessRow row : rows) {
            row.warning().ifPresent(console::complain);
        }
    }

    private void tail(ControlClient client, ParsedCommand parsedCommand) throws ControlException {
        String name = parsedCommand.operands().getFirst();
        OutputQuery query = outputQuery(parsedCommand);
        try {
            new TailCommand(console, name, query).show(client);
        } catch (CallFailed e) {
            if (!mayBePool(e) || !PoolTail.isPool(client, name)) {
                throw e;
            }
            new PoolTail(console, name, query).show(client);
        }
    }

    private void follow(Path socket, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        String name = parsedCommand.operands().getFirst();
        OutputQuery query = outputQuery(parsedCommand);
        try {
            new TailCommand(console, name, query).follow(socket, limit);
        } catch (CallFailed e) {
            if (!mayBePool(e) || !isPool(socket, name, limit)) {
                throw e;
            }
            new PoolTail(console, name, query).follow(socket, limit);
        }
    }

    private static boolean mayBePool(CallFailed e) {
        return e.error() == ErrorName.NO_SUCH_PROCESS;
    }

    private static boolean isPool(Path socket, String name, TimeLimit limit)
            throws ControlException {
        try (CallTimeout timeout = limit.restarted();
                ControlClient client = ControlClient.connect(socket, timeout)) {
            return PoolTail.isPool(client, name);
        }
    }

    private static OutputQuery outputQuery(ParsedCommand parsedCommand) {
        return OutputQuery.last(
                parsedCommand.has(Option.STDERR) ? StandardStream.STDERR : StandardStream.STDOUT,
                parsedCommand.number(Option.LINES, OutputQuery.USUAL_LINES));
    }

    private int print(String text) {
        console.out().print(text);
        return ExitCode.DONE;
    }

    private int refused(ParsedCommand parsedCommand, CallFailed e) {
        for (String problem : e.reason().split("\n", -1)) {
            console.err().print(TerminalSafe.text(problem) + "\n");
        }
        console.complain(
                "cannot " + words(parsedCommand) + ": it has problems, nothing was changed");
        return ExitCode.CONFIGURATION_INVALID;
    }

    /** A monitor that hangs can be replaced without restarting processes. */
    private int notAnswered(ParsedCommand parsedCommand, TimeLimit limit, NoAnswer e) {
        console.complain(
                "cannot "
                        + words(parsedCommand)
                        + ": "
                        + e.reason()
                        + "; the monitor hangs or is stopped"
                        + (limit.isSent()
                                ? ", it may still do it"
                                : parsedCommand.isReadOnly() ? "" : ", nothing was changed")
                        + "; 'procmon run --take-over FILE' replaces it");
        return ExitCode.TIMED_OUT;
    }

    private int failed(ParsedCommand parsedCommand, ControlException e, String remark, int code) {
        String about = "";
        if (e instanceof CallFailed failed
                && !failed.name().isEmpty()
                && !parsedCommand.names().equals(List.of(failed.name()))
                && !e.reason().contains(failed.name())) {
            about = failed.name() + ": ";
        }
        console.complain("cannot " + words(parsedCommand) + ": " + about + e.reason() + remark);
        return code;
    }

    private static String remedy(CallFailed e, Path socket, TimeLimit limit) {
        return switch (e.error()) {
            case HAS_DEPENDENTS -> "; delete that too, or use --force";
            case TIMED_OUT ->
                    e.name().isEmpty()
                            ? ""
                            : "; the command continues, see 'procmon explain " + e.name() + "'";
            case NO_SUCH_PROCESS -> near(e.name(), socket, limit);
            default -> "";
        };
    }

    /** The name of a process or a pool that was probably meant. */
    private static String near(String name, Path socket, TimeLimit limit) {
        try (CallTimeout timeout = limit.restarted();
                ControlClient client = ControlClient.connect(socket, timeout)) {
            List<String> names = new ArrayList<>();
            client.list(List.of()).forEach(row -> names.add(row.name()));
            client.pools(List.of()).forEach(row -> names.add(row.name()));
            return Suggestion.forWord(name, names);
        } catch (ControlException _) {
            return "";
        }
    }

    private static String words(ParsedCommand parsedCommand) {
        String names = String.join(" ", parsedCommand.operands());
        return switch (parsedCommand.action()) {
            case LIST -> "list the processes";
            case STATUS -> names.isEmpty() ? "show the status" : "show the status of " + names;
            case TAIL -> "show the output of " + names;
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
            case RUN, EXPLAIN, START, STOP, RESTART, DELETE, CHECK, IMPORT, HELP, VERSION ->
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
