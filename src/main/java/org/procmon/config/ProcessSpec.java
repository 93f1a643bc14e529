package org.procmon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.pool.OwnSocket;

/**
 * One entry of {@code processes}: a program to keep running, or to run to completion.
 *
 * @param id its name, unique within a file
 * @param exec the program and its arguments
 * @param restart when to restart it after an exit
 * @param successExit which exits count as success
 * @param settle the key {@code wait}: how long after a start its dependents may start
 * @param restartDelay how long to wait before a restart after an exit without a command
 * @param backoff the growing delay before further restarts
 * @param giveUp when to stop restarting it; empty for never
 * @param depends what must be up before this starts
 * @param restartOnParentDeath whether a restart of a dependency restarts this too
 * @param skip not started with the others; its dependents need not wait for it
 * @param verbose whether the monitor's log reports each of its transitions
 * @param stop how to stop it
 * @param stdin its standard input
 * @param stdout where its standard output goes
 * @param stderr where its standard error goes
 * @param cwd its working directory, in its own root if it has one; the monitor's own, or that root,
 *     when empty
 * @param env variables added to the monitor's own environment
 * @param identity the user and the limits that it runs with
 * @param instance which of several instances it is; empty for a single process
 * @param checks how the monitor knows that it is up, and that it still is
 * @param hooks programs to run after events of the process
 * @param triggers external events that start, stop, restart or refresh it
 * @param lifetime when its runs start and stop, and what its exit means
 */
public record ProcessSpec(
        String id,
        Exec exec,
        RestartPolicy restart,
        SuccessExit successExit,
        Duration settle,
        Duration restartDelay,
        Backoff backoff,
        Optional<GiveUp> giveUp,
        List<Dependency> depends,
        boolean restartOnParentDeath,
        boolean skip,
        boolean verbose,
        StopPlan stop,
        InputSpec stdin,
        OutputSpec stdout,
        OutputSpec stderr,
        Optional<Path> cwd,
        Map<String, String> env,
        Identity identity,
        Optional<Instance> instance,
        Checks checks,
        Hooks hooks,
        Triggers triggers,
        Lifetime lifetime) {

    public ProcessSpec {
        depends = List.copyOf(depends);
        env = Map.copyOf(env);
    }

    /** A process with every key but {@code id} and {@code exec} at its default. */
    public static ProcessSpec of(String id, Exec exec) {
        return of(id, exec, RestartPolicy.NEVER, StopPlan.DEFAULT);
    }

    /** A process with every other key at its default. */
    public static ProcessSpec of(String id, Exec exec, RestartPolicy restart, StopPlan stop) {
        return new ProcessSpec(
                id,
                exec,
                restart,
                SuccessExit.DEFAULT,
                Duration.ZERO,
                Duration.ZERO,
                Backoff.DEFAULT,
                Optional.empty(),
                List.of(),
                false,
                false,
                false,
                stop,
                InputSpec.DEFAULT,
                OutputSpec.DEFAULT,
                OutputSpec.DEFAULT,
                Optional.empty(),
                Map.of(),
                Identity.DEFAULT,
                Optional.empty(),
                Checks.DEFAULT,
                Hooks.DEFAULT,
                Triggers.DEFAULT,
                Lifetime.DEFAULT);
    }

    /** Whether its runs have to be checked: for readiness, health or a watchdog. */
    @SuppressWarnings("ReferenceEquality") // the default is one object, and this is asked often
    public boolean hasChecks() {
        return checks != Checks.DEFAULT;
    }

    /** Whether a user's pattern selects it: by its own name or that of all its instances. */
    public boolean isMeantBy(NamePattern pattern) {
        return pattern.matches(id)
                || (instance.isPresent() && pattern.matches(instance.get().group()));
    }

    /** The same with other dependencies. */
    public ProcessSpec dependingOn(List<Dependency> others) {
        return with(exec, id, others, env, instance, stdin);
    }

    /** One of several instances. */
    public ProcessSpec as(Instance one) {
        Map<String, String> variables = new HashMap<>(env);
        variables.put(Instance.VARIABLE, Integer.toString(one.number()));
        return with(exec, one.id(), depends, variables, Optional.of(one), stdin);
    }

    /** The same for a program whose file is followed; see {@link Exec#version}. */
    public ProcessSpec versioned(String version) {
        return with(new Exec(exec.text(), exec.argv(), version), id, depends, env, instance, stdin);
    }

    /** The same with another standard input. */
    public ProcessSpec reading(InputSpec input) {
        return with(exec, id, depends, env, instance, input);
    }

    /**
     * The same for a worker that opens its socket itself.
     *
     * @param socket where; it replaces {@link OwnSocket#WORD}, or is the last argument
     */
    ProcessSpec opening(String pool, OwnSocket socket) {
        String path = BytePath.text(socket.path());
        List<String> words = new ArrayList<>();
        exec.argv().forEach(word -> words.add(word.replace(OwnSocket.WORD, path)));
        if (words.equals(exec.argv())) {
            words.add(path);
        }
        Optional<Readiness> ready =
                checks.ready()
                        .map(known ->
                                new Readiness(
                                        new ReadySignal.Answers(new Probe.Unix(socket.path())),
                                        known.timeout(),
                                        known.interval()));
        return new ProcessSpec(
                id,
                new Exec(exec.text(), words, exec.version()),
                restart,
                successExit,
                settle,
                restartDelay,
                backoff,
                giveUp,
                depends,
                restartOnParentDeath,
                skip,
                verbose,
                stop,
                new InputSpec.Listener(pool, ListenerPass.ARGUMENT, Optional.of(socket)),
                stdout,
                stderr,
                cwd,
                env,
                identity,
                instance,
                new Checks(ready, checks.health(), checks.watchdog()),
                hooks,
                triggers,
                lifetime);
    }

    private ProcessSpec with(
            Exec program,
            String name,
            List<Dependency> needs,
            Map<String, String> variables,
            Optional<Instance> one,
            InputSpec input) {
        return new ProcessSpec(
                name,
                program,
                restart,
                successExit,
                settle,
                restartDelay,
                backoff,
                giveUp,
                needs,
                restartOnParentDeath,
                skip,
                verbose,
                stop,
                input,
                stdout,
                stderr,
                cwd,
                variables,
                identity,
                one,
                checks,
                hooks,
                triggers,
                lifetime);
    }
}
