package org.procmon.front;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritePendingException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connection of a client. It knows since when the head of a request is on its way, over HTTP/1
 * and over TLS before that.
 */
final class ClientEndPoint extends SocketChannelEndPoint {
    private final HeadDeadlines heads;
    private volatile boolean answering;
    private volatile long begun;
    private volatile boolean writing;
    private volatile long waitsSince;

    ClientEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            HeadDeadlines heads) {
        super(channel, selector, key, scheduler);
        this.heads = heads;
    }

    /** The one that a request has come from; empty for other transports. */
    static Optional<ClientEndPoint> of(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap();
        }
        return endPoint instanceof ClientEndPoint client ? Optional.of(client) : Optional.empty();
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int count = super.fill(buffer);
        if (count > 0 && !answering && !heads.isPending(this)) {
            begun = System.nanoTime();
            heads.begin(this);
        }
        return count;
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) throws WritePendingException {
        waitsSince = System.nanoTime();
        writing = true;
        super.write(
                new Callback.Nested(callback) {
                    @Override
                    public void succeeded() {
                        writing = false;
                        super.succeeded();
                    }

                    @Override
                    public void failed(Throwable failure) {
                        writing = false;
                        super.failed(failure);
                    }
                },
                buffers);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        waitsSince = System.nanoTime();
        return super.tryFillInterested(callback);
    }

    /**
     * An application may pause for longer than a client: so while a request is answered, only the
     * time counts in which the front waits for the client.
     */
    @Override
    protected void onIdleExpired(TimeoutException timeout) {
        long most = TimeUnit.MILLISECONDS.toNanos(getIdleTimeout());
        boolean waits = writing || getFillInterest().isInterested();
        if (!answering || (waits && System.nanoTime() - waitsSince >= most)) {
            super.onIdleExpired(timeout);
        }
    }

    /** The head is complete. */
    void headEnded() {
        answering = true;
        heads.end(this);
    }

    /** What comes now is another request. */
    void answered() {
        answering = false;
    }

    /** When the first byte of the head has come; see {@link System#nanoTime}. */
    long begun() {
        return begun;
    }

    /** HTTP/2 has its own limits, and frames between requests. */
    boolean isHttp2() {
        Connection connection = getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getSslEndPoint().getConnection();
        }
        return connection instanceof HTTP2Connection;
    }
}
