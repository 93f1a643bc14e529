package org.procmon.supervise;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.Dependency;
import org.procmon.config.NamePattern;
import org.procmon.config.RestartPolicy;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.RunHealth;

/**
 * All processes by name, in the order of the configuration, and their dependencies. Loop thread
 * only.
 */
final class ProcessRegistry {
    private final Map<String, SupervisedProcess> entries = new LinkedHashMap<>();
    private final Map<String, SupervisedProcess> companions = new LinkedHashMap<>();

    /** The names that an operator has deleted, and that no reload has restored. */
    private final Set<String> deleted;

    /**
     * @param deleted the names that an operator has deleted
     */
    ProcessRegistry(List<SupervisedProcess> all, Set<String> deleted) {
        this.deleted = new LinkedHashSet<>(deleted);
        for (SupervisedProcess supervisedProcess : all) {
            boolean own =
                    switch (supervisedProcess.kind) {
                        case CONFIGURED, ORPHAN, WORKER -> false;
                        case COMPANION, LAST_COMPANION -> true;
                    };
            (own ? companions : entries).put(supervisedProcess.name(), supervisedProcess);
        }
        link();
    }

    /** Replaces all processes with others, or with the same in another order. */
    void become(List<SupervisedProcess> others) {
        entries.clear();
        for (SupervisedProcess supervisedProcess : others) {
            supervisedProcess.dependents.clear();
            entries.put(supervisedProcess.name(), supervisedProcess);
        }
        link();
    }

    /** Adds one of the monitor's own programs. */
    void add(SupervisedProcess companion) {
        companions.put(companion.name(), companion);
    }

    /** Adds a worker of a pool. */
    void addWorker(SupervisedProcess worker) {
        entries.put(worker.name(), worker);
        dependencies(worker).forEach(parent -> parent.dependents.add(worker));
    }

    private void link() {
        for (SupervisedProcess supervisedProcess : entries.values()) {
            dependencies(supervisedProcess)
                    .forEach(parent -> parent.dependents.add(supervisedProcess));
        }
    }

    /** All processes, without the monitor's own programs. */
    Collection<SupervisedProcess> all() {
        return entries.values();
    }

    Collection<SupervisedProcess> companions() {
        return companions.values();
    }

    Optional<SupervisedProcess> process(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** Whether it was not removed yet. */
    boolean holds(SupervisedProcess supervisedProcess) {
        return find(supervisedProcess.name()).filter(supervisedProcess::equals).isPresent();
    }

    /** The process or monitor program of this name. */
    Optional<SupervisedProcess> find(String name) {
        SupervisedProcess supervisedProcess = entries.get(name);
        return Optional.ofNullable(
                supervisedProcess != null ? supervisedProcess : companions.get(name));
    }

    /** Whether an operator has deleted the process of this name, or is deleting it. */
    boolean isDeleted(String name) {
        SupervisedProcess supervisedProcess = entries.get(name);
        return supervisedProcess == null ? deleted.contains(name) : supervisedProcess.isDeleted();
    }

    /** Restores what was deleted, after the configuration was read again. Returns the names. */
    Set<String> undelete() {
        Set<String> all = Set.copyOf(deleted);
        deleted.clear();
        return all;
    }

    /** Removes an entry; processes that depend on it cannot start from now on. */
    void remove(SupervisedProcess supervisedProcess) {
        if (supervisedProcess.isDeleted()) {
            deleted.add(supervisedProcess.name());
        }
        entries.remove(supervisedProcess.name());
        companions.remove(supervisedProcess.name());
        dependencies(supervisedProcess)
                .forEach(parent -> parent.dependents.remove(supervisedProcess));
    }

    /**
     * The entries that a name or a pattern matches, instances included; in the order of the
     * configuration.
     */
    List<SupervisedProcess> matching(String name) {
        Optional<SupervisedProcess> exact = find(name);
        if (exact.isPresent()) {
            return List.of(exact.get());
        }
        NamePattern pattern = NamePattern.of(name);
        return entries.values().stream().filter(e -> e.spec.isMeantBy(pattern)).toList();
    }

    /** The names of the dependencies that are not yet in the state that the entry needs. */
    List<String> unmet(SupervisedProcess supervisedProcess) {
        List<String> unmet = new ArrayList<>();
        for (Dependency dependency : supervisedProcess.spec.depends()) {
            if (!isMet(dependency) && !unmet.contains(dependency.on())) {
                unmet.add(dependency.on());
            }
        }
        return unmet;
    }

    /**
     * The names of the processes that must stop before the entry may: its dependents that are being
     * stopped, also through others that are down already.
     */
    List<String> stillAbove(SupervisedProcess supervisedProcess) {
        List<String> above = new ArrayList<>();
        walkUp(supervisedProcess, new LinkedHashSet<>(), above);
        return above;
    }

    /**
     * The entries that may have waited for this one to stop: its dependencies, also through those
     * that are down.
     */
    Set<SupervisedProcess> below(SupervisedProcess supervisedProcess) {
        Set<SupervisedProcess> below = new LinkedHashSet<>();
        walkDown(supervisedProcess, below);
        return below;
    }

    private List<SupervisedProcess> dependencies(SupervisedProcess supervisedProcess) {
        List<SupervisedProcess> parents = new ArrayList<>();
        for (Dependency dependency : supervisedProcess.spec.depends()) {
            SupervisedProcess parent = entries.get(dependency.on());
            if (parent != null && !parents.contains(parent)) {
                parents.add(parent);
            }
        }
        return parents;
    }

    private static void walkUp(
            SupervisedProcess supervisedProcess, Set<SupervisedProcess> seen, List<String> above) {
        for (SupervisedProcess dependent : supervisedProcess.dependents) {
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

    private void walkDown(SupervisedProcess supervisedProcess, Set<SupervisedProcess> below) {
        for (SupervisedProcess parent : dependencies(supervisedProcess)) {
            if (below.add(parent) && !parent.isAlive()) {
                walkDown(parent, below);
            }
        }
    }

    /** Whether a dependency exists, and is in the state that is needed. */
    boolean isMet(Dependency dependency) {
        SupervisedProcess parent = entries.get(dependency.on());
        return parent != null && isMet(dependency.when(), parent);
    }

    private static boolean isMet(Dependency.Condition condition, SupervisedProcess parent) {
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

    /** Whether it is up, and is not reloading or about to exit. */
    static boolean isReady(SupervisedProcess supervisedProcess) {
        return isUp(supervisedProcess)
                && supervisedProcess.process.vitals().condition() == RunHealth.Condition.NORMAL;
    }

    private static boolean isUp(SupervisedProcess parent) {
        return switch (parent.process.state()) {
            case ProcessState.Running _, ProcessState.Completed _ -> true;
            // It ran to completion. Only COMPLETED also requires that it succeeded.
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
