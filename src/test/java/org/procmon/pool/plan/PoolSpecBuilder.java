package org.procmon.pool.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.procmon.config.InputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.RestartPolicy;
import org.procmon.config.SpecBuilder;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.RecyclePolicy;
import org.procmon.config.pool.RequestLimits;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.SocketSharing;
import org.procmon.config.pool.WhenStopped;
import org.procmon.config.pool.WorkerCounts;

/** Makes pools for tests: everything at its default but what is said. */
final class PoolSpecBuilder {
    private final PoolMode mode;
    private final WorkerCounts workers;
    private Duration idleTimeout = Duration.ofSeconds(8);
    private QueueLimits queue = QueueLimits.DEFAULT;
    private RecyclePolicy recycle = RecyclePolicy.DEFAULT;
    private SocketSharing sharing = SocketSharing.SHARED;
    private WhenStopped whenStopped = WhenStopped.REFUSE;
    private ListenerPass pass = ListenerPass.FD0;

    private PoolSpecBuilder(PoolMode mode, WorkerCounts workers) {
        this.mode = mode;
        this.workers = workers;
    }

    static PoolSpecBuilder fixed(int max) {
        return new PoolSpecBuilder(PoolMode.STATIC, new WorkerCounts(max, max, 0, 0));
    }

    static PoolSpecBuilder dynamic(int min, int max, int spareMin, int spareMax) {
        return new PoolSpecBuilder(
                PoolMode.DYNAMIC, new WorkerCounts(min, max, spareMin, spareMax));
    }

    static PoolSpecBuilder onDemand(int max) {
        return onDemand(0, max);
    }

    static PoolSpecBuilder onDemand(int min, int max) {
        return new PoolSpecBuilder(PoolMode.ON_DEMAND, new WorkerCounts(min, max, 0, 0));
    }

    PoolSpecBuilder idleTimeout(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    PoolSpecBuilder queueMax(int max) {
        queue = new QueueLimits(OptionalInt.of(max), queue.timeout(), queue.retryAfter());
        return this;
    }

    PoolSpecBuilder queueTimeout(Duration timeout) {
        queue = new QueueLimits(queue.max(), Optional.of(timeout), queue.retryAfter());
        return this;
    }

    PoolSpecBuilder age(Duration age) {
        recycle = new RecyclePolicy(Optional.of(age), recycle.memory(), recycle.jitter());
        return this;
    }

    PoolSpecBuilder memory(long bytes) {
        recycle = new RecyclePolicy(recycle.age(), OptionalLong.of(bytes), recycle.jitter());
        return this;
    }

    PoolSpecBuilder clientsWaitWhileStopped() {
        whenStopped = WhenStopped.WAIT;
        return this;
    }

    PoolSpecBuilder perWorker() {
        sharing = SocketSharing.PER_WORKER;
        return this;
    }

    /** Workers open their sockets themselves. */
    PoolSpecBuilder byArgument() {
        pass = ListenerPass.ARGUMENT;
        return this;
    }

    PoolSpec build() {
        return new PoolSpec(
                SpecBuilder.process("php")
                        .restart(RestartPolicy.ON_FAILURE)
                        .stdin(new InputSpec.Listener("php", pass))
                        .build(),
                new ListenSpec(
                        new PoolAddress.UnixPath(Path.of("/run/php.sock"), ListenSpec.MODE),
                        Optional.empty(),
                        Optional.empty(),
                        ListenSpec.BACKLOG),
                mode,
                workers,
                idleTimeout,
                sharing,
                queue,
                RequestLimits.DEFAULT,
                recycle,
                RetirePolicy.DEFAULT,
                whenStopped);
    }
}
