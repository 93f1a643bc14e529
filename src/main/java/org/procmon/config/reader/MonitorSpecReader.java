package org.procmon.config.reader;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.ControlSpec;
import org.procmon.config.DecisionPolicy;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.PoolSpec;
import org.procmon.config.StartBudget;

/** Reads the top level of a configuration. */
final class MonitorSpecReader {
    private static final int MOST_STARTS = 100_000;

    private final ReadContext readContext;
    private final Problems problems;
    private final ProcessesReader processes;
    private final Folders folders;
    private final Groups groups;

    MonitorSpecReader(
            ReadContext readContext,
            Problems problems,
            ProcessesReader processes,
            Folders folders,
            Groups groups) {
        this.readContext = readContext;
        this.problems = problems;
        this.processes = processes;
        this.folders = folders;
        this.groups = groups;
    }

    /**
     * Reads the tree and the files that it includes; the result is usable only if there were no
     * problems.
     *
     * @param scale numbers of instances that replace those of the files
     */
    MonitorSpec read(JsonValue tree, Map<String, Integer> scale) {
        if (!(tree instanceof JsonValue.Members object)) {
            problems.wrongKind("the configuration", "an object with 'processes'", tree);
            return new MonitorSpec(ControlSpec.DEFAULT, List.of());
        }
        ObjectReader top = new ObjectReader(object, Keys.TOP, problems);
        top.text("$schema");
        top.text("name");
        JsonValue.Members control = top.object("control");
        JsonValue.Members output = top.object("output");
        SharesReader shares = new SharesReader(problems);
        shares.read(top);
        processes.read(object, top, readContext.folder());
        // Most configurations have none, and then nothing of it is loaded.
        Optional<HttpReader> front =
                top.has(HttpReader.KEY)
                        ? Optional.of(new HttpReader(readContext, problems, folders.dropIns()))
                        : Optional.empty();
        Optional<HttpReader.Found> http = front.flatMap(reader -> reader.read(top));
        http.ifPresent(found -> processes.add(found.process()));
        Entries entries = processes.entries(scale);
        entries.check(processes.isWhole());
        List<PoolSpec> pools = entries.pools(shares);
        if (processes.isWhole()) {
            http.ifPresent(found -> front.orElseThrow().checkPools(found, pools));
        }
        return new MonitorSpec(
                control == null
                        ? ControlSpec.DEFAULT
                        : new ControlReader(problems, groups).read(control),
                output == null
                        ? Optional.empty()
                        : new PathReader(readContext, problems)
                                .read(new ObjectReader(output, Keys.OUTPUT, problems), "directory"),
                orphans(top),
                startBudget(top),
                decisions(top),
                entries.processes(),
                entries.scalable(),
                pools,
                folders.followed(),
                folders.unused(),
                http.map(HttpReader.Found::spec));
    }

    private Optional<StartBudget> startBudget(ObjectReader top) {
        JsonValue.Members object = top.object("start_budget");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.START_BUDGET, problems);
        objectReader.required("starts", "'start_budget' has no 'starts'");
        JsonValue given = objectReader.required("period", "'start_budget' has no 'period'");
        Duration period = objectReader.duration("period", Duration.ofSeconds(1));
        if (given != null && period.isZero()) {
            problems.add(given.offset(), "'period' must be longer than 0");
        }
        return Optional.of(
                new StartBudget(objectReader.count("starts", 1, MOST_STARTS, 1), period));
    }

    private DecisionPolicy decisions(ObjectReader top) {
        JsonValue.Text text = top.text("decisions");
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

    private OrphanPolicy orphans(ObjectReader top) {
        JsonValue.Text text = top.text("orphans");
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
