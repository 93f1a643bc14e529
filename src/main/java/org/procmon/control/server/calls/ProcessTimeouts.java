package org.procmon.control.server.calls;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.procmon.config.Dependency;
import org.procmon.config.DurationText;
import org.procmon.config.Hook;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Readiness;
import org.procmon.config.StopPlan;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.Phase;
import org.procmon.status.ProcessView;

/**
 * How long a change of processes may take by their own limits. A dependent process starts after its
 * dependency and stops before it, so the longest chain of dependencies counts. A process without a
 * limit of its own, such as a job that others wait for, adds nothing. One thread.
 */
final class ProcessTimeouts {
    private final Map<String, ProcessView> all = new HashMap<>();
    private final List<ProcessView> named;
    private final Set<String> names = new HashSet<>();

    /**
     * @param named the processes to change
     */
    ProcessTimeouts(List<ProcessView> all, List<ProcessView> named) {
        all.forEach(view -> this.all.put(view.name(), view));
        this.named = named;
        named.forEach(view -> names.add(view.name()));
    }

    TimeLimits limits() {
        Duration rolling = Duration.ZERO;
        for (ProcessView view : named) {
            rolling = rolling.plus(stop(view.spec())).plus(start(view.spec()));
        }
        return new TimeLimits(
                millis(longest(all.values(), this::isStopped, ProcessTimeouts::stop)),
                millis(longest(named, this::isStarted, ProcessTimeouts::start)),
                millis(rolling));
    }

    /** The sum of several unlimited times would overflow. */
    private static long millis(Duration limit) {
        Duration most = DurationText.FOREVER;
        return (limit.compareTo(most) < 0 ? limit : most).toMillis();
    }

    private boolean isStopped(ProcessView view) {
        return names.contains(view.name()) || view.process().state().phase() == Phase.STOPPING;
    }

    /** A named process may wait for others that are starting. */
    private boolean isStarted(ProcessView view) {
        return names.contains(view.name())
                || (view.process().goal() == Goal.UP
                        && view.process().state().phase() != Phase.RUNNING);
    }

    private Duration longest(
            Iterable<ProcessView> ends,
            Predicate<ProcessView> counts,
            Function<ProcessSpec, Duration> weight) {
        Map<String, Duration> known = new HashMap<>();
        Duration longest = Duration.ZERO;
        for (ProcessView view : ends) {
            longest = later(longest, chain(view, counts, weight, known));
        }
        return longest;
    }

    private Duration chain(
            ProcessView view,
            Predicate<ProcessView> counts,
            Function<ProcessSpec, Duration> weight,
            Map<String, Duration> known) {
        Duration before = known.putIfAbsent(view.name(), Duration.ZERO);
        if (before != null) {
            return before;
        }
        Duration below = Duration.ZERO;
        for (Dependency dependency : view.spec().depends()) {
            ProcessView on = all.get(dependency.on());
            if (on != null) {
                below = later(below, chain(on, counts, weight, known));
            }
        }
        Duration sum = counts.test(view) ? below.plus(weight.apply(view.spec())) : below;
        known.put(view.name(), sum);
        return sum;
    }

    private static Duration stop(ProcessSpec spec) {
        Duration sum = spec.hooks().afterStop().map(Hook::timeout).orElse(Duration.ZERO);
        for (StopPlan.Step step : spec.stop().steps()) {
            sum = sum.plus(step.timeout());
        }
        return sum;
    }

    private static Duration start(ProcessSpec spec) {
        return spec.hooks()
                .beforeStart()
                .map(Hook::timeout)
                .orElse(Duration.ZERO)
                .plus(spec.checks().ready().map(Readiness::timeout).orElse(spec.settle()));
    }

    private static Duration later(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
