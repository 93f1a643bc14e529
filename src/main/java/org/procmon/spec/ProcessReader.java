package org.procmon.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code processes}. */
final class ProcessReader {
    private static final String DEPENDENCY =
            "the name of a process, or an object with 'on' and 'when'";

    /** A dot and four digits. */
    private static final int LONGEST_NUMBER = 5;

    private final PathReader paths;
    private final Problems problems;
    private final ExecReader exec;
    private final EnvReader env;
    private final PolicyReader policies;
    private final InputReader inputs;
    private final OutputReader outputs;
    private final IdentityReader identities;
    private final HooksReader hooks;
    private final TriggersReader triggers;
    private final LifetimeReader lifetimes;

    ProcessReader(Place place, Problems problems) {
        this.paths = new PathReader(place, problems);
        this.problems = problems;
        this.exec = new ExecReader(problems);
        this.env = new EnvReader(place.environment(), problems);
        this.policies = new PolicyReader(problems);
        this.inputs = new InputReader(paths);
        this.outputs = new OutputReader(paths, problems);
        this.identities = new IdentityReader(paths, problems);
        this.hooks = new HooksReader(exec, problems);
        this.triggers = new TriggersReader(paths, policies, problems);
        this.lifetimes = new LifetimeReader(problems);
    }

    Entry read(Node.Members object) {
        Section section = new Section(object, Keys.PROCESS, problems);
        Node.Text id = id(section);
        List<Entry.Need> needs = new ArrayList<>();
        List<Entry.LogFile> files = new ArrayList<>();
        OutputSpec stdout = outputs.read(section, "stdout", files);
        OutputSpec stderr = outputs.read(section, "stderr", files);
        outputs.checkBoth(section, stdout, stderr);
        boolean captured =
                stdout instanceof OutputSpec.Captured || stderr instanceof OutputSpec.Captured;
        ProcessSpec spec =
                new ProcessSpec(
                        id == null ? "" : id.value(),
                        exec.read(section, "process has no 'exec'"),
                        policies.restart(section),
                        policies.successExit(section),
                        section.duration("wait", Duration.ZERO),
                        section.duration("restart_delay", Duration.ZERO),
                        policies.backoff(section),
                        policies.giveUp(section),
                        depends(section, needs),
                        section.flag("restart_on_parent_death", false),
                        section.flag("skip", false),
                        section.flag("verbose", false),
                        policies.stop(section),
                        inputs.read(section),
                        stdout,
                        stderr,
                        section.has("chroot")
                                ? paths.readFromRoot(section, "cwd")
                                : paths.read(section, "cwd"),
                        env.read(section),
                        identities.read(section),
                        Optional.empty(),
                        ChecksReader.read(section, paths, captured, problems),
                        hooks.read(section),
                        triggers.read(section),
                        lifetimes.read(section));
        int idOffset = id == null ? -1 : id.offset();
        return new Entry(spec, idOffset, needs, files, instances(section, id), object);
    }

    private OptionalInt instances(Section section, Node.@Nullable Text id) {
        if (!section.has("instances")) {
            return OptionalInt.empty();
        }
        if (id != null && id.value().length() > ProcessName.MAX_LENGTH - LONGEST_NUMBER) {
            problems.add(id.offset(), "'id' is too long for a number behind it");
        }
        return OptionalInt.of(section.count("instances", 0, Instance.MOST, 1));
    }

    private Node.@Nullable Text id(Section section) {
        Node node = section.required("id", "process has no 'id'");
        Node.Text id = section.asText(node, "id", "a string");
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

    private List<Dependency> depends(Section section, List<Entry.Need> needs) {
        // Sets of names: the hash of a record is made by code that is slow to load.
        Set<String> seen = new HashSet<>();
        List<Dependency> depends = new ArrayList<>();
        for (Node node : section.oneOrMore("depends")) {
            Entry.Need need = dependency(node);
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

    private Entry.@Nullable Need dependency(Node node) {
        if (node instanceof Node.Text name) {
            return new Entry.Need(
                    new Dependency(name.value(), Dependency.Condition.STARTED), name.offset());
        }
        if (!(node instanceof Node.Members object)) {
            problems.wrongKind("each entry of 'depends'", DEPENDENCY, node);
            return null;
        }
        Section section = new Section(object, Keys.DEPENDENCY, problems);
        Node on = section.required("on", "dependency has no 'on'");
        Dependency.Condition when = condition(section);
        Node.Text name = section.asText(on, "on", "the name of a process");
        return name == null
                ? null
                : new Entry.Need(new Dependency(name.value(), when), name.offset());
    }

    private Dependency.Condition condition(Section section) {
        Node.Text when = section.text("when");
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
