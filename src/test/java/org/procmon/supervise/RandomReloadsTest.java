package org.procmon.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procmon.config.SpecBuilder.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.procmon.config.ControlSpec;
import org.procmon.config.Health;
import org.procmon.config.Instance;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StopPlan;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.lifecycle.ProcessState;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;

/** Any configuration in the place of any other. */
class RandomReloadsTest extends Reloads {
    private static final List<RestartPolicy> POLICIES = List.of(RestartPolicy.values());
    private static final List<StopPlan> PLANS =
            List.of(
                    StopPlan.DEFAULT,
                    new StopPlan(List.of(new StopPlan.Step(Signal.INT, Duration.ofSeconds(2)))),
                    new StopPlan(
                            List.of(
                                    new StopPlan.Step(Signal.QUIT, Duration.ZERO),
                                    new StopPlan.Step(Signal.TERM, Duration.ofSeconds(1))),
                            StopPlan.Target.MAIN,
                            true));

    @Test
    void aReloadEqualsAFreshStart() {
        long seed = Long.getLong("procmon.seed", System.nanoTime());
        for (int i = 0; i < 3000; i++) {
            String how = "with -Dprocmon.seed=%d".formatted(seed + i);
            Random random = new Random(seed + i);
            FakeKernel one = new FakeKernel(new Random(seed + i), 0);
            ensemble = begin(one, specs(random));
            ensemble.views().forEach(view -> something(view.name(), one, random));
            Map<String, ProcessView> before = new HashMap<>();
            ensemble.views().forEach(view -> before.put(view.name(), view));
            MonitorSpec next = new MonitorSpec(ControlSpec.DEFAULT, specs(random));
            reload(next);
            finish(one);
            Map<String, String> reloaded = outcomes();
            List<ProcessSpec> now = ensemble.views().stream().map(ProcessView::spec).toList();
            assertThat(now).as(how).isEqualTo(next.processes());
            for (FakeKernel.Group group : one.groups) {
                checkThatItIsNew(group, next, before, how);
            }

            FakeKernel two = new FakeKernel(new Random(seed + i), 0);
            ensemble = begin(two, next.processes());
            Set<String> unsure = new HashSet<>();
            for (ProcessSpec process : next.processes()) {
                String name = process.id();
                ProcessView view = before.get(name);
                if (view != null && isLeftOver(view, process)) {
                    if (!process.restartOnParentDeath()) {
                        Phase phase = view.process().state().phase();
                        assertThat(reloaded.get(name)).as(how).startsWith(phase.wireName());
                    }
                    unsure.add(name);
                } else if (view != null && view.process().isHeldDown()) {
                    assertThat(reloaded.get(name)).as(how).startsWith("stopped OPERATOR");
                    unsure.add(name);
                } else if (view != null && isWantedAnyway(view, process)) {
                    order(new Command.Start(List.of(name)));
                }
            }
            finish(two);
            Map<String, String> fresh = outcomes();
            for (ProcessSpec process : next.processes()) {
                String name = process.id();
                // What is up needs nobody to start it, nor what has started since then on its
                // strength.
                boolean wasUp =
                        isAlive(before, name)
                                || process.depends().stream()
                                        .anyMatch(d -> isAlive(before, d.on()));
                boolean goesOn =
                        wasUp
                                && reloaded.getOrDefault(name, "").startsWith("running")
                                && fresh.getOrDefault(name, "").startsWith("waiting");
                if (goesOn || process.depends().stream().anyMatch(d -> unsure.contains(d.on()))) {
                    unsure.add(name);
                }
            }
            reloaded.keySet().removeAll(unsure);
            fresh.keySet().removeAll(unsure);
            assertThat(reloaded).as(how).isEqualTo(fresh);
        }
    }

    private static boolean isAlive(Map<String, ProcessView> views, String name) {
        ProcessView view = views.get(name);
        return view != null && view.process().state().phase().isAlive();
    }

