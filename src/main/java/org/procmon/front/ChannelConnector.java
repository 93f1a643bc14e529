package org.procmon.front;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections from a listening socket that is open already, TCP or Unix. It is never closed
 * here: other processes have it, too.
 */
final class ChannelConnector extends AbstractConnector {
    private final ServerSocketChannel listener;
    private final Selectors selectors;
    private final ConnectionCounts counts;
    private final HeadDeadlines heads;
    private final boolean isForTls;
    private final Map<EndPoint, String> clients = new ConcurrentHashMap<>();
    private @Nullable Closeable acceptor;

    /**
     * @param isForTls whether its clients have to speak TLS
     */
    ChannelConnector(
            Server server,
            ServerSocketChannel listener,
            ConnectionCounts counts,
            HeadDeadlines heads,
            boolean isForTls,
            ConnectionFactory... factories) {
        super(server, null, null, null, 0, factories);
        this.listener = listener;
        this.counts = counts;
        this.heads = heads;
        this.isForTls = isForTls;
        this.selectors = new Selectors(getExecutor(), getScheduler());
        installBean(selectors);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        listener.configureBlocking(false);
        acceptor = selectors.acceptor(listener);
    }

    @Override
    protected void doStop() throws Exception {
        stopAccepting();
        super.doStop();
    }

    /** Whether its clients have to speak TLS. */
    boolean isForTls() {
        return isForTls;
    }

    /** Leaves further clients to others that have the listener. */
    void stopAccepting() throws IOException {
        Closeable open = acceptor;
        if (open != null) {
            acceptor = null;
            open.close();
        }
    }

    @Override
    protected void accept(int acceptorId) {
        throw new UnsupportedOperationException("the selector accepts");
    }

    @Override
    public Object getTransport() {
        return listener;
    }

    /** Waits for clients and for what they send. */
    private final class Selectors extends SelectorManager {
        private Selectors(Executor executor, Scheduler scheduler) {
            super(executor, scheduler, 1);
        }

        @Override
        protected void accepted(SelectableChannel channel) throws IOException {
            SocketChannel socket = (SocketChannel) channel;
            String client = counts.client(socket.getRemoteAddress());
            if (!counts.add(client)) {
                socket.close();
                return;
            }
            try {
                socket.configureBlocking(false);
                if (socket.getRemoteAddress() instanceof InetSocketAddress) {
                    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                accept(socket, client);
            } catch (IOException | RuntimeException e) {
                counts.remove(client);
                throw e;
            }
        }

        @Override
        protected EndPoint newEndPoint(
                SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            ClientEndPoint endPoint =
                    new ClientEndPoint(
                            (SocketChannel) channel, selector, key, getScheduler(), heads);
            endPoint.setIdleTimeout(getIdleTimeout());
            clients.put(endPoint, String.valueOf(key.attachment()));
            return endPoint;
        }

        @Override
        public Connection newConnection(
                SelectableChannel channel, EndPoint endPoint, Object attachment) {
            return getDefaultConnectionFactory().newConnection(ChannelConnector.this, endPoint);
        }

        @Override
        protected void endPointOpened(EndPoint endPoint) {
            super.endPointOpened(endPoint);
            onEndPointOpened(endPoint);
        }

        @Override
        protected void endPointClosed(EndPoint endPoint) {
            onEndPointClosed(endPoint);
            if (endPoint instanceof ClientEndPoint client) {
                heads.end(client);
            }
            String client = clients.remove(endPoint);
            if (client != null) {
                counts.remove(client);
            }
            super.endPointClosed(endPoint);
        }
    }
}
