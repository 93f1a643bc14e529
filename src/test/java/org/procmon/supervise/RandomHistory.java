package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.procmon.config.Backoff;
import org.procmon.config.ControlSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OrphanPolicy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.lifecycle.Effect;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.HookKind;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.Notification;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ResourceUsage;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.InitialState;
import org.procmon.supervise.port.Launcher;
import org.procmon.supervise.port.Reply;

/** One history: what happens, and what is checked at every step. */
final class RandomHistory {
    private static final int EVENTS = 40;

    private static final class MonitorDied extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    final Random random;
    private final RandomSpecs specs;
    final FakeKernel kernel;
    private final FakeHooks hooks;
    final FakeJournal journal = new FakeJournal();
    ProcessSet ensemble;
    final List<CompletableFuture<Reply>> replies = new ArrayList<>();

    private final Wishes wishes;
    private boolean hurried;
    private boolean mortal;
    long deaths;

    RandomHistory(long seed) {
        random = new Random(seed);
        specs = new RandomSpecs(random);
        kernel = new FakeKernel(random, random.nextInt(3) == 0 ? 0.2 : 0);
        kernel.lettingEscape = true;
        hooks = new FakeHooks(kernel);
        MonitorSpec spec =
                new MonitorSpec(
                        ControlSpec.DEFAULT,
                        Optional.empty(),
                        OrphanPolicy.STOP,
                        specs.budget(),
                        specs.next(),
                        Set.of());
        wishes = new Wishes(spec, kernel, this::present);
        ensemble =
                new ProcessSet(
                        InitialState.of(spec),
                        guarded(),
                        guardedHooks(),
                        kernel,
                        this::on,
                        journal);
    }

    private void on(Change change) {
        if (change instanceof Change.Transition transition) {
            wishes.changed(transition.before(), transition.after());
        }
    }

    private ProcessSet present() {
        return ensemble;
    }

    /** The kernel, with the checks that need to know what was wanted. */
    private Launcher guarded() {
        return new Launcher() {
            @Override
            public Launching begin(ProcessSpec process, long number) {
                wishes.checkStart(process);
                hooks.checkStart(process, number);
                mayDie();
                Launching launching = kernel.begin(process, number);
                return () -> {
                    mayDie();
                    return launching.await();
                };
            }

            @Override
            public boolean adopt(ProcessSpec process, Run run) {
                return kernel.adopt(process, run);
            }

            @Override
            public Found find(ProcessSpec process, long number) {
                return kernel.find(process, number);
            }

            @Override
            public void signalGroup(String name, Run run, Signal signal) {
                checkDependentsAreGone(name);
                kernel.signalGroup(name, run, signal);
            }

            @Override
            public boolean signalLeader(String name, Run run, Signal signal) {
                return kernel.signalLeader(name, run, signal);
            }

            @Override
            public Remains remains(ProcessSpec process, Run run) {
                return kernel.remains(process, run);
            }

            @Override
            public void over(String name, Run run) {
                kernel.over(name, run);
            }

            @Override
            public void killSurvivors(ProcessSpec process, Run run) {
                kernel.killSurvivors(process, run);
            }
        };
    }

    private HookRunner guardedHooks() {
        return (process, effect) -> {
            if (effect instanceof Effect.RunHook hook) {
                if (hook.kind() == HookKind.BEFORE_START) {
                    wishes.checkPreparation(process);
                }
                mayDie();
                hooks.perform(process, effect);
                mayDie();
            } else {
                hooks.perform(process, effect);
            }
        };
    }

    /** The monitor dies of kill -9 between any two effects. */
    private void mayDie() {
        if (mortal && random.nextInt(40) == 0) {
            throw new MonitorDied();
        }
    }

    /** Does something, in the middle of which the monitor may die. */
    private void dangerously(Runnable action) {
        mortal = true;
        wishes.somethingBegins();
        try {
            action.run();
            mortal = false;
        } catch (MonitorDied _) {
            mortal = false;
            kernel.trace.add("the monitor dies in the middle of it");
            wishes.somethingWasInterrupted();
            anotherTakesOver();
        }
    }

    private void anotherTakesOver() {
        kernel.trace.add("another monitor takes over: " + journal.all());
        deaths++;
        wishes.anotherTakesOver();
        replies.clear();
        hooks.forget();
        ensemble =
                new ProcessSet(
                        new InitialState(
                                wishes.spec(),
                                List.of(),
                                journal.all(),
                                OrphanPolicy.STOP,
                                journal.isShuttingDown()),
                        guarded(),
                        guardedHooks(),
                        kernel,
                        this::on,
                        journal);
        ensemble.takeOver();
        ensemble.begin();
    }

