package org.procmon.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.procmon.config.Cron;
import org.procmon.config.Dependency.Condition;
import org.procmon.config.Health.Remedy;
import org.procmon.config.ProcessSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.config.SpecBuilder;
import org.procmon.config.StartBudget;
import org.procmon.config.Triggers;
import org.procmon.lifecycle.HookKind;

/**
 * Makes specifications by chance. What each does when it ends, and whether it has hooks, stays the
 * same, so that it is known what may be left of its last run, and what is owed to it.
 */
final class RandomSpecs {
    private final Random random;

    /** Whether some may run only for so long, so that they never come to rest. */
    final boolean isRenewed;

    private final Map<String, RestartPolicy> policies = new HashMap<>();

    private final Map<String, Set<HookKind>> hooked = new HashMap<>();

    RandomSpecs(Random random) {
        this.random = random;
        this.isRenewed = random.nextInt(4) == 0;
    }

    List<ProcessSpec> next() {
        List<ProcessSpec> specs = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            specs.add(spec(i));
        }
        return specs;
    }

    private ProcessSpec spec(int index) {
        SpecBuilder process = SpecBuilder.process("p" + index);
        for (int parent = 0; parent < index; parent++) {
            if (random.nextInt(3) == 0) {
                process.on("p" + parent, pick(List.of(Condition.values())));
            }
        }
        boolean isGivenUp = random.nextInt(3) == 0;
        if (isGivenUp) {
            Duration period = Duration.ofSeconds(5);
            process.giveUp(
                    random.nextInt(3),
                    period,
                    random.nextBoolean() ? Optional.empty() : Optional.of(period.plusSeconds(5)));
        }
        Optional<Cron> cron = Optional.of(new Cron("", 1, 1, 1, 2, 2, 1));
        process.triggers(
                new Triggers(
                        random.nextInt(3) == 0
                                ? Optional.of(
                                        new Schedule(
                                                random.nextBoolean() ? cron : Optional.empty(),
                                                random.nextBoolean() ? cron : Optional.empty(),
                                                cron,
                                                Optional.empty(),
                                                Schedule.Missed.LATE,
                                                Duration.ZERO,
                                                List.of(),
                                                pick(List.of(Schedule.Overlap.values()))))
                                : Optional.empty(),
                        Optional.empty(),
                        random.nextInt(3) == 0 ? Optional.of(Signal.HUP) : Optional.empty()));
        boolean isNotified = random.nextInt(3) == 0;
        if (isNotified) {
            process.notifies(Duration.ofSeconds(1 + random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            Remedy remedy = pick(List.of(Remedy.values()));
            process.health(1 + random.nextInt(2), remedy);
        }
        if (random.nextInt(3) == 0) {
            process.watchdog(Duration.ofSeconds(5));
        }
        if (isRenewed && random.nextBoolean()) {
            process.maxRuntime(Duration.ofSeconds(2 + random.nextInt(20)));
        }
        if (random.nextInt(4) == 0) {
            process.memoryMax(1 << 20);
        }
        process.priority(random.nextInt(3));
        Duration patience = Duration.ofSeconds(1 + random.nextInt(3));
        Set<HookKind> kinds = hooked.computeIfAbsent("p" + index, _ -> someHooks());
        if (kinds.contains(HookKind.BEFORE_START)) {
            process.beforeStart(patience);
        }
        if (kinds.contains(HookKind.AFTER_STOP)) {
            process.afterStop(patience);
        }
        RestartPolicy policy =
                policies.computeIfAbsent("p" + index, _ -> pick(List.of(RestartPolicy.values())));
        return process.restart(policy)
                .env(random.nextInt(3) == 0 ? Map.of("A", "1") : Map.of())
                .settle(isNotified || random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1))
                .restartDelay(random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(500))
                // Who follows another is started with it, however often that is.
                .follows(!isGivenUp && random.nextBoolean())
                .skip(random.nextInt(8) == 0)
                .build();
    }

    private Set<HookKind> someHooks() {
        Set<HookKind> some = EnumSet.allOf(HookKind.class);
        some.removeIf(_ -> random.nextInt(3) > 0);
        return some;
    }

    Optional<StartBudget> budget() {
        return random.nextInt(3) == 0
                ? Optional.of(new StartBudget(1 + random.nextInt(3), Duration.ofSeconds(2)))
                : Optional.empty();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
