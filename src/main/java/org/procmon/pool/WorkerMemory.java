package org.procmon.pool;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.Ticks;
import org.procmon.pool.plan.PoolEvent;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.ProcessStat;
import org.procmon.status.ProcessView;

/**
 * Measures the memory of workers now and then, in pools that limit it with {@code recycle.memory},
 * while they have workers. Thread of the pools.
 */
final class WorkerMemory {
    private static final Duration GAP = Duration.ofSeconds(5);

    private final long pageSize = CurrentProcess.pageSize();
    private Optional<Ticks> next = Optional.empty();

    /** When {@link #timePassed} is due. */
    Optional<Ticks> deadline() {
        return next;
    }

    /** Pools or their workers have changed. */
    void follow(Collection<RunningPool> pools, Ticks now) {
        boolean isWanted = pools.stream().anyMatch(WorkerMemory::isLimited);
        next = isWanted ? next.or(() -> Optional.of(now.plus(GAP))) : Optional.empty();
    }

    private static boolean isLimited(RunningPool pool) {
        return pool.spec().recycle().memory().isPresent() && pool.hasRunningWorkers();
    }

    void timePassed(Collection<RunningPool> pools, Ticks now) {
        if (next.filter(now::hasReached).isPresent()) {
            next = Optional.of(now.plus(GAP));
            pools.stream().filter(WorkerMemory::isLimited).forEach(this::measure);
        }
    }

    private void measure(RunningPool pool) {
        for (ProcessView view : pool.workers().values()) {
            if (view.process().state() instanceof ProcessState.Running running) {
                int number = view.spec().instance().orElseThrow().number();
                ProcessStat.of(running.alive().pid())
                        .map(stat -> stat.residentPages() * pageSize)
                        .ifPresent(bytes -> pool.take(new PoolEvent.MemorySeen(number, bytes)));
            }
        }
    }
}