    void run() {
        ensemble.takeOver();
        ensemble.begin();
        check();
        for (int i = 0; i < EVENTS; i++) {
            dangerously(this::something);
            check();
        }
        if (!ensemble.isShuttingDown() && !specs.isRenewed) {
            checkThatAllComesUp();
        }
        checkThatAllGoesDown();
    }

    private void something() {
        switch (random.nextInt(20)) {
            case 18, 19 -> aHookEnds();
            case 17 -> aLateAnswerComes();
            case 16 -> filesChange();
            case 15 -> aTimeComes();
            case 14 -> theConfigurationChanges();
            case 11, 12, 13 -> somethingIsReported();
            case 10 -> anotherTakesOver();
            case 0, 1, 2 -> aLeaderEnds();
            case 3 -> anotherMemberEnds();
            case 4, 5, 6 -> timePasses();
            case 7, 8 -> aCommandComes();
            default -> exitsAreTold();
        }
    }

    private void aHookEnds() {
        pick(List.copyOf(hooks.running.keySet()))
                .ifPresent(name -> {
                    Optional<StartError> trouble =
                            random.nextInt(3) == 0
                                    ? Optional.of(new StartError(0, "exited with code 1"))
                                    : Optional.empty();
                    ensemble.reported(name, hooks.end(name, trouble));
                });
    }

    /** Of a hook that nobody waits for. */
    private void aLateAnswerComes() {
        pick(ensemble.views()).ifPresent(this::aLateAnswerComes);
    }

    private void aLateAnswerComes(ProcessView view) {
        List<Ticks> late = new ArrayList<>(hooks.begun);
        view.process().state().hook().ifPresent(hook -> late.remove(hook.begun()));
        pick(late)
                .ifPresent(begun -> {
                    ensemble.reported(view.name(), new Event.HookEnded(begun, Optional.empty()));
                    assertThat(view(view.name()).process())
                            .as("%s after a late answer", view.name())
                            .isEqualTo(view.process());
                });
    }

    private void allHooksEnd() {
        while (!hooks.running.isEmpty()) {
            String name = hooks.running.keySet().iterator().next();
            ensemble.reported(name, hooks.end(name, Optional.empty()));
        }
    }

    /** What runs say and show, of the present run or an earlier one. */
    private void somethingIsReported() {
        pick(ensemble.views()).ifPresent(this::report);
    }

    private void report(ProcessView view) {
        long runs = view.process().tally().runs();
        long run = Math.max(0, runs - (random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0));
        Event event =
                switch (random.nextInt(8)) {
                    case 7 -> new Event.MemoryExceeded(run, 2 << 20);
                    case 0, 1 -> new Event.BecameReady(run);
                    case 2 -> new Event.WatchdogExpired(run);
                    case 3 -> new Event.Probed(run, Optional.empty());
                    case 4 -> new Event.Probed(run, Optional.of("no answer"));
                    default -> new Event.Notified(run, saying());
                };
        kernel.trace.add(view.name() + " reports " + event);
        ProcessState before = view.process().state();
        ensemble.reported(view.name(), event);
        ProcessView after = view(view.name());
        boolean isPresent = before.run().filter(r -> r.number() == run).isPresent();
        if (!isPresent) {
            assertThat(after.process())
                    .as("%s after a report of another run", view.name())
                    .isEqualTo(view.process());
        }
        if (event instanceof Event.Notified && before.run().isPresent()) {
            assertThat(after.process().state().phase())
                    .as("%s after it said something", view.name())
                    .isEqualTo(before.phase());
        }
        assertThat(after.process().tally().runs())
                .as("runs of %s after a report", view.name())
                .isEqualTo(runs);
    }

    private Notification saying() {
        return switch (random.nextInt(6)) {
            case 0 -> new Notification.Reloading();
            case 1 -> new Notification.Leaving();
            case 2 -> new Notification.Status("busy");
            case 3 -> new Notification.MainPid(2 + random.nextInt(20));
            case 4 -> new Notification.Disbelieved("somebody");
            default -> new Notification.MoreTime(Duration.ofMillis(random.nextInt(3000)));
        };
    }

