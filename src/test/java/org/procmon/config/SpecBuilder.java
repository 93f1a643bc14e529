package org.procmon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes specifications for tests: everything at its default but what is said. */
public final class SpecBuilder {
    private final String id;
    private Exec exec = new Exec("sleep 1", List.of("sleep", "1"));
    private RestartPolicy restart = RestartPolicy.ALWAYS;
    private Duration settle = Duration.ZERO;
    private Duration restartDelay = Duration.ZERO;
    private Backoff backoff = Backoff.DEFAULT;
    private Optional<GiveUp> giveUp = Optional.empty();
    private final List<Dependency> depends = new ArrayList<>();
    private boolean follows;
    private boolean skip;
    private StopPlan stop = StopPlan.DEFAULT;
    private InputSpec stdin = InputSpec.DEFAULT;
    private OutputSpec stdout = OutputSpec.DEFAULT;
    private OutputSpec stderr = OutputSpec.DEFAULT;
    private Optional<Path> cwd = Optional.empty();
    private Map<String, String> env = Map.of();
    private Identity identity = Identity.DEFAULT;
    private Optional<Instance> instance = Optional.empty();
    private Hooks hooks = Hooks.DEFAULT;

    private Checks checks = Checks.DEFAULT;
    private Triggers triggers = Triggers.DEFAULT;
    private Lifetime lifetime = Lifetime.DEFAULT;

    private SpecBuilder(String id) {
        this.id = id;
    }

    /** A process that is always restarted. */
    public static SpecBuilder process(String id) {
        return new SpecBuilder(id);
    }

    public SpecBuilder program(String... argv) {
        exec = new Exec(String.join(" ", argv), List.of(argv));
        return this;
    }

    public SpecBuilder restart(RestartPolicy policy) {
        restart = policy;
        return this;
    }

    public SpecBuilder settle(Duration duration) {
        settle = duration;
        return this;
    }

    public SpecBuilder restartDelay(Duration duration) {
        restartDelay = duration;
        return this;
    }

    public SpecBuilder giveUp(int restarts, Duration period, Optional<Duration> retryAfter) {
        giveUp = Optional.of(new GiveUp(restarts, period, retryAfter));
        return this;
    }

    /** The default backoff with another first delay; zero turns it off. */
    public SpecBuilder backoff(Duration initial) {
        Backoff usual = Backoff.DEFAULT;
        backoff =
                new Backoff(
                        initial, usual.factor(), usual.max(), usual.jitter(), usual.resetAfter());
        return this;
    }

    public SpecBuilder on(String parent) {
        return on(parent, Dependency.Condition.STARTED);
    }

    public SpecBuilder on(String parent, Dependency.Condition when) {
        depends.add(new Dependency(parent, when));
        return this;
    }

    public SpecBuilder follows(boolean yes) {
        follows = yes;
        return this;
    }

    public SpecBuilder skip(boolean yes) {
        skip = yes;
        return this;
    }

    public SpecBuilder stdin(InputSpec input) {
        stdin = input;
        return this;
    }

    public SpecBuilder stdout(OutputSpec output) {
        stdout = output;
        return this;
    }

    public SpecBuilder stderr(OutputSpec output) {
        stderr = output;
        return this;
    }

    public SpecBuilder cwd(Path folder) {
        cwd = Optional.of(folder);
        return this;
    }

    public SpecBuilder env(Map<String, String> variables) {
        env = variables;
        return this;
    }

    public SpecBuilder identity(Identity value) {
        identity = value;
        return this;
    }

    public SpecBuilder onFailure(Hook hook) {
        hooks = new Hooks(hooks.beforeStart(), hooks.afterStop(), Optional.of(hook));
        return this;
    }

    public SpecBuilder beforeStart(Duration timeout) {
        hooks = new Hooks(hook("prepare", timeout), hooks.afterStop(), hooks.onFailure());
        return this;
    }

    public SpecBuilder afterStop(Duration timeout) {
        hooks = new Hooks(hooks.beforeStart(), hook("tidy", timeout), hooks.onFailure());
        return this;
    }

    private static Optional<Hook> hook(String program, Duration timeout) {
        return Optional.of(new Hook(new Exec(program, List.of(program)), timeout));
    }

    public SpecBuilder checks(Checks value) {
        checks = value;
        return this;
    }

    /** Ready when it says so by sd_notify(3), within a time. */
    public SpecBuilder notifies(Duration timeout) {
        Readiness ready = new Readiness(new ReadySignal.Notify(), timeout, Duration.ofMillis(250));
        checks = new Checks(Optional.of(ready), checks.health(), checks.watchdog());
        return this;
    }

    /** Asked by TCP, ten seconds apart. */
    public SpecBuilder health(int failures, Health.Remedy then) {
        Duration interval = Duration.ofSeconds(10);
        Health health =
                new Health(new Probe.Tcp("", 80), interval, Duration.ofSeconds(2), failures, then);
        checks = new Checks(checks.ready(), Optional.of(health), checks.watchdog());
        return this;
    }

    public SpecBuilder watchdog(Duration within) {
        checks = new Checks(checks.ready(), checks.health(), Optional.of(within));
        return this;
    }

    public SpecBuilder essential() {
        lifetime =
                new Lifetime(
                        true, lifetime.maxRuntime(), lifetime.memoryMax(), lifetime.priority());
        return this;
    }

    public SpecBuilder maxRuntime(Duration time) {
        lifetime =
                new Lifetime(
                        lifetime.essential(),
                        Optional.of(time),
                        lifetime.memoryMax(),
                        lifetime.priority());
        return this;
    }

    public SpecBuilder memoryMax(long bytes) {
        lifetime =
                new Lifetime(
                        lifetime.essential(),
                        lifetime.maxRuntime(),
                        OptionalLong.of(bytes),
                        lifetime.priority());
        return this;
    }

    public SpecBuilder priority(int value) {
        lifetime =
                new Lifetime(
                        lifetime.essential(), lifetime.maxRuntime(), lifetime.memoryMax(), value);
        return this;
    }

    public SpecBuilder stop(StopPlan plan) {
        stop = plan;
        return this;
    }

    /** One of several of a kind, whose id is to fit. */
    public SpecBuilder instance(Instance one) {
        instance = Optional.of(one);
        return this;
    }

    public SpecBuilder triggers(Triggers value) {
        triggers = value;
        return this;
    }

    public ProcessSpec build() {
        return new ProcessSpec(
                id,
                exec,
                restart,
                SuccessExit.DEFAULT,
                settle,
                restartDelay,
                backoff,
                giveUp,
                depends,
                follows,
                skip,
                false,
                stop,
                stdin,
                stdout,
                stderr,
                cwd,
                env,
                identity,
                instance,
                checks,
                hooks,
                triggers,
                lifetime);
    }
}
