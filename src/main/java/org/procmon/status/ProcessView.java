package org.procmon.status;

import java.util.List;
import java.util.Optional;
import org.procmon.config.NamePattern;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Lifecycle;
import org.procmon.lifecycle.ProcessStatus;

/**
 * A process as readers see it.
 *
 * @param spec its configuration
 * @param process its observed state
 * @param waitsFor the names of the processes that it waits for: dependencies that are not up while
 *     it waits to start, dependents that are still alive while it waits to be stopped
 * @param orphan whether it still runs though the configuration no longer names it
 * @param plans what its schedule does next, each action once, the earliest first
 * @param remark a warning about its watched files, to be read after "it"; empty for none
 * @param unkept why the next monitor would not know its present state, in words; empty if it would
 * @param inLine whether only the start budget delays its start
 * @param outdated the keys in which the run that is alive differs from the specification, since it
 *     started before they were changed
 */
public record ProcessView(
        ProcessSpec spec,
        ProcessStatus process,
        List<String> waitsFor,
        boolean orphan,
        List<ScheduledAction> plans,
        Optional<String> remark,
        Optional<String> unkept,
        boolean inLine,
        List<String> outdated) {
    /** A process that the configuration asks for. */
    public ProcessView(ProcessSpec spec, ProcessStatus process, List<String> waitsFor) {
        this(spec, process, waitsFor, false);
    }

    /** A process without a schedule and without watched files. */
    public ProcessView(
            ProcessSpec spec, ProcessStatus process, List<String> waitsFor, boolean orphan) {
        this(
                spec,
                process,
                waitsFor,
                orphan,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of());
    }

    public ProcessView {
        waitsFor = List.copyOf(waitsFor);
        plans = List.copyOf(plans);
        outdated = List.copyOf(outdated);
    }

    /** The scheduled actions that would have an effect in its present state. */
    public Optional<ScheduledAction> comes() {
        return plans.stream().filter(plan -> matters(plan.action())).findFirst();
    }

    private boolean matters(Schedule.Action action) {
        Event event = new Event.ScheduleFired(action);
        ProcessStatus next = Lifecycle.step(spec, process, event, process.state().since()).next();
        return !next.equals(process);
    }

    public String name() {
        return spec.id();
    }

    /** Whether a name given by a user matches it: its own name or that of all its instances. */
    boolean isMeantBy(NamePattern pattern) {
        return spec.isMeantBy(pattern);
    }
}