    /** What happens to processes before anybody reloads. */
    private void something(String name, FakeKernel in, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> order(new Command.Stop(List.of(name)));
            case 1 -> order(new Command.Start(List.of(name)));
            case 2 -> end(in, name, 0);
            case 3, 4 -> {
                // The second one leads to a delay, unless it is over.
                end(in, name, 1);
                end(in, name, 1);
            }
            case 5 -> ensemble.timeCame(name, Schedule.Action.START);
            default -> {}
        }
    }

    /** A run of what is started with the others is one of the program that is asked for. */
    private static void checkThatItIsNew(
            FakeKernel.Group group, MonitorSpec next, Map<String, ProcessView> before, String how) {
        Optional<ProcessSpec> asked =
                next.processes().stream()
                        .filter(p -> p.id().equals(group.spec.id()) && Restorer.startsAtFirst(p))
                        .findFirst();
        if (group.leaderAlive && asked.isPresent()) {
            assertThat(group.spec.exec()).as(how).isEqualTo(asked.get().exec());
            assertThat(group.spec.checks().ready()).as(how).isEqualTo(asked.get().checks().ready());
        }
        assertThat(asked.isPresent() || !group.leaderAlive || before.containsKey(group.spec.id()))
                .as("%s runs, %s", group.spec.id(), how)
                .isTrue();
    }

    /** Whether it has come to its end, and nothing is new that could lead to another. */
    private static boolean isLeftOver(ProcessView view, ProcessSpec next) {
        ProcessSpec old = view.spec();
        ProcessState state = view.process().state();
        boolean failed = state instanceof ProcessState.Failed;
        if (!failed && !(state instanceof ProcessState.Completed)) {
            return false;
        }
        if (Restorer.startsAtFirst(old) && !Restorer.startsAtFirst(next)) {
            return !next.skip();
        }
        boolean isNew =
                !old.exec().equals(next.exec())
                        || !old.checks().ready().equals(next.checks().ready())
                        || old.restart() != next.restart()
                        || (failed && !old.giveUp().equals(next.giveUp()));
        return !isNew || next.triggers().startsByTime();
    }

    /** Whether it is up, or on its way there, though nothing starts it with the others. */
    private static boolean isWantedAnyway(ProcessView view, ProcessSpec next) {
        boolean isShelved = Restorer.startsAtFirst(view.spec()) && !Restorer.startsAtFirst(next);
        boolean isAlive = view.process().state().phase().isAlive();
        return view.process().goal() == Goal.UP && (isAlive || !isShelved);
    }

    private static List<ProcessSpec> specs(Random random) {
        List<ProcessSpec> specs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            if (random.nextInt(3) == 0) {
                continue;
            }
            boolean isOneOfSeveral = i >= 4;
            SpecBuilder builder =
                    process(isOneOfSeveral ? "several." + i : "p" + i)
                            .program(random.nextInt(3) == 0 ? "x" : "y")
                            .skip(random.nextInt(6) == 0)
                            .follows(random.nextBoolean())
                            .priority(random.nextInt(2))
                            .restart(POLICIES.get(random.nextInt(POLICIES.size())))
                            .settle(Duration.ofSeconds(random.nextInt(2)))
                            .stop(PLANS.get(random.nextInt(PLANS.size())));
            if (isOneOfSeveral) {
                builder.instance(new Instance("several", i));
            }
            if (random.nextInt(4) == 0) {
                builder.giveUp(0, Duration.ofHours(1), Optional.empty());
            }
            if (random.nextInt(5) == 0) {
                builder.triggers(startedByTime());
            }
            if (random.nextInt(5) == 0) {
                builder.notifies(Duration.ofSeconds(30));
            }
            if (random.nextInt(5) == 0) {
                builder.health(2, Health.Remedy.RESTART);
            }
            for (ProcessSpec earlier : specs) {
                if (random.nextInt(3) == 0) {
                    builder.on(earlier.id());
                }
            }
            specs.add(builder.build());
        }
        return specs;
    }
}
