package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.procmon.config.Dependency;
import org.procmon.config.Instance;
import org.procmon.config.ProcessSpec;

/**
 * Turns each entry with {@code instances} into that many processes, named {@code ID.1}, {@code
 * ID.2} and so on. A process that depends on the entry depends on all of them.
 */
final class Instances {
    /** The numbers of instances, by the names of the entries that have one. */
    private final Map<String, Integer> counts = new HashMap<>();

    private final List<ProcessEntry> entries;

    /**
     * @param scale numbers that replace those of the entries
     */
    Instances(List<ProcessEntry> entries, Map<String, Integer> scale) {
        this.entries = entries;
        for (ProcessEntry processEntry : entries) {
            if (processEntry.instances().isPresent()) {
                String id = processEntry.spec().id();
                counts.put(id, scale.getOrDefault(id, processEntry.instances().getAsInt()));
            }
        }
    }

    /** All entries, each with instances replaced by them. */
    List<ProcessEntry> expanded() {
        if (counts.isEmpty()) {
            return entries;
        }
        List<ProcessEntry> all = new ArrayList<>();
        for (ProcessEntry processEntry : entries) {
            List<ProcessEntry.Need> needs = needs(processEntry);
            List<Dependency> depends = needs.stream().map(ProcessEntry.Need::dependency).toList();
            ProcessSpec spec = processEntry.spec().dependingOn(depends);
            if (processEntry.instances().isEmpty()) {
                all.add(processEntry.with(spec, needs));
            } else {
                for (Instance instance : of(processEntry)) {
                    ProcessSpec one = spec.as(instance);
                    all.add(processEntry.with(one, needs));
                }
            }
        }
        return all;
    }

    /** The instances of an entry; none if it stands for itself alone. */
    List<Instance> of(ProcessEntry processEntry) {
        int count =
                processEntry.instances().isEmpty()
                        ? 0
                        : counts.getOrDefault(processEntry.spec().id(), 0);
        List<Instance> instances = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            instances.add(new Instance(processEntry.spec().id(), number));
        }
        return instances;
    }

    /** The dependencies of an entry, each with instances replaced by them. */
    List<ProcessEntry.Need> needs(ProcessEntry processEntry) {
        List<ProcessEntry.Need> needs = new ArrayList<>();
        for (ProcessEntry.Need need : processEntry.needs()) {
            String on = need.dependency().on();
            Integer count = counts.get(on);
            if (count == null) {
                needs.add(need);
                continue;
            }
            for (int number = 1; number <= count; number++) {
                String one = new Instance(on, number).id();
                needs.add(
                        new ProcessEntry.Need(
                                new Dependency(one, need.dependency().when()), need.offset()));
            }
        }
        return needs;
    }
}
