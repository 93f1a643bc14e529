package org.procmon.supervise;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.Dependency;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.StartError;
import org.procmon.status.StateText;

/**
 * Checks whether processes can be started, before a command stops or starts any of them. A
 * condition that may still be met by itself, such as a dependency that is about to be up, is no
 * obstacle. Loop thread only.
 */
final class StartCheck {
    private final ProcessRegistry processRegistry;
    private final CommandHandler.CommandContext commandContext;
    private final Set<SupervisedProcess> named;
    private final String verb;

    /**
     * @param named the processes that the command starts
     * @param verb the command, to say what to do next
     */
    StartCheck(
            ProcessRegistry processRegistry,
            CommandHandler.CommandContext commandContext,
            Set<SupervisedProcess> named,
            String verb) {
        this.processRegistry = processRegistry;
        this.commandContext = commandContext;
        this.named = named;
        this.verb = verb;
    }

    /** Why it could not restart after a stop now; empty if no reason is known. */
    Optional<String> beforeRestart(SupervisedProcess supervisedProcess) {
        Optional<String> unmet =
                unmet(supervisedProcess, new HashSet<>()).map(o -> "it depends on " + o.text(verb));
        return unmet.isPresent() || !supervisedProcess.isProcess()
                ? unmet
                : commandContext.refusal(supervisedProcess.spec).map(StartError::reason);
    }

    /** Why it would wait for ever if started now; empty if no reason is known. */
    Optional<String> beforeStart(SupervisedProcess supervisedProcess) {
        return supervisedProcess.isAlive()
                ? Optional.empty()
                : missing(supervisedProcess, new HashSet<>())
                        .map(o -> "it depends on " + o.text(verb));
    }

    /**
     * What keeps a process from starting.
     *
     * @param what a dependency, and what is wrong with it
     * @param remedy how to fix it; empty if nothing helps
     */
    private record Obstacle(String what, String remedy) {
        /** The same, for a process that depends on it through another. */
        Obstacle of(SupervisedProcess between) {
            return new Obstacle("'" + between.name() + "', which depends on " + what, remedy);
        }

        String text(String verb) {
            return remedy.isEmpty() ? what : what + "; " + remedy + ", then " + verb;
        }
    }

    private Optional<Obstacle> unmet(
            SupervisedProcess supervisedProcess, Set<SupervisedProcess> seen) {
        for (Dependency dependency : supervisedProcess.spec.depends()) {
            Optional<Obstacle> obstacle = deleted(supervisedProcess, dependency);
            if (obstacle.isEmpty() && !processRegistry.isMet(dependency)) {
                obstacle = obstacle(processRegistry.process(dependency.on()).orElseThrow(), seen);
            }
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        return Optional.empty();
    }

    /** Only dependencies that do not exist, also through others that wait for them. */
    private Optional<Obstacle> missing(
            SupervisedProcess supervisedProcess, Set<SupervisedProcess> seen) {
        for (Dependency dependency : supervisedProcess.spec.depends()) {
            Optional<Obstacle> obstacle = deleted(supervisedProcess, dependency);
            Optional<SupervisedProcess> parent = processRegistry.process(dependency.on());
            if (obstacle.isEmpty()
                    && parent.isPresent()
                    && parent.get().process.state() instanceof Waiting
                    && seen.add(parent.get())) {
                obstacle = missing(parent.get(), seen).map(o -> o.of(parent.get()));
            }
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        return Optional.empty();
    }

    private Optional<Obstacle> deleted(SupervisedProcess supervisedProcess, Dependency dependency) {
        Optional<SupervisedProcess> parent = processRegistry.process(dependency.on());
        String name = "'" + dependency.on() + "'";
        if (parent.isPresent() && parent.get().process.goal() != Goal.FORGOTTEN) {
            return Optional.empty();
        }
        if (supervisedProcess.kind == SupervisedProcess.Kind.ORPHAN) {
            return Optional.of(new Obstacle(name + ", which is no longer configured", ""));
        }
        return Optional.of(
                new Obstacle(
                        name
                                + (parent.isPresent()
                                        ? ", which is being deleted"
                                        : ", which was deleted"),
                        "add it again with 'procmon reload'"));
    }

    /**
     * What is wrong with a dependency that exists and is not met; empty if it may still become so.
     */
    private Optional<Obstacle> obstacle(SupervisedProcess parent, Set<SupervisedProcess> seen) {
        if (named.contains(parent)) {
            return Optional.empty();
        }
        if (parent.process.goal() == Goal.DOWN) {
            return Optional.of(down(parent, "is down"));
        }
        return switch (parent.process.state()) {
            case Failed failed when failed.retry().isEmpty() ->
                    Optional.of(down(parent, "has failed"));
            case Completed _ -> Optional.of(down(parent, "has ended"));
            case Waiting _ when seen.add(parent) -> unmet(parent, seen).map(o -> o.of(parent));
            case Failed _, Waiting _, Stopped _, Starting _, Running _, Stopping _, Backoff _ ->
                    Optional.empty();
        };
    }

    private Obstacle down(SupervisedProcess parent, String words) {
        String cause = StateText.cause(commandContext.view(parent));
        return new Obstacle(
                "'%s', which %s: %s".formatted(parent.name(), words, cause),
                "start it with 'procmon start " + parent.name() + "'");
    }
}
