package org.procmon.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.console.ProblemText;
import org.procmon.cli.console.Terminal;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.config.reader.Locations;
import org.procmon.config.reader.SpecReader;

/**
 * The command {@code check}: reports every error of a configuration or, if there is none, every
 * problem with what it names.
 */
final class CheckCommand {
    private static final String WARNING = "warning: ";

    private final Console console;
    private final Inspector inspector;

    CheckCommand(Console console, Inspector inspector) {
        this.console = console;
        this.inspector = inspector;
    }

    /** Returns the exit code. */
    int run(Path file, ParsedCommand parsedCommand) {
        SpecReader.Located located = SpecReader.locate(file, console.environment());
        return switch (located.result()) {
            case SpecResult.Invalid invalid -> {
                tell(invalid.problems());
                yield ExitCode.CONFIGURATION_INVALID;
            }
            case SpecResult.Valid valid ->
                    inspect(
                            file,
                            valid.spec(),
                            located.locations().orElseThrow(),
                            parsedCommand.has(Option.STRICT));
        };
    }

    private int inspect(Path file, MonitorSpec spec, Locations locations, boolean strict) {
        // One entry for the same problem of several instances.
        Set<Problem> all = new LinkedHashSet<>();
        int warnings = 0;
        for (Inspector.Remark remark : inspector.inspect(spec, console.environment())) {
            if (remark.ofKeyOnly() && !locations.has(remark.process(), remark.keys())) {
                continue;
            }
            String kind = remark.isWarning() ? strict ? "" : WARNING : "note: ";
            boolean isNew =
                    all.add(
                            locations.problem(
                                    remark.process(), remark.keys(), kind + remark.text()));
            warnings += isNew && remark.isWarning() ? 1 : 0;
        }
        List<Problem> sorted = new ArrayList<>(all);
        Map<String, Integer> order = orderOfFiles(sorted, file);
        sorted.sort(
                Comparator.comparingInt((Problem p) -> order.getOrDefault(p.file(), 0))
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column));
        tell(sorted);
        warnings += tellUnused(spec, strict);
        print(file + ": " + entries(spec) + ", ");
        print(
                warnings == 0
                        ? "no problems\n"
                        : strict
                                ? count(warnings, "problem", "problems") + "\n"
                                : count(warnings, "warning", "warnings") + "\n");
        return strict && warnings > 0 ? ExitCode.CONFIGURATION_INVALID : ExitCode.DONE;
    }

    /** What is in folders and is not used; returns how much it is. */
    private int tellUnused(MonitorSpec spec, boolean strict) {
        for (UnusedEntry one : spec.unused()) {
            String text = one.path() + ": " + (strict ? "" : WARNING) + "not used: " + one.reason();
            print(TerminalSafe.text(text) + "\n");
        }
        return spec.unused().size();
    }

    private static String entries(MonitorSpec spec) {
        String processes = count(spec.processes().size(), "process", "processes");
        if (spec.pools().isEmpty()) {
            return processes;
        }
        String pools = count(spec.pools().size(), "pool", "pools");
        return spec.processes().isEmpty() ? pools : processes + ", " + pools;
    }

    /** The main file first, then the others in the order of their problems. */
    private static Map<String, Integer> orderOfFiles(List<Problem> problems, Path first) {
        Map<String, Integer> order = new java.util.HashMap<>();
        order.put(first.toString(), 0);
        for (Problem problem : problems) {
            order.putIfAbsent(problem.file(), order.size());
        }
        return order;
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private void tell(List<Problem> problems) {
        Optional<Terminal> terminal = Terminal.of(console);
        for (Problem problem : problems) {
            print(ProblemText.of(problem, terminal));
            if (console.out().checkError()) {
                return;
            }
        }
    }

    private void print(String text) {
        console.out().print(text);
    }
}
