package org.procmon.config.reader;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.config.Triggers;
import org.procmon.config.Watch;

/** Reads the external events that start, stop, restart or refresh a process. */
final class TriggersReader {

    private final PathReader paths;
    private final PolicyReader policies;
    private final Problems problems;

    TriggersReader(PathReader paths, PolicyReader policies, Problems problems) {
        this.paths = paths;
        this.policies = policies;
        this.problems = problems;
    }

    Triggers read(ObjectReader process) {
        for (String key : Keys.TRIGGERS) {
            if (process.has(key)) {
                return new Triggers(schedule(process), watch(process), reloadSignal(process));
            }
        }
        return Triggers.DEFAULT;
    }

    private Optional<Schedule> schedule(ObjectReader process) {
        JsonValue.Members object = process.object("schedule");
        if (object == null) {
            return Optional.empty();
        }
        return Optional.of(new ScheduleReader(problems).read(object));
    }

    private Optional<Watch> watch(ObjectReader process) {
        JsonValue jsonValue = process.value("watch");
        if (jsonValue == null) {
            return Optional.empty();
        }
        if (jsonValue instanceof JsonValue.Members object) {
            ObjectReader objectReader = new ObjectReader(object, Keys.WATCH, problems);
            objectReader.required("paths", "'watch' has no 'paths'");
            Duration quiet = objectReader.duration("quiet", Watch.USUAL_QUIET);
            return Optional.of(new Watch(paths(objectReader, "paths"), quiet));
        }
        return Optional.of(new Watch(paths(process, "watch"), Watch.USUAL_QUIET));
    }

    private List<Path> paths(ObjectReader objectReader, String key) {
        List<Path> all = new ArrayList<>();
        for (JsonValue jsonValue : objectReader.oneOrMore(key)) {
            if (jsonValue instanceof JsonValue.Text text) {
                paths.resolve(key, text, 0).ifPresent(all::add);
            } else {
                problems.wrongKind("each entry of '" + key + "'", "a path", jsonValue);
            }
        }
        if (objectReader.value(key) instanceof JsonValue.Items items
                && items.values().isEmpty()
                && items.whole()) {
            problems.add(items.offset(), "'" + key + "' names no path");
        }
        return all;
    }

    private Optional<Signal> reloadSignal(ObjectReader process) {
        JsonValue jsonValue = process.value("reload_signal");
        if (jsonValue == null) {
            return Optional.empty();
        }
        Optional<Signal> signal = policies.signal("'reload_signal'", jsonValue);
        if (signal.equals(Optional.of(Signal.KILL)) || signal.equals(Optional.of(Signal.STOP))) {
            problems.add(
                    jsonValue.offset(),
                    "'reload_signal' must be a signal that a program can handle");
        }
        return signal;
    }
}