    private ProcessView view(String name) {
        return ensemble.views().stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void aLeaderEnds() {
        pick(kernel.groups.stream().filter(g -> g.leaderAlive).toList())
                .ifPresent(group -> {
                    kernel.trace.add("leader " + group.pid + " ends");
                    group.leaderAlive = false;
                });
        if (random.nextBoolean()) {
            exitsAreTold();
        }
    }

    private void anotherMemberEnds() {
        pick(kernel.groups.stream().filter(g -> g.others > 0).toList())
                .ifPresent(group -> group.others--);
        ensemble.strangerExited();
    }

    private void exitsAreTold() {
        boolean together = random.nextBoolean();
        for (FakeKernel.Group group : List.copyOf(kernel.groups)) {
            if (!group.leaderAlive && !group.exitTold) {
                ExitStatus status =
                        random.nextBoolean()
                                ? new ExitStatus.Exited(random.nextInt(2))
                                : new ExitStatus.Signaled(Signal.KILL.number());
                kernel.trace.add("exit of " + group.pid + " is told: " + status);
                group.exitTold = true;
                if (together) {
                    ensemble.leaderExitedToo(
                            group.spec.id(), group.number, status, ResourceUsage.NONE);
                } else {
                    ensemble.leaderExited(
                            group.spec.id(), group.number, status, ResourceUsage.NONE);
                }
            }
        }
        if (together) {
            ensemble.strangerExited();
        }
    }

    private void timePasses() {
        Optional<Ticks> next = ensemble.nextDeadline();
        if (next.isPresent() && random.nextBoolean()) {
            kernel.advanceTo(next.get());
        } else {
            kernel.advance(Duration.ofMillis(random.nextInt(3000)));
        }
        kernel.trace.add("time is " + kernel.now().nanos() / 1_000_000 + " ms");
        theTimeIsLookedAt();
    }

    private void theTimeIsLookedAt() {
        for (ProcessView view : ensemble.views()) {
            if (hasRunForLongest(view)) {
                // What follows a run that was long enough is no restart that could be too many.
                wishes.forgive(view.name());
            }
        }
        ensemble.timePassed();
    }

    /** Also one that settles at the same moment. */
    private boolean hasRunForLongest(ProcessView view) {
        Optional<Duration> longest = view.spec().lifetime().maxRuntime();
        Optional<Run> run = view.process().state().run();
        return longest.isPresent()
                && run.isPresent()
                && kernel.now().hasReached(run.get().started().plus(longest.get()));
    }

    private boolean isDue(ProcessView view) {
        return Lifecycle.deadline(view.spec(), view.process())
                .filter(kernel.now()::hasReached)
                .isPresent();
    }

    private void aTimeComes() {
        pick(wishes.spec().processes().stream()
                        .filter(p -> p.triggers().schedule().isPresent())
                        .map(ProcessSpec::id)
                        .toList())
                .ifPresent(this::aTimeComes);
    }

    private void aTimeComes(String name) {
        Schedule.Action action = pick(List.of(Schedule.Action.values())).orElseThrow();
        kernel.trace.add("time to " + action.word() + " " + name);
        if (ensemble.isShuttingDown()) {
            ensemble.timeCame(name, action);
            return;
        }
        wishes.timeComes(name, action);
        ensemble.timeCame(name, action);
        wishes.timeCame(name);
    }

    /** Nobody is wanted up for that. */
    private void filesChange() {
        String name = pick(wishes.spec().processes()).orElseThrow().id();
        kernel.trace.add("files of " + name + " change");
        wishes.forgive(name);
        ensemble.filesChanged(name);
    }

    private void aCommandComes() {
        List<String> names = names();
        Command command =
                switch (random.nextInt(26)) {
                    case 24, 25 -> new Command.Refresh(names);
                    case 0, 1, 2, 3, 4, 5 -> new Command.Start(names);
                    case 6, 7, 8, 9, 10, 11 -> new Command.Stop(names);
                    case 12, 13, 14, 15, 16 -> new Command.Restart(names);
                    case 17, 18 -> new Command.Roll(names);
                    case 19 -> new Command.SendSignal(names, Signal.HUP);
                    case 20, 21, 22 -> new Command.Delete(names, true);
                    default -> new Command.Shutdown();
                };
        order(command);
    }

    private void theConfigurationChanges() {
        MonitorSpec next =
                new MonitorSpec(
                        ControlSpec.DEFAULT,
                        Optional.empty(),
                        random.nextBoolean() ? OrphanPolicy.STOP : OrphanPolicy.KEEP,
                        specs.budget(),
                        specs.next(),
                        Set.of());
        journal.onAccept = wishes.reload(next);
        order(Reloading.command(next));
    }

    private void order(Command command) {
        kernel.trace.add(words(command));
        boolean refused = ensemble.isShuttingDown();
        hurried |= refused && command instanceof Command.Shutdown;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        replies.add(reply);
        wishes.commandComes(command, reply, refused);
        ensemble.command(command, reply);
        wishes.commandCame();
        ensemble.keep();
        ensemble.sendReplies();
    }

    private static String words(Command command) {
        if (!(command instanceof Command.Reload reload)) {
            return command.toString();
        }
        StringBuilder words = new StringBuilder("reload, orphans: ");
        words.append(reload.config().spec().orphans());
        for (ProcessSpec process : reload.config().spec().processes()) {
            words.append("\n  ").append(process.id()).append(process.skip() ? " skipped" : "");
            process.depends().forEach(on -> words.append(" on ").append(on.on()));
        }
        return words.toString();
    }

    private List<String> names() {
        if (random.nextInt(6) == 0) {
            return List.of("all");
        }
        List<ProcessSpec> processes = wishes.spec().processes();
        List<String> names = new ArrayList<>();
        do {
            names.add(processes.get(random.nextInt(processes.size())).id());
        } while (random.nextInt(3) == 0);
        return names;
    }

    private void check() {
        ensemble.keep();
        checkThatViewsAreNew();
        // What was due may make something else due at once: it settles, and has run for too long.
        for (int i = 0;
                i < 3 && ensemble.nextDeadline().filter(kernel.now()::hasReached).isPresent();
                i++) {
            theTimeIsLookedAt();
        }
        for (ProcessView view : ensemble.views()) {
            assertThat(isDue(view))
                    .as("deadline of %s left standing in the past", view.name())
                    .isFalse();
        }
        hooks.check(ensemble.views());
    }

    /** To be told of plans lets all views be made anew. */
    private void checkThatViewsAreNew() {
        List<ProcessView> shown = ensemble.views();
        ensemble.planned(Map.of());
        assertThat(ensemble.views()).as("what readers see").isEqualTo(shown);
    }

    /**
     * A stop's first signals go to a group only when those above it, who are being stopped too, are
     * gone.
     */
    private void checkDependentsAreGone(String name) {
        ProcessView target =
                ensemble.views().stream()
                        .filter(v -> v.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        boolean ordered =
                target.process().state() instanceof ProcessState.Stopping s
                        && s.exit().isEmpty()
                        && s.sent() == 1;
        if (hurried || !ordered) {
            return;
        }
        for (ProcessView other : ensemble.views()) {
            boolean above =
                    other.spec().depends().stream().anyMatch(d -> d.on().equals(target.name()));
            boolean there = other.process().state() instanceof ProcessState.Stopping;
            assertThat(above && there)
                    .as("%s is signalled before %s", target.name(), other.name())
                    .isFalse();
        }
    }

    /** With a kernel that works, all that is wanted and can come up does. */
    private void checkThatAllComesUp() {
        for (int i = 0; i < 40; i++) {
            exitsAreTold();
            allHooksEnd();
            allIsWell();
            kernel.advance(Backoff.DEFAULT.max().plusSeconds(1));
            theTimeIsLookedAt();
        }
        exitsAreTold();
        allHooksEnd();
        allIsWell();
        for (ProcessView view : ensemble.views()) {
            if (view.process().goal() == Goal.UP && view.waitsFor().isEmpty()) {
                assertThat(view.process().state())
                        .as("%s is wanted up and waits for nothing", view.name())
                        .isNotInstanceOf(ProcessState.Waiting.class)
                        .isNotInstanceOf(ProcessState.Starting.class);
            }
        }
    }

    /** All that run are ready and well. */
    private void allIsWell() {
        for (ProcessView view : ensemble.views()) {
            view.process()
                    .state()
                    .run()
                    .ifPresent(run -> {
                        ensemble.reported(view.name(), new Event.BecameReady(run.number()));
                        Event good = new Event.Probed(run.number(), Optional.empty());
                        ensemble.reported(view.name(), good);
                    });
        }
    }

    private void checkThatAllGoesDown() {
        order(new Command.Shutdown());
        for (int i = 0; i < 1000 && !ensemble.isOver(); i++) {
            exitsAreTold();
            if (random.nextBoolean()) {
                aHookEnds();
            }
            ensemble.nextDeadline().ifPresent(kernel::advanceTo);
            theTimeIsLookedAt();
            ensemble.sendReplies();
        }
        assertThat(ensemble.isOver()).as("everything is down after a shutdown").isTrue();
        assertThat(kernel.groups)
                .as("groups left after a shutdown")
                .allMatch(g -> g.isGone() || g.spec.restart() == RestartPolicy.NEVER);
        if (!hurried) {
            ensemble.views().forEach(v -> hooks.checkTidied(v.spec(), v.process().tally().runs()));
        }
        hooks.check(ensemble.views());
        exitsAreTold();
        assertThat(replies).as("replies").allMatch(CompletableFuture::isDone);
    }

    private <T> Optional<T> pick(List<T> list) {
        return list.isEmpty()
                ? Optional.empty()
                : Optional.of(list.get(random.nextInt(list.size())));
    }
}
