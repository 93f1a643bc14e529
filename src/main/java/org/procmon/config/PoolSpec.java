package org.procmon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.ListenerPass;
import org.procmon.config.pool.OwnSocket;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.QueueLimits;
import org.procmon.config.pool.RecyclePolicy;
import org.procmon.config.pool.RequestLimits;
import org.procmon.config.pool.RetirePolicy;
import org.procmon.config.pool.SocketSharing;
import org.procmon.config.pool.WhenStopped;
import org.procmon.config.pool.WorkerCounts;
import org.procmon.config.pool.WorkerShare;

/**
 * One entry of {@code pools}: a FastCGI application, and the socket on which web servers reach it.
 *
 * @param template the process that each worker is, but for its number; its id is that of the pool
 * @param listen the socket, which the monitor opens
 * @param mode when workers are started
 * @param workers how many there may be
 * @param idleTimeout how long workers must have been idle before one of them is stopped
 * @param sharing whether the workers share a socket
 * @param queue how many clients may wait, and for how long
 * @param request how long a worker may take for a request
 * @param recycle when a worker that works is replaced
 * @param retire how a worker is stopped without losing a request
 * @param whenStopped what happens to clients while an operator has stopped the pool
 */
public record PoolSpec(
        ProcessSpec template,
        ListenSpec listen,
        PoolMode mode,
        WorkerCounts workers,
        Duration idleTimeout,
        SocketSharing sharing,
        QueueLimits queue,
        RequestLimits request,
        RecyclePolicy recycle,
        RetirePolicy retire,
        WhenStopped whenStopped) {

    /** The default of {@code idle_timeout}. */
    public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

    /**
     * A socket that is not of a pool, as if it were, for the part of the monitor that opens them.
     *
     * @param process that has it, under a name of its own
     */
    static PoolSpec ofSocket(ProcessSpec process, ListenSpec socket) {
        return new PoolSpec(
                process,
                socket,
                PoolMode.STATIC,
                new WorkerCounts(1, 1, 0, 1),
                IDLE_TIMEOUT,
                SocketSharing.SHARED,
                QueueLimits.DEFAULT,
                RequestLimits.DEFAULT,
                RecyclePolicy.DEFAULT,
                RetirePolicy.DEFAULT,
                WhenStopped.WAIT);
    }

    /** Its name. */
    public String id() {
        return template.id();
    }

    /**
     * Where web servers connect to one of its workers; the same for all if they share a socket.
     *
     * @param worker its number, from 1
     */
    public PoolAddress address(int worker) {
        return switch (sharing) {
            case SHARED -> listen.address();
            case PER_WORKER -> listen.address().of(worker);
        };
    }

    /**
     * The same with another number of workers.
     *
     * @param most from 1 to {@link WorkerCounts#MOST}
     */
    public PoolSpec scaled(int most) {
        return with(template, workers.scaled(most, mode == PoolMode.STATIC));
    }

    /** The same as a part of a share. */
    public PoolSpec of(WorkerShare share) {
        return with(template, workers.of(share));
    }

    /** The same with other dependencies of its workers. */
    public PoolSpec dependingOn(List<Dependency> others) {
        return with(template.dependingOn(others), workers);
    }

    /**
     * The same, for a program whose file is followed.
     *
     * @param version see {@link Exec}
     */
    public PoolSpec versioned(String version) {
        return with(template.versioned(version), workers);
    }

    private PoolSpec with(ProcessSpec process, WorkerCounts counts) {
        return new PoolSpec(
                process,
                listen,
                mode,
                counts,
                idleTimeout,
                sharing,
                queue,
                request,
                recycle,
                retire,
                whenStopped);
    }

    /**
     * One of its workers.
     *
     * @param number from 1
     */
    public ProcessSpec worker(int number) {
        ProcessSpec worker = template.as(new Instance(id(), number));
        return ownSocket(number).map(socket -> worker.opening(id(), socket)).orElse(worker);
    }

    /** Whether each worker opens its socket itself. */
    public boolean isByArgument() {
        return template.stdin() instanceof InputSpec.Listener listener
                && listener.pass() == ListenerPass.ARGUMENT;
    }

    /**
     * Where clients ask for a worker, if it opens its socket itself and does not run at all times:
     * nobody can wait in a socket that is not open. Who connects there sees the end of the stream
     * when a worker is ready.
     */
    public Optional<PoolAddress.UnixPath> bell() {
        return isByArgument()
                        && mode == PoolMode.ON_DEMAND
                        && listen.address() instanceof PoolAddress.UnixPath path
                ? Optional.of(OwnSocket.bell(path))
                : Optional.empty();
    }

    /** Where the connections of its workers come from that open their sockets themselves. */
    public List<Path> ownSockets() {
        return IntStream.rangeClosed(1, isByArgument() ? workers.max() + 1 : 0)
                .mapToObj(this::ownSocket)
                .flatMap(Optional::stream)
                .map(OwnSocket::path)
                .toList();
    }

    private Optional<OwnSocket> ownSocket(int number) {
        return isByArgument() && address(number) instanceof PoolAddress.UnixPath path
                ? Optional.of(new OwnSocket(path, number))
                : Optional.empty();
    }
}
