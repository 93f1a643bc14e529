package org.procmon.supervise;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.Vitals;
import org.procmon.spec.Dependency;
import org.procmon.spec.NamePattern;
import org.procmon.spec.RestartPolicy;

/**
 * All processes by name, in the order of the configuration, and who depends on whom. Loop thread
 * only.
 */
final class Table {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Entry> attendants = new LinkedHashMap<>();

    /** The names that an operator has deleted, and that no reload has brought back. */
    private final Set<String> deleted;

    /**
     * @param deleted the names that an operator has deleted
     */
    Table(List<Entry> all, Set<String> deleted) {
        this.deleted = new LinkedHashSet<>(deleted);
        for (Entry entry : all) {
            boolean own =
                    switch (entry.kind) {
                        case CONFIGURED, ORPHAN -> false;
                        case ATTENDANT, LAST_ATTENDANT -> true;
                    };
            (own ? attendants : entries).put(entry.name(), entry);
        }
        link();
    }

    /** Replaces all processes by others, or by the same in another order. */
    void become(List<Entry> others) {
        entries.clear();
        for (Entry entry : others) {
            entry.dependents.clear();
            entries.put(entry.name(), entry);
        }
        link();
    }

    /** Adds a program of the monitor's own. */
    void add(Entry attendant) {
        attendants.put(attendant.name(), attendant);
    }

    private void link() {
        for (Entry entry : entries.values()) {
            dependencies(entry).forEach(parent -> parent.dependents.add(entry));
        }
    }

    /** All processes, without the attendants. */
    Collection<Entry> all() {
        return entries.values();
    }

    Collection<Entry> attendants() {
        return attendants.values();
    }

    Optional<Entry> process(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** Whether it was not taken out yet. */
    boolean holds(Entry entry) {
        return find(entry.name()).filter(entry::equals).isPresent();
    }

    /** The process or the attendant of this name. */
    Optional<Entry> find(String name) {
        Entry entry = entries.get(name);
        return Optional.ofNullable(entry != null ? entry : attendants.get(name));
    }

    /** Whether an operator has deleted what has this name, or is deleting it. */
    boolean isDeleted(String name) {
        Entry entry = entries.get(name);
        return entry == null ? deleted.contains(name) : entry.isDeleted();
    }

    /** A configuration that was read anew brings back what was deleted. The names. */
    Set<String> undelete() {
        Set<String> all = Set.copyOf(deleted);
        deleted.clear();
        return all;
    }

    /** Takes an entry out; what depends on it waits for it in vain from now on. */
    void remove(Entry entry) {
        if (entry.isDeleted()) {
            deleted.add(entry.name());
        }
        entries.remove(entry.name());
        attendants.remove(entry.name());
        dependencies(entry).forEach(parent -> parent.dependents.remove(entry));
    }

    /** The entries that a name, also of instances, or a pattern means; as configured. */
    List<Entry> matching(String name) {
        Optional<Entry> exact = find(name);
        if (exact.isPresent()) {
            return List.of(exact.get());
        }
        NamePattern pattern = NamePattern.of(name);
        return entries.values().stream().filter(e -> e.spec.isMeantBy(pattern)).toList();
    }

    /** The names of the dependencies that are not yet what the entry needs of them. */
    List<String> unmet(Entry entry) {
        List<String> unmet = new ArrayList<>();
        for (Dependency dependency : entry.spec.depends()) {
            if (!isMet(dependency) && !unmet.contains(dependency.on())) {
                unmet.add(dependency.on());
            }
        }
        return unmet;
    }

    /**
     * The names of those that have to be gone before the entry's own stop begins: what depends on
     * it and is being stopped, also by way of others that are down already.
     */
    List<String> stillAbove(Entry entry) {
        List<String> above = new ArrayList<>();
        walkUp(entry, new LinkedHashSet<>(), above);
        return above;
    }

    /**
     * The entries whose stop may have waited for this one: its dependencies, through those that are
     * down.
     */
    Set<Entry> below(Entry entry) {
        Set<Entry> below = new LinkedHashSet<>();
        walkDown(entry, below);
        return below;
    }

    private List<Entry> dependencies(Entry entry) {
        List<Entry> parents = new ArrayList<>();
        for (Dependency dependency : entry.spec.depends()) {
            Entry parent = entries.get(dependency.on());
            if (parent != null && !parents.contains(parent)) {
                parents.add(parent);
            }
        }
        return parents;
    }

    private static void walkUp(Entry entry, Set<Entry> seen, List<String> above) {
        for (Entry dependent : entry.dependents) {
            if (!seen.add(dependent)) {
                continue;
            }
            if (dependent.process.state() instanceof Stopping) {
                above.add(dependent.name());
            } else if (!dependent.isAlive()) {
                walkUp(dependent, seen, above);
            }
        }
    }

    private void walkDown(Entry entry, Set<Entry> below) {
        for (Entry parent : dependencies(entry)) {
            if (below.add(parent) && !parent.isAlive()) {
                walkDown(parent, below);
            }
        }
    }

    /** Whether a dependency is there, and is what is needed of it. */
    boolean isMet(Dependency dependency) {
        Entry parent = entries.get(dependency.on());
        return parent != null && isMet(dependency.when(), parent);
    }

    private static boolean isMet(Dependency.Condition condition, Entry parent) {
        if (parent.spec.skip()) {
            return true;
        }
        return switch (condition) {
            case STARTED -> isUp(parent);
            case READY -> isReady(parent);
            case HEALTHY -> isUp(parent) && parent.process.vitals().health().isGood();
            case COMPLETED -> parent.process.state() instanceof ProcessState.Completed;
        };
    }

    /** Whether it is up, and does not say that it is busy with itself. */
    static boolean isReady(Entry entry) {
        return isUp(entry) && entry.process.vitals().mood() == Vitals.Mood.AT_WORK;
    }

    private static boolean isUp(Entry parent) {
        return switch (parent.process.state()) {
            case ProcessState.Running _, ProcessState.Completed _ -> true;
            // It ran to completion. That it did not do well is for COMPLETED to mind.
            case ProcessState.Failed failed ->
                    failed.error().isEmpty() && parent.spec.restart() == RestartPolicy.NEVER;
            case ProcessState.Stopped _,
                    ProcessState.Waiting _,
                    ProcessState.Starting _,
                    ProcessState.Stopping _,
                    ProcessState.Backoff _ ->
                    false;
        };
    }
}
