package org.procmon.control.server;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
 * Serves {@code control.sock}: a virtual thread accepts, and one for each connection answers. One
 * platform thread, started when it is first needed, ends connections that miss a time limit. All
 * are daemons. Safe from any thread.
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
    private final AtomicBoolean begunToStop = new AtomicBoolean();
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
     * Begins to serve.
     *
     * @param socket its file, in a folder that exists; what a dead monitor left there is replaced
     * @param control who may do what, and the socket's group and mode
     * @param monitorPorts what calls are passed on to
     * @param groups who is in which group
     * @throws IOException if it cannot listen there, above all if another monitor does
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
        return serve(file, monitorPorts, access, peers, clientLimits, ControlServer::tell);
    }

    /** What becomes of a thread that nobody cares for. */
    private static void tell(Thread thread, Throwable bug) {
        LOG.error("the thread {} of the control socket failed", thread.getName(), bug);
    }

    /**
     * Begins to serve on a socket that listens already, and that it will close.
     *
     * @param control who may do what
     * @param monitorPorts what calls are passed on to
     * @param groups who is in which group
     * @param bugs takes whatever ends a thread that serves all, and an {@code OutOfMemoryError} of
     *     any thread; it should end the program
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

    /** Answers the most usual call and tells nobody, so that the code is warm when it matters. */
    public static void rehearse(MonitorPorts monitorPorts) {
        DelayedTasks delayedTasks = new DelayedTasks("control-rehearsal", ControlServer::tell);
        Service service =
                new Service(
                        monitorPorts,
                        InstantSource.system(),
                        ClientLimits.DEFAULT,
                        new ClientLog(delayedTasks),
                        ControlServer::tell);
        service.list(List.of()).write(new MessageBuffer());
    }

    /**
     * Stops: idle connections end at once, the others after the answer that they are owed, but none
     * lasts longer than the patience. Removes the socket's file unless it has become another's.
     */
    public void stop(Duration patience) throws InterruptedException {
        stop(patience, SocketFile::close);
    }

    /** Stops likewise, but leaves the file, since another process goes on with the socket. */
    public void handOver(Duration patience) throws InterruptedException {
        stop(patience, SocketFile::leave);
    }

    private interface End {
        void of(SocketFile socket) throws IOException;
    }

    private void stop(Duration patience, End end) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        // Only once: a file of the same inode may be the next monitor's by the second time.
        if (begunToStop.compareAndSet(false, true)) {
            stopping.countDown();
            synchronized (connections) {
                connections.notifyAll();
            }
            try {
                end.of(socket);
            } catch (IOException e) {
                LOG.warn("cannot end listening on {}: {}", socket.path(), e.getMessage());
            }
        }
        acceptor.join();
        connections.forEach(ControlConnection::end);
        awaitConnections(deadline);
        connections.forEach(ControlConnection::abort);
        timers.shutdownNow();
        log.flush();
    }

    /** Stops without patience. */
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
                log.warn("anybody", "cannot accept a connection: " + e.getMessage());
                pause();
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /**
     * Takes in a connection, and waits while there are too many: whoever comes next waits in the
     * kernel's line, and nobody, root neither, is turned away unheard.
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
            while (connections.size() >= clientLimits.connections() + ClientLimits.AT_THE_DOOR
                    && stopping.getCount() > 0) {
                connections.wait();
            }
        }
    }

    /** Lets other programs' descriptors go before the next try. */
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
