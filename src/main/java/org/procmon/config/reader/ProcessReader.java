package org.procmon.config.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Dependency;
import org.procmon.config.Instance;
import org.procmon.config.OutputSpec;
import org.procmon.config.ProcessName;
import org.procmon.config.ProcessSpec;

/** Reads one entry of {@code processes}, or the keys of a process in one of {@code pools}. */
final class ProcessReader {
    private static final String DEPENDENCY =
            "the name of a process, or an object with 'on' and 'when'";

    /** A dot and four digits. */
    static final int LONGEST_NUMBER = 5;

    /** What the entries are, for messages. */
    private final String kind;

    private final PathReader paths;
    private final Problems problems;
    private final ExecReader exec;
    private final EnvReader env;
    private final PolicyReader policies;
    private final InputReader inputs;
    private final OutputSpecReader outputs;
    private final IdentityReader identities;
    private final HooksReader hooks;
    private final TriggersReader triggers;
    private final LifetimeReader lifetimes;

    ProcessReader(ReadContext readContext, Problems problems) {
        this("process", readContext, problems);
    }

    /**
     * @param kind what the entries are, for messages
     */
    ProcessReader(String kind, ReadContext readContext, Problems problems) {
        this.kind = kind;
        this.paths = new PathReader(readContext, problems);
        this.problems = problems;
        this.exec = new ExecReader(problems);
        this.env = new EnvReader(readContext.environment(), problems);
        this.policies = new PolicyReader(problems);
        this.inputs = new InputReader(paths);
        this.outputs = new OutputSpecReader(paths, problems);
        this.identities = new IdentityReader(paths, problems);
        this.hooks = new HooksReader(exec, problems);
        this.triggers = new TriggersReader(paths, policies, problems);
        this.lifetimes = new LifetimeReader(problems);
    }

    ProcessEntry read(JsonValue.Members object) {
        return read(object, new ObjectReader(object, Keys.PROCESS, problems));
    }

    /**
     * Reads the keys of a process.
     *
     * @param objectReader of the object
     */
    ProcessEntry read(JsonValue.Members object, ObjectReader objectReader) {
        JsonValue.Text id = id(objectReader);
        List<ProcessEntry.Need> needs = new ArrayList<>();
        List<ProcessEntry.LogFile> files = new ArrayList<>();
        OutputSpec stdout = outputs.read(objectReader, "stdout", files);
        OutputSpec stderr = outputs.read(objectReader, "stderr", files);
        outputs.checkBoth(objectReader, stdout, stderr);
        boolean captured =
                stdout instanceof OutputSpec.Captured || stderr instanceof OutputSpec.Captured;
        ProcessSpec spec =
                new ProcessSpec(
                        id == null ? "" : id.value(),
                        exec.read(objectReader, kind + " has no 'exec'"),
                        policies.restart(objectReader),
                        policies.successExit(objectReader),
                        objectReader.duration("wait", Duration.ZERO),
                        objectReader.duration("restart_delay", Duration.ZERO),
                        policies.backoff(objectReader),
                        policies.giveUp(objectReader),
                        depends(objectReader, needs),
                        objectReader.flag("restart_on_parent_death", false),
                        objectReader.flag("skip", false),
                        objectReader.flag("verbose", false),
                        policies.stop(objectReader),
                        inputs.read(objectReader),
                        stdout,
                        stderr,
                        objectReader.has("chroot")
                                ? paths.readFromRoot(objectReader, "cwd")
                                : paths.read(objectReader, "cwd"),
                        env.read(objectReader),
                        identities.read(objectReader),
                        Optional.empty(),
                        ChecksReader.read(objectReader, paths, captured, problems),
                        hooks.read(objectReader),
                        triggers.read(objectReader),
                        lifetimes.read(objectReader));
        int idOffset = id == null ? -1 : id.offset();
        return new ProcessEntry(spec, idOffset, needs, files, instances(objectReader, id), object);
    }

    private OptionalInt instances(ObjectReader objectReader, JsonValue.@Nullable Text id) {
        if (!objectReader.has("instances")) {
            return OptionalInt.empty();
        }
        if (id != null) {
            checkLength(id.value(), id.offset());
        }
        return OptionalInt.of(objectReader.count("instances", 0, Instance.MOST, 1));
    }

    /** Reports an id that leaves no room for the number of one of several. */
    void checkLength(String id, int offset) {
        if (id.length() > ProcessName.MAX_LENGTH - LONGEST_NUMBER) {
            problems.add(offset, "'id' is too long for a number behind it");
        }
    }

    private JsonValue.@Nullable Text id(ObjectReader objectReader) {
        JsonValue jsonValue = objectReader.required("id", kind + " has no 'id'");
        JsonValue.Text id = objectReader.asText(jsonValue, "id", "a string");
        if (id == null) {
            return null;
        }
        if (!ProcessName.isValid(id.value())) {
            problems.badText(
                    "'id'",
                    "1 to 128 letters, digits and characters of \"._@:-\", starting with a letter"
                            + " or digit",
                    id);
        } else if (ProcessName.isReserved(id.value())) {
            problems.add(id.offset(), "'" + id.value() + "' is reserved and cannot be an 'id'");
        }
        return id;
    }

    private List<Dependency> depends(ObjectReader objectReader, List<ProcessEntry.Need> needs) {
        // Compares names instead of records: the code that hashes a record is slow to load.
        Set<String> seen = new HashSet<>();
        List<Dependency> depends = new ArrayList<>();
        for (JsonValue jsonValue : objectReader.oneOrMore("depends")) {
            ProcessEntry.Need need = dependency(jsonValue);
            if (need == null) {
                continue;
            }
            Dependency dependency = need.dependency();
            if (seen.add(dependency.when().name() + " " + dependency.on())) {
                needs.add(need);
                depends.add(dependency);
            }
        }
        return depends;
    }

    private ProcessEntry.@Nullable Need dependency(JsonValue jsonValue) {
        if (jsonValue instanceof JsonValue.Text name) {
            return new ProcessEntry.Need(
                    new Dependency(name.value(), Dependency.Condition.STARTED), name.offset());
        }
        if (!(jsonValue instanceof JsonValue.Members object)) {
            problems.wrongKind("each entry of 'depends'", DEPENDENCY, jsonValue);
            return null;
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.DEPENDENCY, problems);
        JsonValue on = objectReader.required("on", "dependency has no 'on'");
        Dependency.Condition when = condition(objectReader);
        JsonValue.Text name = objectReader.asText(on, "on", "the name of a process");
        return name == null
                ? null
                : new ProcessEntry.Need(new Dependency(name.value(), when), name.offset());
    }

    private Dependency.Condition condition(ObjectReader objectReader) {
        JsonValue.Text when = objectReader.text("when");
        if (when == null) {
            return Dependency.Condition.STARTED;
        }
        return switch (when.value()) {
            case "started" -> Dependency.Condition.STARTED;
            case "ready" -> Dependency.Condition.READY;
            case "healthy" -> Dependency.Condition.HEALTHY;
            case "completed" -> Dependency.Condition.COMPLETED;
            default -> {
                problems.add(
                        when.offset(), () -> Keys.CONDITIONS.complaint("condition", when.value()));
                yield Dependency.Condition.STARTED;
            }
        };
    }
}
