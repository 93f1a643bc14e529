package org.procmon.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the top level of a configuration. */
final class TopReader {
    private final Place place;
    private final Problems problems;
    private final ProcessesReader processes;

    TopReader(Place place, Problems problems, ProcessesReader processes) {
        this.place = place;
        this.problems = problems;
        this.processes = processes;
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
                control == null ? ControlSpec.DEFAULT : new ControlReader(problems).read(control),
                output == null
                        ? Optional.empty()
                        : new PathReader(place, problems)
                                .read(new Section(output, Keys.OUTPUT, problems), "directory"),
                orphans(top),
                processes.checked(scale));
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
