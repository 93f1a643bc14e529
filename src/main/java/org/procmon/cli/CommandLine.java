package org.procmon.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.client.Succession;
import org.procmon.control.client.UpstreamList;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.Plain;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.protocol.Product;
import org.procmon.control.protocol.RowCodec;
import org.procmon.control.protocol.SocketLocation;
import org.procmon.control.protocol.StandardStream;
import org.procmon.spec.Problem;
import org.procmon.spec.Signal;
import org.procmon.spec.SpecReader;
import org.procmon.spec.SpecResult;
import tools.jackson.core.JsonGenerator;

/** The program {@code procmon}, less what runs a monitor. */
public final class CommandLine {
    private final Console console;
    private final MonitorRunner runner;

    private CommandLine(Console console, MonitorRunner runner) {
        this.console = console;
        this.runner = runner;
    }

    /**
     * Does what the arguments say. Blocks until it is done.
     *
     * @return the exit code
     */
    public static int run(String[] args, Console console, MonitorRunner runner) {
        int code = new CommandLine(console, runner).run(args);
        if (console.out().checkError() && code == ExitCode.DONE) {
            console.complain("cannot write the answer: the output does not take it");
            return ExitCode.FAILED;
        }
        return code;
    }

    private int run(String[] args) {
        if (args.length == 0) {
            console.err().print(Usage.of(Action.HELP));
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

    private int run(Request request) throws UsageException {
        return switch (request.action()) {
            case HELP -> print(Usage.of(request.subject()));
            case VERSION -> print(Product.NAME + " " + Product.VERSION + "\n");
            case CHECK -> check(Path.of(request.operands().getFirst()));
            case IMPORT -> new ImportCommand(console).run(request.operands());
            case RUN -> runner.run(Path.of(request.operands().getFirst()), runOptions(request));
            case SIGNAL -> {
                String signal = request.operands().getLast();
                if (Signal.parse(signal).isEmpty()) {
                    throw new UsageException("there is no signal '" + signal + "'");
                }
                yield ask(request);
            }
            case RELOAD -> {
                if (request.has(Option.DRY_RUN) && !request.operands().isEmpty()) {
                    throw new UsageException("--dry-run is for the whole configuration");
                }
                yield ask(request);
            }
            case SCALE -> {
                String number = request.operands().getLast();
                if (!ArgumentParser.isNumber(number, 0)) {
                    throw new UsageException("'" + number + "' is no number of instances");
                }
                yield ask(request);
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
                    ask(request);
        };
    }

    private static RunOptions runOptions(Request request) {
        RunOptions.Role pair =
                request.has(Option.FROM_PRIMARY)
                        ? RunOptions.Role.PAIR_FROM_PRIMARY
                        : RunOptions.Role.PAIR_FROM_BACKUP;
        return new RunOptions(
                request.stateDir(),
                request.has(Option.VERBOSE),
                request.has(Option.NO_BACKUP) ? RunOptions.Role.ALONE : pair,
                request.has(Option.TAKE_OVER),
                number(request, Option.STANDBY),
                number(request, Option.INHERITED),
                request.has(Option.RENEWED));
    }

    private static OptionalInt number(Request request, Option option) {
        int number = request.number(option, 0);
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private int ask(Request request) {
        Path socket =
                SocketLocation.socket(
                        request.stateDir(), console.environment(), SocketLocation.ownUid());
        try {
            return ask(socket, request);
        } catch (MonitorAway e) {
            return failed(request, e, ExitCode.NO_MONITOR);
        } catch (CallFailed e) {
            return e.error() == ErrorName.CONFIGURATION_INVALID
                    ? refused(request, e)
                    : failed(request, e, exitCode(e));
        } catch (ControlException e) {
            throw new AssertionError("a third kind of error", e);
        }
    }

    private int ask(Path socket, Request request) throws ControlException {
        if (request.action() == Action.UPGRADE) {
            new Succession(socket).begin(request.patience());
            return ExitCode.DONE;
        }
        if (request.action() == Action.EVENTS) {
            new Events(console, request.operands(), request.has(Option.JSON)).follow(socket);
            return ExitCode.DONE;
        }
        if (request.has(Option.FOLLOW)) {
            tail(request).follow(socket);
            return ExitCode.DONE;
        }
        try {
            return askOnce(socket, request);
        } catch (MonitorAway e) {
            if (!e.inMidCall() || !request.action().onlyLooks()) {
                throw e;
            }
            // It died, and the next one may be there already.
            return askOnce(socket, request);
        }
    }

    private int askOnce(Path socket, Request request) throws ControlException {
        try (ControlClient client = ControlClient.connect(socket)) {
            return ask(client, request);
        }
    }

    private int ask(ControlClient client, Request request) throws ControlException {
        List<String> names = request.operands();
        switch (request.action()) {
            case LIST -> {
                if (request.has(Option.JSON)) {
                    return print(client.listAsJson(names) + "\n");
                }
                List<ProcessRow> rows = client.list(names);
                return print(
                        request.has(Option.FORMAT)
                                ? UpstreamList.json(rows)
                                : ProcessTable.text(rows));
            }
            case STATUS -> {
                boolean rich = request.has(Option.JSON);
                List<ProcessRow> rows = rich ? client.listWithUsage(names) : client.list(names);
                print(rich ? json(rows) : StatusText.text(rows));
                return names.isEmpty() || areAlive(rows) ? ExitCode.DONE : ExitCode.NOT_RUNNING;
            }
            case EXPLAIN -> {
                String name = names.getFirst();
                return print(
                        request.has(Option.JSON)
                                ? client.explainAsJson(name) + "\n"
                                : ExplainText.text(client.explain(name)));
            }
            case START -> warn(client.start(names, request.patience()));
            case STOP -> warn(client.stop(names, request.patience()));
            case RESTART ->
                    warn(
                            request.has(Option.ROLLING)
                                    ? client.roll(names, request.patience())
                                    : client.restart(names, request.patience()));
            case DELETE -> warn(client.delete(names, request.patience()));
            case SIGNAL -> client.signal(names(request), names.getLast());
            case TAIL -> tail(request).show(client);
            case REOPEN -> client.reopen();
            case RELOAD -> {
                if (!names.isEmpty()) {
                    warn(client.refresh(names, request.patience()));
                    return ExitCode.DONE;
                }
                return print(PlanText.text(client.reload(request.has(Option.DRY_RUN))));
            }
            case SCALE -> {
                int instances = Integer.parseInt(names.getLast());
                return print(PlanText.text(client.scale(names.getFirst(), instances)));
            }
            case SHUTDOWN -> client.shutdown(request.patience());
            case RUN, CHECK, EVENTS, IMPORT, UPGRADE, HELP, VERSION ->
                    throw new IllegalArgumentException("not asked");
        }
        return ExitCode.DONE;
    }

    /** It was done, but may not outlive the monitor. */
    private void warn(List<ProcessRow> rows) {
        for (ProcessRow row : rows) {
            row.warning().ifPresent(console::complain);
        }
    }

    private Tail tail(Request request) {
        OutputQuery query =
                OutputQuery.last(
                        request.has(Option.STDERR) ? StandardStream.STDERR : StandardStream.STDOUT,
                        request.number(Option.LINES, OutputQuery.USUAL_LINES));
        return new Tail(console, request.operands().getFirst(), query);
    }

    private static String json(List<ProcessRow> rows) {
        MessageBuffer text = new MessageBuffer();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartArray();
            for (ProcessRow row : rows) {
                RowCodec.write(json, row);
            }
            json.writeEndArray();
        }
        return text.text() + "\n";
    }

    private static boolean areAlive(List<ProcessRow> rows) {
        for (ProcessRow row : rows) {
            if (!row.isAlive()) {
                return false;
            }
        }
        return true;
    }

    private int check(Path file) {
        return switch (SpecReader.read(file, console.environment())) {
            case SpecResult.Valid valid -> {
                int count = valid.spec().processes().size();
                yield print(
                        file
                                + ": "
                                + count
                                + (count == 1 ? " process" : " processes")
                                + ", no problems\n");
            }
            case SpecResult.Invalid invalid -> {
                for (Problem problem : invalid.problems()) {
                    print(Plain.text(problem.toString()) + "\n");
                }
                yield ExitCode.CONFIGURATION_INVALID;
            }
        };
    }

    private int print(String text) {
        console.out().print(text);
        return ExitCode.DONE;
    }

    private int refused(Request request, CallFailed e) {
        for (String problem : e.reason().split("\n", -1)) {
            console.err().print(Plain.text(problem) + "\n");
        }
        console.complain("cannot " + words(request) + ": it has problems, nothing was changed");
        return ExitCode.CONFIGURATION_INVALID;
    }

    private int failed(Request request, ControlException e, int code) {
        String about = "";
        if (e instanceof CallFailed failed
                && !failed.name().isEmpty()
                && !names(request).equals(List.of(failed.name()))
                && !e.reason().contains(failed.name())) {
            about = failed.name() + ": ";
        }
        boolean unknown =
                e instanceof MonitorAway away && away.inMidCall() && !request.action().onlyLooks();
        console.complain(
                "cannot "
                        + words(request)
                        + ": "
                        + about
                        + e.reason()
                        + (unknown ? "; whether it was done is not known" : ""));
        return code;
    }

    /** The processes that a request names. */
    private static List<String> names(Request request) {
        List<String> operands = request.operands();
        return request.action() == Action.SIGNAL || request.action() == Action.SCALE
                ? operands.subList(0, operands.size() - 1)
                : operands;
    }

    private static String words(Request request) {
        String names = String.join(" ", request.operands());
        return switch (request.action()) {
            case LIST -> "list the processes";
            case STATUS -> names.isEmpty() ? "tell the status" : "tell the status of " + names;
            case TAIL -> "show the output of " + names;
            case EVENTS -> "show the events" + (names.isEmpty() ? "" : " of " + names);
            case REOPEN -> "open the log files anew";
            case UPGRADE -> "upgrade the monitor";
            case SHUTDOWN -> "shut down the monitor";
            case RELOAD -> names.isEmpty() ? "reload the configuration" : "reload " + names;
            case SCALE ->
                    "run %s instances of %s"
                            .formatted(request.operands().getLast(), request.operands().getFirst());
            case SIGNAL -> {
                String signal = request.operands().getLast();
                yield "send " + signal + " to " + String.join(" ", names(request));
            }
            case RUN, EXPLAIN, START, STOP, RESTART, DELETE, CHECK, IMPORT, HELP, VERSION ->
                    request.action().command + " " + names;
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
