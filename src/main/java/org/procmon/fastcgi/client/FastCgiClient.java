package org.procmon.fastcgi.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.procmon.fastcgi.wire.ConnectionDeadlines;

/** Connects to an application. Thread-safe. */
public final class FastCgiClient implements AutoCloseable {
    private final FastCgiClientLimits limits;
    private final Set<TimedChannel> open = ConcurrentHashMap.newKeySet();
    private final ConnectionDeadlines deadlines;
    private final ThreadFactory threads;

    /**
     * @param bugs is notified of errors after which a program should exit
     */
    public FastCgiClient(FastCgiClientLimits limits, Thread.UncaughtExceptionHandler bugs) {
        this.limits = limits;
        this.deadlines = new ConnectionDeadlines(open, bugs);
        this.threads =
                Thread.ofVirtual()
                        .name("fastcgi-send-", 0)
                        .uncaughtExceptionHandler(bugs)
                        .factory();
    }

    /**
     * Connects, by TCP or by a Unix socket. If the listen queue of a Unix socket is full, a
     * platform thread waits; on a virtual thread it fails at once.
     *
     * @throws org.procmon.fastcgi.wire.FastCgiException with the reason
     */
    public ClientConnection connect(SocketAddress address) throws IOException {
        SocketChannel socket =
                address instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open();
        TimedChannel channel = timed(socket);
        channel.connect(socket, address, limits.connectTime());
        return new ClientConnection(this, channel);
    }

    /** Uses a channel that is connected already; it must block. */
    public ClientConnection over(ByteChannel channel) {
        return new ClientConnection(this, timed(channel));
    }

    /** Closes all connections. */
    @Override
    public void close() {
        open.forEach(TimedChannel::close);
        deadlines.cancel();
    }

    private TimedChannel timed(ByteChannel channel) {
        TimedChannel timed = new TimedChannel(channel, deadlines, limits.sendTime(), open);
        open.add(timed);
        return timed;
    }

    FastCgiClientLimits limits() {
        return limits;
    }

    Thread newThread(Runnable task) {
        return threads.newThread(task);
    }
}
