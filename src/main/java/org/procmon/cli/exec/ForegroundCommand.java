package org.procmon.cli.exec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.config.Exec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.Problem;
import org.procmon.config.ProcessSpec;
import org.procmon.config.ShellWords;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.config.reader.Suggestion;
import org.procmon.launch.ForegroundLaunch;

/**
 * The commands {@code exec} and {@code run-once}: they read the configuration of a process and
 * become the program that it names, or another one. The monitor has no part in it.
 */
public final class ForegroundCommand {
    private final Console console;
    private final Path file;
    private final String name;

    /**
     * @param file the configuration
     * @param name of a process, of an entry with instances, or of a pool
     */
    public ForegroundCommand(Console console, Path file, String name) {
        this.console = console;
        this.file = file;
        this.name = name;
    }

    /** Runs a command; returns only if that fails, with the exit code. */
    public int exec(List<String> words) {
        return become("exec", _ -> words);
    }

    /** Runs the program of the process, with further arguments; likewise. */
    public int once(List<String> arguments) {
        return become(
                "run-once",
                spec -> {
                    List<String> words = new ArrayList<>(spec.exec().argv());
                    words.addAll(arguments);
                    return words;
                });
    }

    private interface Command {
        List<String> words(ProcessSpec spec);
    }

    private int become(String verb, Command command) {
        String tried = "cannot " + verb + " " + name + ": ";
        return switch (SpecReader.read(file, console.environment())) {
            case SpecResult.Invalid invalid -> {
                for (Problem problem : invalid.problems()) {
                    console.err().print(TerminalSafe.text(problem.toString()) + "\n");
                }
                console.complain(tried + "the configuration has problems");
                yield ExitCode.CONFIGURATION_INVALID;
            }
            case SpecResult.Valid valid -> {
                Optional<ProcessSpec> found = find(valid.spec());
                if (found.isEmpty()) {
                    String near = Suggestion.forWord(name, names(valid.spec()));
                    console.complain(tried + file + " has no process '" + name + "'" + near);
                    yield ExitCode.NO_SUCH_PROCESS;
                }
                ProcessSpec spec = found.get();
                List<String> words = command.words(spec);
                console.out().flush();
                Exec exec = new Exec(ShellWords.join(words), words);
                console.complain(
                        tried + ForegroundLaunch.become(spec, exec, console.environment()));
                yield ExitCode.FAILED;
            }
        };
    }

    /** Of several instances the first. */
    private Optional<ProcessSpec> find(MonitorSpec spec) {
        return spec.processes().stream()
                .filter(process -> process.id().equals(name))
                .findFirst()
                .or(() ->
                        spec.processes().stream()
                                .filter(process ->
                                        process.instance()
                                                .filter(one -> one.group().equals(name))
                                                .isPresent())
                                .findFirst())
                .or(() ->
                        spec.pools().stream()
                                .filter(pool -> pool.id().equals(name))
                                .findFirst()
                                .map(pool -> pool.worker(1)));
    }

    private static List<String> names(MonitorSpec spec) {
        List<String> names = new ArrayList<>();
        spec.processes().forEach(process -> names.add(process.id()));
        spec.pools().stream().map(PoolSpec::id).forEach(names::add);
        return names;
    }
}
