package org.procmon.config;

import java.nio.file.Path;
import java.util.Optional;
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
public final class PoolBuilder {
    private final SpecBuilder template;
    private final String id;
    private PoolAddress address;
    private PoolMode mode = PoolMode.DYNAMIC;
    private WorkerCounts workers = new WorkerCounts(1, 8, 1, 8);
    private Optional<String> owner = Optional.empty();
    private Optional<String> group = Optional.empty();
    private int backlog = ListenSpec.BACKLOG;
    private SocketSharing sharing = SocketSharing.SHARED;
    private QueueLimits queue = QueueLimits.DEFAULT;
    private RequestLimits request = RequestLimits.DEFAULT;
    private RecyclePolicy recycle = RecyclePolicy.DEFAULT;
    private RetirePolicy retire = RetirePolicy.DEFAULT;
    private WhenStopped whenStopped = WhenStopped.REFUSE;

    private PoolBuilder(String id) {
        this.id = id;
        this.template = SpecBuilder.process(id).restart(RestartPolicy.ON_FAILURE);
        this.address = new PoolAddress.UnixPath(Path.of("/run/" + id + ".sock"), ListenSpec.MODE);
    }

    public static PoolBuilder pool(String id) {
        return new PoolBuilder(id);
    }

    /** The program of its workers. */
    public PoolBuilder program(String program) {
        template.program(program);
        return this;
    }

    public PoolBuilder at(PoolAddress where) {
        address = where;
        return this;
    }

    /** The owner of its socket file. */
    public PoolBuilder owner(String user) {
        owner = Optional.of(user);
        return this;
    }

    /** The group of its socket file. */
    public PoolBuilder group(String name) {
        group = Optional.of(name);
        return this;
    }

    public PoolBuilder backlog(int clients) {
        backlog = clients;
        return this;
    }

    /** Each worker has a socket of its own. */
    public PoolBuilder perWorker() {
        sharing = SocketSharing.PER_WORKER;
        return this;
    }

    public PoolBuilder queue(QueueLimits limits) {
        queue = limits;
        return this;
    }

    public PoolBuilder request(RequestLimits limits) {
        request = limits;
        return this;
    }

    public PoolBuilder recycle(RecyclePolicy policy) {
        recycle = policy;
        return this;
    }

    public PoolBuilder retire(RetirePolicy policy) {
        retire = policy;
        return this;
    }

    public PoolBuilder whenStopped(WhenStopped what) {
        whenStopped = what;
        return this;
    }

    public PoolBuilder fixed(int count) {
        mode = PoolMode.STATIC;
        workers = new WorkerCounts(count, count, count, count);
        return this;
    }

    public PoolBuilder dynamic(int min, int max) {
        mode = PoolMode.DYNAMIC;
        workers = new WorkerCounts(min, max, 1, max);
        return this;
    }

    public PoolBuilder onDemand(int max) {
        mode = PoolMode.ON_DEMAND;
        workers = new WorkerCounts(0, max, 0, max);
        return this;
    }

    public PoolSpec build() {
        return new PoolSpec(
                template.stdin(new InputSpec.Listener(id, ListenerPass.FD0)).build(),
                new ListenSpec(address, owner, group, backlog),
                mode,
                workers,
                PoolSpec.IDLE_TIMEOUT,
                sharing,
                queue,
                request,
                recycle,
                retire,
                whenStopped);
    }
}
