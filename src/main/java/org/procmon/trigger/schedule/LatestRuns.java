package org.procmon.trigger.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.lifecycle.Run;
import org.procmon.lifecycle.RunExit;
import org.procmon.lifecycle.Ticks;
import org.procmon.supervise.port.Supervisor;

/** The latest run of each process, as the loop knows it. Any thread. */
public final class LatestRuns implements Function<String, Optional<LatestRun>> {
    private final Supervisor supervisor;
    private final InstantSource wallClock;

    public LatestRuns(Supervisor supervisor, InstantSource wallClock) {
        this.supervisor = supervisor;
        this.wallClock = wallClock;
    }

    @Override
    public Optional<LatestRun> apply(String name) {
        Optional<ProcessStatus> process =
                supervisor.snapshot().process(name).map(view -> view.process());
        Optional<Run> alive = process.flatMap(p -> p.state().run());
        Instant wall = wallClock.instant();
        Ticks now = supervisor.now();
        return alive.or(() -> process.flatMap(p -> p.tally().lastExit()).map(RunExit::run))
                .map(run -> new LatestRun(wall.minus(now.since(run.started())), alive.isPresent()));
    }
}
