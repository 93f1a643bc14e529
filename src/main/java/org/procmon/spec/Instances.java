package org.procmon.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of each entry with {@code instances} as many processes, named {@code ID.1}, {@code ID.2}
 * and so on. Who depends on the entry depends on all of them.
 */
final class Instances {
    /** The numbers of copies, by the names of the entries that have one. */
    private final Map<String, Integer> counts = new HashMap<>();

    private final List<Entry> entries;

    /**
     * @param scale numbers that replace those of the entries
     */
    Instances(List<Entry> entries, Map<String, Integer> scale) {
        this.entries = entries;
        for (Entry entry : entries) {
            if (entry.instances().isPresent()) {
                String id = entry.spec().id();
                counts.put(id, scale.getOrDefault(id, entry.instances().getAsInt()));
            }
        }
    }

    /** All entries, the instances in the places of theirs. */
    List<Entry> expanded() {
        if (counts.isEmpty()) {
            return entries;
        }
        List<Entry> all = new ArrayList<>();
        for (Entry entry : entries) {
            List<Entry.Need> needs = needs(entry);
            List<Dependency> depends = needs.stream().map(Entry.Need::dependency).toList();
            ProcessSpec spec = entry.spec().dependingOn(depends);
            if (entry.instances().isEmpty()) {
                all.add(entry.with(spec, needs));
            } else {
                for (Instance instance : of(entry)) {
                    ProcessSpec one = spec.as(instance);
                    all.add(entry.with(one, needs));
                }
            }
        }
        return all;
    }

    /** Those that an entry stands for; none for itself alone. */
    List<Instance> of(Entry entry) {
        int count = entry.instances().isEmpty() ? 0 : counts.getOrDefault(entry.spec().id(), 0);
        List<Instance> instances = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            instances.add(new Instance(entry.spec().id(), number));
        }
        return instances;
    }

    private List<Entry.Need> needs(Entry entry) {
        List<Entry.Need> needs = new ArrayList<>();
        for (Entry.Need need : entry.needs()) {
            String on = need.dependency().on();
            Integer count = counts.get(on);
            if (count == null) {
                needs.add(need);
                continue;
            }
            for (int number = 1; number <= count; number++) {
                String one = new Instance(on, number).id();
                needs.add(
                        new Entry.Need(
                                new Dependency(one, need.dependency().when()), need.offset()));
            }
        }
        return needs;
    }
}
