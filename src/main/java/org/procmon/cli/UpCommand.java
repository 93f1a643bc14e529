package org.procmon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.console.MonitorAccess;
import org.procmon.cli.console.ProblemText;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.project.ProjectFile;
import org.procmon.config.Problem;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.status.fields.ProcessRow;

/**
 * Runs a monitor with the configuration of a project. If it runs already, the changed configuration
 * is applied.
 */
final class UpCommand {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Console console;
    private final MonitorRunner runner;

    UpCommand(Console console, MonitorRunner runner) {
        this.console = console;
        this.runner = runner;
    }

    /**
     * @param socket of the monitor, if it runs already
     */
    int run(ParsedCommand parsedCommand, RunOptions options, Path socket) {
        List<Path> files = parsedCommand.operands().stream().map(BytePath::named).toList();
        if (files.isEmpty()) {
            Optional<Path> found = ProjectFile.find(BytePath.here());
            if (found.isEmpty()) {
                console.complain(
                        "cannot find a project: no " + ProjectFile.NAME + " here or above");
                return ExitCode.FAILED;
            }
            files = List.of(found.get());
        }
        String profiles = parsedCommand.value(Option.PROFILE);
        Set<String> wanted = profiles == null ? Set.of() : Set.of(profiles.split(","));
        try {
            return switch (ProjectFile.merge(files, console.environment(), wanted)) {
                case ProjectFile.Result.Bad(List<Problem> problems) -> refused(problems);
                case ProjectFile.Result.Good(Path file) -> run(file, options, socket);
            };
        } catch (IOException e) {
            console.complain(String.valueOf(e.getMessage()));
            return ExitCode.FAILED;
        }
    }

    private int refused(List<Problem> problems) {
        Optional<Terminal> terminal = Terminal.of(console);
        for (Problem problem : problems) {
            console.err().print(ProblemText.of(problem, terminal));
        }
        console.complain("cannot run the project: it has problems, nothing was changed");
        return ExitCode.CONFIGURATION_INVALID;
    }

    private int run(Path file, RunOptions options, Path socket) {
        MonitorAccess monitor =
                new MonitorAccess(socket, () -> new CallTimeout(Optional.of(LIMIT)));
        try {
            ProcessRow running = monitor.ask(client -> client.status("procmon1"));
            if (options.takesOver()) {
                return runner.run(file, options);
            }
            if (!RunningConfig.isOf(running, file)) {
                console.complain(
                        "cannot run the project: the monitor with pid "
                                + running.pid()
                                + " runs "
                                + RunningConfig.of(running)
                                        .map(Path::toString)
                                        .orElse("another one")
                                + "; --state-dir names another directory for this one");
                return ExitCode.FAILED;
            }
            console.out().print(PlanText.text(monitor.ask(client -> client.reload(false))));
            return ExitCode.DONE;
        } catch (MonitorAway _) {
            return runner.run(file, options);
        } catch (ControlException e) {
            console.complain("cannot run the project: " + e.reason());
            return ExitCode.FAILED;
        }
    }
}
