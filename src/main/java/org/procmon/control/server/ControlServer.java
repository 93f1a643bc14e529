package org.procmon.control.server;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.procmon.config.ControlSpec;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.server.calls.Access;
import org.procmon.control.server.calls.ClientLimits;
import org.procmon.control.server.calls.ClientLog;
import org.procmon.control.server.calls.GroupMembership;
import org.procmon.control.server.calls.MonitorPorts;
import org.procmon.control.server.calls.Peer;
import org.procmon.control.server.calls.Service;
import org.procmon.control.server.connections.ConnectionQuota;
import org.procmon.control.server.connections.ControlConnection;
import org.procmon.control.server.connections.DelayedTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code control.sock}: one virtual thread accepts, and one for each connection answers. One
 * platform thread, started on first use, closes connections that miss a time limit. All are
 * daemons. Thread-safe.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(100);

    private final SocketFile socket;
    private final Peer.Origin peers;
    private final Access access;
    private final Service service;
    private final ClientLimits clientLimits;
    private final ConnectionQuota connectionQuota;
    private final ScheduledThreadPoolExecutor timers;
    private final ClientLog log;
    private final Thread.UncaughtExceptionHandler bugs;
    private final Set<ControlConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stopRequested = new AtomicBoolean();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread acceptor;

    private ControlServer(
            SocketFile socket,
            MonitorPorts monitorPorts,
            Access access,
            Peer.Origin peers,
            ClientLimits clientLimits,
            Thread.UncaughtExceptionHandler bugs) {
        this.socket = socket;
        this.bugs = bugs;
        this.peers = peers;
        this.access = access;
        this.clientLimits = clientLimits;
        connectionQuota = new ConnectionQuota(clientLimits);
        timers = new DelayedTasks("control-timers", bugs);
        log = new ClientLog(timers);
        service = new Service(monitorPorts, InstantSource.system(), clientLimits, log, bugs);
        acceptor =
                Thread.ofVirtual()
                        .name("control-accept")
                        .uncaughtExceptionHandler(bugs)
                        .unstarted(this::accept);
    }

    /**
     * Starts to serve.
     *
     * @param socket its file, in a directory that exists; replaces the file of a dead monitor
     * @param control the access rights, and the socket's group and mode
     * @param monitorPorts the parts of the monitor that handle calls
     * @param groups the group memberships
     * @throws IOException if it cannot listen there, usually because another monitor does
     */
    public static ControlServer open(
            Path socket, ControlSpec control, MonitorPorts monitorPorts, GroupMembership groups)
            throws IOException {
        return open(
                socket,
                control,
                monitorPorts,
                new Access(control, groups),
                Peer::of,
                ClientLimits.DEFAULT);
    }

    public static ControlServer open(
            Path socket,
            ControlSpec control,
            MonitorPorts monitorPorts,
            Access access,
            Peer.Origin peers,
            ClientLimits clientLimits)
            throws IOException {
        SocketFile file = SocketFile.bind(socket, control, SocketFile.Port.JDK);
        return serve(file, monitorPorts, access, peers, clientLimits, ControlServer::logBug);
    }

    /** Logs a bug that ended a thread without another handler. */
    private static void logBug(Thread thread, Throwable bug) {
        LOG.atError()
                .setCause(bug)
                .addKeyValue("thread", thread.getName())
                .log("a thread of the control socket failed");
    }

    /**
     * Starts to serve on a socket that already listens, and that the server will close.
     *
     * @param control the access rights
     * @param monitorPorts the parts of the monitor that handle calls
     * @param groups the group memberships
     * @param bugs receives anything that ends a thread that serves all, and an {@code
     *     OutOfMemoryError} of any thread; it should exit the program
     */
    public static ControlServer serve(
            SocketFile socket,
            ControlSpec control,
            MonitorPorts monitorPorts,
            GroupMembership groups,
            Thread.UncaughtExceptionHandler bugs) {
        return serve(
                socket,
                monitorPorts,
                new Access(control, groups),
                Peer::of,
                ClientLimits.DEFAULT,
                bugs);
    }

    static ControlServer serve(
            SocketFile socket,
            MonitorPorts monitorPorts,
            Access access,
            Peer.Origin peers,
            ClientLimits clientLimits,
            Thread.UncaughtExceptionHandler bugs) {
        ControlServer server =
                new ControlServer(socket, monitorPorts, access, peers, clientLimits, bugs);
        server.acceptor.start();
        return server;
    }

    /** Warms up: answers the most frequent call and discards the reply. */
    public static void warmUp(MonitorPorts monitorPorts) {
        DelayedTasks delayedTasks = new DelayedTasks("control-warm-up", ControlServer::logBug);
        Service service =
                new Service(
                        monitorPorts,
                        InstantSource.system(),
                        ClientLimits.DEFAULT,
                        new ClientLog(delayedTasks),
                        ControlServer::logBug);
        service.list().write(new MessageBuffer());
    }

    /**
     * Stops: idle connections close at once, the others after the answer in progress, all of them
     * after the grace time. Removes the socket's file unless another one has replaced it.
     */
    public void stop(Duration grace) throws InterruptedException {
        stop(grace, SocketFile::close);
    }

    /** Stops likewise, but leaves the file, since another process continues to use the socket. */
    public void handOver(Duration grace) throws InterruptedException {
        stop(grace, SocketFile::leave);
    }

    private interface End {
        void of(SocketFile socket) throws IOException;
    }

    private void stop(Duration grace, End end) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        // Only once: by a second time, a file of the same inode may be the next monitor's.
        if (stopRequested.compareAndSet(false, true)) {
            stopping.countDown();
            synchronized (connections) {
                connections.notifyAll();
            }
            try {
                end.of(socket);
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("socket", socket.path())
                        .addKeyValue("reason", e.getMessage())
                        .log("cannot stop listening");
            }
        }
        acceptor.join();
        connections.forEach(ControlConnection::end);
        awaitConnections(deadline);
        connections.forEach(ControlConnection::abort);
        timers.shutdownNow();
        log.flush();
    }

    /** Stops without grace time. */
    @Override
    public void close() {
        try {
            stop(Duration.ZERO);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (stopping.getCount() > 0) {
            try {
                admit(socket.channel().accept());
            } catch (ClosedChannelException e) {
                if (stopping.getCount() > 0) {
                    throw new IllegalStateException("cannot accept: the socket was closed", e);
                }
                return;
            } catch (IOException e) {
                log.warn("all", "cannot accept a connection", String.valueOf(e.getMessage()));
                pause();
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /**
     * Accepts a connection, and waits while there are too many: later clients wait in the kernel's
     * queue, and none is refused without an answer, root included.
     */
    private void admit(SocketChannel channel) throws InterruptedException {
        ControlConnection controlConnection =
                new ControlConnection(
                        channel,
                        peers,
                        access,
                        service,
                        clientLimits,
                        connectionQuota,
                        timers,
                        log,
                        bugs);
        connections.add(controlConnection);
        Thread.ofVirtual()
                .name("control")
                .uncaughtExceptionHandler(bugs)
                .start(() -> {
                    try {
                        controlConnection.run();
                    } finally {
                        leave(controlConnection);
                    }
                });
        synchronized (connections) {
            while (connections.size() >= clientLimits.connections() + ClientLimits.MAX_WAITING
                    && stopping.getCount() > 0) {
                connections.wait();
            }
        }
    }

    /** Waits before the next try, while other programs may free descriptors. */
    private void pause() {
        try {
            stopping.await(AFTER_FAILED_ACCEPT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(ControlConnection controlConnection) {
        connections.remove(controlConnection);
        synchronized (connections) {
            connections.notifyAll();
        }
    }

    private void awaitConnections(long deadline) throws InterruptedException {
        synchronized (connections) {
            long left = deadline - System.nanoTime();
            while (!connections.isEmpty() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(connections, left);
                left = deadline - System.nanoTime();
            }
        }
    }
}
