package org.procmon.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.Supervisor;

/**
 * Workers that have exited and left children, which are being stopped. That may take the patience
 * of the pool, and nobody serves in their place meanwhile; so after a moment they are removed from
 * the pool, which then starts others. Thread of the pools.
 */
final class LingeringWorkers {
    /** The usual end of a group takes less. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Supervisor supervisor;
    private final Map<String, Ticks> lingering = new HashMap<>();

    LingeringWorkers(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    /** A worker has changed. */
    void changed(ProcessView view, Ticks now) {
        boolean lingers =
                view.process().state() instanceof ProcessState.Stopping stopping
                        && stopping.why() == StopReason.ENDED
                        && view.process().goal() == Goal.UP;
        if (lingers) {
            lingering.putIfAbsent(view.name(), now.plus(MOMENT));
        } else {
            lingering.remove(view.name());
        }
    }

    /** When {@link #timePassed} is due. */
    Optional<Ticks> deadline() {
        return lingering.values().stream().min(Ticks::compareTo);
    }

    void timePassed(Ticks now) {
        Set<String> due =
                lingering.entrySet().stream()
                        .filter(one -> now.hasReached(one.getValue()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
        for (String name : due) {
            lingering.remove(name);
            var _ = supervisor.submit(new Command.RetireWorker(name, false));
        }
    }
}
