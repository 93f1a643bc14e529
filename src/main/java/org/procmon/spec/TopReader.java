package org.procmon.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the top level of a configuration, and checks its entries against each other. */
final class TopReader {
    private static final String NOTHING = "nothing to supervise: ";

    private final Place place;
    private final Problems problems;

    TopReader(Place place, Problems problems) {
        this.place = place;
        this.problems = problems;
    }

    /** What the tree says; of use only if it had no problems. */
    MonitorSpec read(Node tree) {
        if (!(tree instanceof Node.Members object)) {
            problems.wrongKind("the configuration", "an object with 'processes'", tree);
            return new MonitorSpec(ControlSpec.DEFAULT, List.of());
        }
        Section top = new Section(object, Keys.TOP, problems);
        top.text("$schema");
        top.text("name");
        Node.Members control = top.object("control");
        Node.Members output = top.object("output");
        Node processes = top.required("processes", NOTHING + "there is no 'processes'");
        return new MonitorSpec(
                control == null ? ControlSpec.DEFAULT : new ControlReader(problems).read(control),
                output == null
                        ? Optional.empty()
                        : new PathReader(place, problems)
                                .read(new Section(output, Keys.OUTPUT, problems), "directory"),
                orphans(top),
                processes(processes, object.whole()));
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

    private List<ProcessSpec> processes(@Nullable Node node, boolean whole) {
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Node.Items items)) {
            problems.wrongKind("'processes'", "an array", node);
            return List.of();
        }
        if (items.values().isEmpty() && items.whole()) {
            problems.add(items.offset(), NOTHING + "'processes' is empty");
        }
        ProcessReader reader = new ProcessReader(place, problems);
        List<Entry> entries = new ArrayList<>();
        for (Node value : items.values()) {
            if (value instanceof Node.Members process) {
                entries.add(reader.read(process));
            } else {
                problems.wrongKind("each entry of 'processes'", "an object", value);
            }
        }
        reportSharedNames(entries);
        reportSharedFiles(entries);
        DependencyCheck dependencies = new DependencyCheck(entries, problems);
        if (whole) {
            dependencies.reportUnknownNames();
        }
        dependencies.reportNeverMet();
        dependencies.reportCycles();
        List<ProcessSpec> specs = new ArrayList<>();
        for (Entry entry : entries) {
            specs.add(entry.spec());
        }
        return specs;
    }

    private void reportSharedNames(List<Entry> entries) {
        Map<String, Integer> firstOffsets = new HashMap<>();
        for (Entry entry : entries) {
            if (!entry.isNamed()) {
                continue;
            }
            String id = entry.spec().id();
            Integer first = firstOffsets.putIfAbsent(id, entry.idOffset());
            if (first != null) {
                problems.add(
                        entry.idOffset(),
                        () ->
                                "id '"
                                        + Problems.shown(id)
                                        + "' was already given in line "
                                        + problems.line(first));
            }
        }
    }

    /** Two streams in one file would be rotated under each other's feet. */
    private void reportSharedFiles(List<Entry> entries) {
        Map<Path, String> firstStreams = new HashMap<>();
        for (Entry entry : entries) {
            for (Entry.LogFile file : entry.files()) {
                String stream =
                        "'" + file.stream() + "' of '" + Problems.shown(entry.spec().id()) + "'";
                String first =
                        firstStreams.putIfAbsent(
                                file.path().normalize(),
                                stream + " in line " + problems.line(file.offset()));
                if (first != null) {
                    problems.add(file.offset(), stream + " has the same file as " + first);
                }
            }
        }
    }
}
