package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Ticker;

/**
 * A kernel without processes: time moves when told, programs end when told, spawning fails by
 * chance, and pids come from so few that they are soon used again. It fails the test when the
 * ensemble does what it never may.
 */
final class FakeKernel implements Launcher, Ticker {
    /** One group: its leader, and how many others are in it. */
    static final class Group {
        final ProcessSpec spec;
        final long number;
        final int pid;
        boolean leaderAlive = true;
        boolean exitTold;
        boolean ignoresTerm;
        int others;

        /** Those that have left the group. */
        int escaped;

        Group(ProcessSpec spec, long number, int pid) {
            this.number = number;
            this.spec = spec;
            this.pid = pid;
        }

        boolean isEmpty() {
            return !leaderAlive && others == 0;
        }

        boolean isGone() {
            return isEmpty() && escaped == 0;
        }

        @Override
        public String toString() {
            String leader = leaderAlive ? " with its leader" : "";
            return "%s run %d, pid %d%s and %d others"
                    .formatted(spec.id(), number, pid, leader, others);
        }
    }

    private static final int PIDS = 24;

    private final Random random;
    private final double failureRate;

    /** Whether processes begin sessions of their own. */
    boolean lettingEscape;

    private long nanos;
    private int lastPid = 1;
    final List<Group> groups = new ArrayList<>();

    /** The runs that were found to be gone; a monitor that took over may ask again. */
    private final Set<Run> counted = new HashSet<>();

    final List<String> trace = new ArrayList<>();
    long launches;

    /** Who was begun to be started, and of whom it was learned what came of it. */
    final List<String> turns = new ArrayList<>();

    /** Those that can never be started. */
    final Set<String> refused = new HashSet<>();

    /** Those that cannot be started before a person has done something about it. */
    final Set<String> hopeless = new HashSet<>();

    /** Why some could not be started, as far as that is seen before. */
    final Map<String, String> refusals = new HashMap<>();

    /** Those of them whose obstacle may pass by itself. */
    final Set<String> passing = new HashSet<>();

    FakeKernel(Random random, double failureRate) {
        this.random = random;
        this.failureRate = failureRate;
    }

    @Override
    public Ticks now() {
        return new Ticks(nanos);
    }

    void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    void advanceTo(Ticks instant) {
        nanos = Math.max(nanos, instant.nanos());
    }

    @Override
    public Optional<StartError> refusal(ProcessSpec spec) {
        return Optional.ofNullable(refusals.get(spec.id()))
                .map(reason -> new StartError(0, reason, !passing.contains(spec.id())));
    }

    @Override
    public Launching begin(ProcessSpec spec, long number) {
        turns.add("launch " + spec.id());
        Launched launched = launched(spec, number);
        return () -> {
            turns.add("told of " + spec.id());
            return launched;
        };
    }

    private Launched launched(ProcessSpec spec, long number) {
        trace.add("launch " + spec.id() + " run " + number);
        for (Group group : groups) {
            boolean same = group.spec.id().equals(spec.id());
            boolean counts = group.leaderAlive || spec.restart() != RestartPolicy.NEVER;
            assertThat(same && counts && !group.isGone())
                    .as("%s is started while its run %d is there", spec.id(), group.pid)
                    .isFalse();
        }
        long taken = groups.stream().filter(g -> !g.isEmpty()).count();
        if (hopeless.contains(spec.id())) {
            return new Launched.NotStarted(new StartError(2, "no such program", true));
        }
        if (random.nextDouble() < failureRate || taken >= PIDS || refused.contains(spec.id())) {
            trace.add("  cannot");
            return new Launched.NotStarted(new StartError(2, "No such file or directory"));
        }
        launches++;
        Group group = new Group(spec, number, freePid());
        group.ignoresTerm = random.nextInt(4) == 0;
        group.others = random.nextInt(3) == 0 ? random.nextInt(3) : 0;
        group.escaped = lettingEscape && random.nextInt(6) == 0 ? 1 + random.nextInt(2) : 0;
        groups.add(group);
        trace.add("  pid " + group.pid);
        return new Launched.Started(group.pid, group.pid);
    }

