package org.procmon.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.bytes.BytePath;
import org.procmon.cli.completion.CompletionScript;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.console.MonitorAccess;
import org.procmon.cli.console.Pager;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.console.UsageException;
import org.procmon.cli.exec.ForegroundCommand;
import org.procmon.cli.graph.DependencyGraph;
import org.procmon.cli.graph.GraphText;
import org.procmon.cli.graph.MermaidText;
import org.procmon.cli.logs.LogChoice;
import org.procmon.cli.logs.LogsCommand;
import org.procmon.cli.progress.FirstSecond;
import org.procmon.cli.progress.WaitDisplay;
import org.procmon.cli.table.ListCommand;
import org.procmon.cli.table.TableChoice;
import org.procmon.config.Signal;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
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
    /** For a look at what was started. */
    private static final Duration TIME_TO_LOOK = Duration.ofSeconds(2);

    private final Console console;
    private final MonitorRunner runner;
    private final Inspector inspector;

    /** Removes what is shown while a command waits. */
    private Runnable endOfDisplay = () -> {};

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
            case HELP -> show(HelpText.of(parsedCommand.subject()));
            case VERSION -> print(Product.NAME + " " + Product.VERSION + "\n");
            case CHECK ->
                    new CheckCommand(console, inspector).run(file(parsedCommand), parsedCommand);
            case IMPORT -> new ImportCommand(console).run(parsedCommand.operands());
            case RUN -> runner.run(file(parsedCommand), runOptions(parsedCommand));
            case SERVE ->
                    new ServeCommand(console, runner).run(parsedCommand, runOptions(parsedCommand));
            case UP ->
                    new UpCommand(console, runner)
                            .run(
                                    parsedCommand,
                                    runOptions(parsedCommand),
                                    SocketLocation.stateFolder(
                                                    parsedCommand.stateDir(),
                                                    console.environment(),
                                                    SocketLocation.ownUid())
                                            .resolve(SocketLocation.SOCKET));
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
            case LOGS -> {
                var _ = logChoice(parsedCommand);
                yield ask(parsedCommand);
            }
            case COMPLETION -> print(completion(parsedCommand.operands().getFirst()));
            case LIST -> {
                var _ = choice(parsedCommand);
                yield ask(parsedCommand);
            }
            case STATUS,
                    EXPLAIN,
                    START,
                    STOP,
                    RESTART,
                    DELETE,
                    TAIL,
                    EVENTS,
                    GRAPH,
                    TREE,
                    EXEC,
                    RUN_ONCE,
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
        } catch (ControlException e) {
            return new CommandFailure(console, socket, parsedCommand, limit).tell(e);
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
        if (parsedCommand.has(Option.WATCH)) {
            table(parsedCommand).watch(new MonitorAccess(socket, limit::restarted));
            return ExitCode.DONE;
        }
        if (parsedCommand.action() == Action.LOGS) {
            logs(parsedCommand).run(new MonitorAccess(socket, limit::restarted));
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
        endOfDisplay = display(socket, parsedCommand, limit);
        try (ControlClient client = ControlClient.connect(socket, limit.timeout())) {
            return ask(client, parsedCommand, limit);
        } finally {
            endOfDisplay.run();
        }
    }

    /** Shows a person what a command waits for; returns what ends that. */
    private Runnable display(Path socket, ParsedCommand parsedCommand, TimeLimit limit) {
        boolean isShown =
                parsedCommand.waitsForOutcome()
                        && !parsedCommand.has(Option.UPSTREAM)
                        && !parsedCommand.has(Option.QUIET)
                        && console.isInteractive();
        if (!isShown) {
            return () -> {};
        }
        boolean goesUp =
                switch (parsedCommand.action()) {
                    case START, RESTART, RELOAD -> true;
                    default -> false;
                };
        MonitorAccess monitor = new MonitorAccess(socket, limit::restarted);
        return WaitDisplay.open(console, monitor, parsedCommand.operands(), goesUp)::close;
    }

    private int ask(ControlClient client, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        List<String> names = parsedCommand.operands();
        switch (parsedCommand.action()) {
            case LIST -> {
                return list(client, parsedCommand);
            }
            case STATUS -> {
                return names.isEmpty() && !parsedCommand.has(Option.JSON)
                        ? show(table(parsedCommand).text(client))
                        : new StatusCommand(console, client)
                                .show(names, parsedCommand.has(Option.JSON));
            }
            case EXPLAIN -> {
                return explain(client, parsedCommand);
            }
            case START -> {
                return start(client, parsedCommand, limit);
            }
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
            case GRAPH -> {
                return graph(client, parsedCommand);
            }
            case TREE -> {
                return tree(client, names);
            }
            case EXEC, RUN_ONCE -> {
                return runInForeground(client, parsedCommand);
            }
            case SHUTDOWN -> client.shutdown(limit.outcome(client));
            case RUN, UP, SERVE, CHECK, LOGS, EVENTS, IMPORT, UPGRADE, COMPLETION, HELP, VERSION ->
                    throw new IllegalArgumentException("not asked");
        }
        return ExitCode.DONE;
    }

    /** What exits in its first second was not started. */
    private int start(ControlClient client, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        Wait wait = limit.outcome(client);
        List<ProcessRow> rows = client.start(parsedCommand.operands(), wait);
        if (!wait.waits() || parsedCommand.has(Option.UPSTREAM) || !limit.leaves(TIME_TO_LOOK)) {
            tell(parsedCommand, rows);
            return ExitCode.DONE;
        }
        List<FirstSecond.Failure> failures = FirstSecond.failures(client, rows);
        List<ProcessRow> good = new ArrayList<>(rows);
        failures.forEach(failure -> good.removeIf(row -> row.name().equals(failure.name())));
        tell(parsedCommand, good);
        console.out().flush();
        failures.forEach(failure -> console.complain(failure.text()));
        return failures.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int list(ControlClient client, ParsedCommand parsedCommand) throws ControlException {
        List<String> names = parsedCommand.operands();
        if (parsedCommand.has(Option.JSON)) {
            return new StatusCommand(console, client).asJson(names);
        }
        if (parsedCommand.has(Option.FORMAT)) {
            return print(UpstreamList.json(client.list(names)));
        }
        return parsedCommand.has(Option.UPSTREAM)
                ? print(ProcessTable.text(client.list(names)))
                : show(table(parsedCommand).text(client));
    }

    private LogsCommand logs(ParsedCommand parsedCommand) {
        try {
            return new LogsCommand(console, parsedCommand.operands(), logChoice(parsedCommand));
        } catch (UsageException e) {
            throw new IllegalArgumentException("not checked before", e);
        }
    }

    private static LogChoice logChoice(ParsedCommand parsedCommand) throws UsageException {
        String lines = parsedCommand.value(Option.LINES);
        return LogChoice.of(
                parsedCommand.has(Option.FOLLOW),
                parsedCommand.value(Option.SINCE),
                parsedCommand.value(Option.GREP),
                parsedCommand.has(Option.JSON),
                lines == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(lines)));
    }

    private ListCommand table(ParsedCommand parsedCommand) {
        try {
            return new ListCommand(console, parsedCommand.operands(), choice(parsedCommand));
        } catch (UsageException e) {
            throw new IllegalArgumentException("not checked before", e);
        }
    }

    private static TableChoice choice(ParsedCommand parsedCommand) throws UsageException {
        return TableChoice.of(
                parsedCommand.value(Option.STATE),
                parsedCommand.value(Option.SORT),
                parsedCommand.has(Option.WIDE));
    }

    private int graph(ControlClient client, ParsedCommand parsedCommand) throws ControlException {
        List<String> names = parsedCommand.operands();
        DependencyGraph all = new DependencyGraph(client.list(List.of()));
        DependencyGraph graph =
                names.isEmpty() ? all : all.around(StatusCommand.names(client, names));
        return parsedCommand.has(Option.MERMAID)
                ? print(MermaidText.of(graph))
                : show(GraphText.ofAll(graph, hasColours()));
    }

    private int runInForeground(ControlClient client, ParsedCommand parsedCommand)
            throws ControlException {
        List<String> operands = parsedCommand.operands();
        Optional<Path> file = RunningConfig.of(client.status("procmon1"));
        if (file.isEmpty()) {
            console.complain(
                    "cannot %s %s: the monitor does not say which file it was started with"
                            .formatted(parsedCommand.action().command, operands.getFirst()));
            return ExitCode.FAILED;
        }
        ForegroundCommand command = new ForegroundCommand(console, file.get(), operands.getFirst());
        List<String> words = operands.subList(1, operands.size());
        return parsedCommand.action() == Action.EXEC ? command.exec(words) : command.once(words);
    }

    private int tree(ControlClient client, List<String> names) throws ControlException {
        DependencyGraph all = new DependencyGraph(client.list(List.of()));
        List<String> trees = new ArrayList<>();
        for (ProcessRow row : client.list(names)) {
            trees.add(GraphText.ofOne(all, row.name(), hasColours()));
        }
        return show(String.join("\n", trees));
    }

    private boolean hasColours() {
        return Terminal.of(console).map(Terminal::colours).orElse(false);
    }

    private static String completion(String shell) throws UsageException {
        CompletionScript script =
                CompletionScript.of(shell)
                        .orElseThrow(() ->
                                new UsageException(
                                        "there is no completion for '"
                                                + shell
                                                + "'; the shells are "
                                                + String.join(", ", CompletionScript.shells())));
        return script.text(Action.entries());
    }

    /** The short form warns and continues, as upstream does. */
    private void delete(ControlClient client, ParsedCommand parsedCommand, Wait wait)
            throws ControlException {
        List<String> names = parsedCommand.operands();
        try {
            tell(parsedCommand, client.delete(names, wait, parsedCommand.has(Option.FORCE)));
        } catch (CallFailed e) {
            if (e.error() != ErrorName.HAS_DEPENDENTS || !parsedCommand.has(Option.UPSTREAM)) {
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
        boolean isQuiet = parsedCommand.has(Option.QUIET) || parsedCommand.has(Option.UPSTREAM);
        if (!isQuiet && !parsedCommand.has(Option.NO_WAIT)) {
            endOfDisplay.run();
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
        List<String> names = parsedCommand.operands();
        OutputQuery query = outputQuery(parsedCommand);
        if (names.size() == 1) {
            try {
                new TailCommand(console, names.getFirst(), query).show(client);
                return;
            } catch (CallFailed e) {
                throwUnlessGroup(e);
            }
        }
        new GroupTail(console, names, query).show(client);
    }

    private void follow(Path socket, ParsedCommand parsedCommand, TimeLimit limit)
            throws ControlException {
        List<String> names = parsedCommand.operands();
        OutputQuery query = outputQuery(parsedCommand);
        if (names.size() == 1) {
            try {
                new TailCommand(console, names.getFirst(), query).follow(socket, limit);
                return;
            } catch (CallFailed e) {
                throwUnlessGroup(e);
            }
        }
        new GroupTail(console, names, query).follow(socket, limit);
    }

    /** What is no process may be a pool, a group of instances, or a glob. */
    private static void throwUnlessGroup(CallFailed e) throws CallFailed {
        if (e.error() != ErrorName.NO_SUCH_PROCESS) {
            throw e;
        }
    }

    /** Each process and each pool that is meant, one after the other. */
    private int explain(ControlClient client, ParsedCommand parsedCommand) throws ControlException {
        List<String> names = parsedCommand.operands();
        boolean asJson = parsedCommand.has(Option.JSON);
        if (names.size() == 1) {
            try {
                String name = names.getFirst();
                return asJson
                        ? print(client.explainAsJson(name) + "\n")
                        : show(ExplainText.text(client.explain(name)));
            } catch (CallFailed e) {
                throwUnlessGroup(e);
            }
        }
        List<String> texts = new ArrayList<>();
        for (String name : StatusCommand.names(client, names)) {
            texts.add(asJson ? client.explainAsJson(name) : ExplainText.text(client.explain(name)));
        }
        return asJson
                ? print("[" + String.join(",", texts) + "]\n")
                : show(String.join("\n", texts));
    }

    private static OutputQuery outputQuery(ParsedCommand parsedCommand) {
        return OutputQuery.last(
                parsedCommand.has(Option.STDERR) ? StandardStream.STDERR : StandardStream.STDOUT,
                parsedCommand.number(Option.LINES, OutputQuery.USUAL_LINES));
    }

    /** Long texts go to the pager, if a person reads them. */
    private int show(String text) {
        Pager.show(console, text, ExitCode.DONE);
        return ExitCode.DONE;
    }

    private int print(String text) {
        console.out().print(text);
        return ExitCode.DONE;
    }
}
