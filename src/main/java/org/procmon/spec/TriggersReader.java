package org.procmon.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what says when a process is started, stopped, restarted or refreshed from outside. */
final class TriggersReader {

    private final PathReader paths;
    private final PolicyReader policies;
    private final Problems problems;

    TriggersReader(PathReader paths, PolicyReader policies, Problems problems) {
        this.paths = paths;
        this.policies = policies;
        this.problems = problems;
    }

    Triggers read(Section process) {
        for (String key : Keys.TRIGGERS) {
            if (process.has(key)) {
                return new Triggers(schedule(process), watch(process), reloadSignal(process));
            }
        }
        return Triggers.DEFAULT;
    }

    private Optional<Schedule> schedule(Section process) {
        Node.Members object = process.object("schedule");
        if (object == null) {
            return Optional.empty();
        }
        return Optional.of(new ScheduleReader(problems).read(object));
    }

    private Optional<Watch> watch(Section process) {
        Node node = process.value("watch");
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof Node.Members object) {
            Section section = new Section(object, Keys.WATCH, problems);
            section.required("paths", "'watch' has no 'paths'");
            Duration quiet = section.duration("quiet", Watch.USUAL_QUIET);
            return Optional.of(new Watch(paths(section, "paths"), quiet));
        }
        return Optional.of(new Watch(paths(process, "watch"), Watch.USUAL_QUIET));
    }

    private List<Path> paths(Section section, String key) {
        List<Path> all = new ArrayList<>();
        for (Node node : section.oneOrMore(key)) {
            if (node instanceof Node.Text text) {
                paths.resolve(key, text, 0).ifPresent(all::add);
            } else {
                problems.wrongKind("each entry of '" + key + "'", "a path", node);
            }
        }
        if (section.value(key) instanceof Node.Items items
                && items.values().isEmpty()
                && items.whole()) {
            problems.add(items.offset(), "'" + key + "' names no path");
        }
        return all;
    }

    private Optional<Signal> reloadSignal(Section process) {
        Node node = process.value("reload_signal");
        if (node == null) {
            return Optional.empty();
        }
        Optional<Signal> signal = policies.signal("'reload_signal'", node);
        if (signal.equals(Optional.of(Signal.KILL)) || signal.equals(Optional.of(Signal.STOP))) {
            problems.add(
                    node.offset(), "'reload_signal' must be a signal that a program can handle");
        }
        return signal;
    }
}
