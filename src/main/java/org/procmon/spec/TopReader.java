package org.procmon.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the top level of a configuration. */
final class TopReader {
    private static final int MOST_STARTS = 100_000;

    private final Place place;
    private final Problems problems;
    private final ProcessesReader processes;
    private final Groups groups;

    TopReader(Place place, Problems problems, ProcessesReader processes, Groups groups) {
        this.place = place;
        this.problems = problems;
        this.processes = processes;
        this.groups = groups;
    }

    /**
     * What the tree and the files that it includes say; of use only if there were no problems.
     *
     * @param scale numbers of instances that replace those of the files
     */
    MonitorSpec read(Node tree, Map<String, Integer> scale) {
        if (!(tree instanceof Node.Members object)) {
            problems.wrongKind("the configuration", "an object with 'processes'", tree);
            return new MonitorSpec(ControlSpec.DEFAULT, List.of());
        }
        Section top = new Section(object, Keys.TOP, problems);
        top.text("$schema");
        top.text("name");
        Node.Members control = top.object("control");
        Node.Members output = top.object("output");
        processes.read(object, top, place.folder());
        return new MonitorSpec(
                control == null
                        ? ControlSpec.DEFAULT
                        : new ControlReader(problems, groups).read(control),
                output == null
                        ? Optional.empty()
                        : new PathReader(place, problems)
                                .read(new Section(output, Keys.OUTPUT, problems), "directory"),
                orphans(top),
                startBudget(top),
                decisions(top),
                processes.checked(scale),
                processes.scalable());
    }

    private Optional<StartBudget> startBudget(Section top) {
        Node.Members object = top.object("start_budget");
        if (object == null) {
            return Optional.empty();
        }
        Section section = new Section(object, Keys.START_BUDGET, problems);
        section.required("starts", "'start_budget' has no 'starts'");
        Node given = section.required("period", "'start_budget' has no 'period'");
        Duration period = section.duration("period", Duration.ofSeconds(1));
        if (given != null && period.isZero()) {
            problems.add(given.offset(), "'period' must be longer than 0");
        }
        return Optional.of(new StartBudget(section.count("starts", 1, MOST_STARTS, 1), period));
    }

    private DecisionPolicy decisions(Section top) {
        Node.Text text = top.text("decisions");
        if (text != null) {
            switch (text.value()) {
                case "boot" -> {
                    return DecisionPolicy.BOOT;
                }
                case "always" -> {
                    return DecisionPolicy.ALWAYS;
                }
                default -> problems.badText("'decisions'", "\"boot\" or \"always\"", text);
            }
        }
        return DecisionPolicy.BOOT;
    }

    private OrphanPolicy orphans(Section top) {
        Node.Text text = top.text("orphans");
        if (text != null) {
            switch (text.value()) {
                case "stop" -> {
                    return OrphanPolicy.STOP;
                }
                case "keep" -> {
                    return OrphanPolicy.KEEP;
                }
                default -> problems.badText("'orphans'", "\"stop\" or \"keep\"", text);
            }
        }
        return OrphanPolicy.STOP;
    }
}