    @Override
    public boolean adopt(ProcessSpec spec, Run run) {
        Optional<Group> group = group(spec.id(), run.number()).filter(g -> !g.exitTold);
        trace.add("adopt " + spec.id() + " run " + run.number() + ": " + group.isPresent());
        group.ifPresent(g ->
                assertThat(run)
                        .as("the run that is adopted")
                        .matches(r -> r.pid() == g.pid && r.born() == g.pid));
        return group.isPresent();
    }

    @Override
    public Found find(ProcessSpec spec, long number) {
        Found found = found(group(spec.id(), number));
        trace.add("find " + spec.id() + " run " + number + ": " + found);
        return found;
    }

    private Found found(Optional<Group> group) {
        if (group.isEmpty()) {
            return new Found.NeverStarted();
        }
        if (group.get().isEmpty()) {
            groups.remove(group.get());
            return new Found.Ended();
        }
        return new Found.There(new Launched.Started(group.get().pid, group.get().pid));
    }

    private Optional<Group> group(String name, long number) {
        return groups.stream()
                .filter(g -> g.spec.id().equals(name) && g.number == number)
                // Who was forgotten and came back counts from the beginning.
                .reduce((_, latest) -> latest);
    }

    @Override
    public void signalGroup(String name, Run run, Signal signal) {
        trace.add("signal " + signal + " to " + name + " run " + run.number());
        Group group = owned(name, run);
        if (signal == Signal.KILL || (signal == Signal.TERM && !group.ignoresTerm)) {
            group.leaderAlive = false;
            group.others = signal == Signal.KILL ? 0 : group.others / 2;
        }
    }

    @Override
    public boolean signalLeader(String name, Run run, Signal signal) {
        trace.add("signal " + signal + " to the leader of " + name + " run " + run.number());
        return owned(name, run).leaderAlive;
    }

    @Override
    public Remains remains(ProcessSpec spec, Run run) {
        Optional<Group> found =
                groups.stream()
                        .filter(g -> g.pid == run.pid() && g.number == run.number() && g.exitTold)
                        .reduce((_, latest) -> latest);
        if (found.isEmpty()) {
            assertThat(counted).as("the groups that may be counted").contains(run);
            return new Remains.Nothing();
        }
        Group group = found.get();
        if (!group.isEmpty()) {
            return new Remains.OfItsGroup();
        }
        if (group.escaped > 0) {
            return new Remains.Survivors(List.of(group.escaped + " others"));
        }
        groups.remove(group);
        counted.add(run);
        return new Remains.Nothing();
    }

    @Override
    public void over(String name, Run run) {
        trace.add("over " + name + " run " + run.number());
        assertThat(counted).as("the runs of which nothing is left").contains(run);
    }

    @Override
    public void forget(ProcessSpec spec, long runs) {
        trace.add("forget " + spec.id() + " after run " + runs);
    }

    /** Now and then one that is left has just started another. */
    @Override
    public void killSurvivors(ProcessSpec spec, Run run) {
        Group group = owned(spec.id(), run);
        assertThat(group.isEmpty())
                .as("what has left the group is killed last, of %s", group)
                .isTrue();
        trace.add("kill survivors of " + group);
        group.escaped = random.nextInt(4) == 0 ? group.escaped : 0;
    }

    private Group owned(String name, Run run) {
        return groups.stream()
                .filter(g -> g.spec.id().equals(name))
                .filter(g -> g.number == run.number() && g.pid == run.pid())
                .reduce((_, latest) -> latest)
                .orElseThrow(() -> new AssertionError(name + " has no " + run));
    }

    private int freePid() {
        do {
            lastPid = lastPid % PIDS + 2;
        } while (groups.stream().anyMatch(g -> g.pid == lastPid && !g.isEmpty()));
        return lastPid;
    }
}
