package org.procmon.front.application;

import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.procmon.listen.ChannelDescriptor;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.ConnectedSocket;

/**
 * Notices clients that leave while an application works for them: Jetty reads nothing from a
 * connection until its request is answered. The kernel is asked four times a second for each
 * request that takes that long; while there is none, nothing runs here. Any thread.
 */
public final class ClientWatch {
    private static final long LOOK_MILLIS = 250;

    private final Scheduler scheduler;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    public ClientWatch(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Watches the client of a request until this is closed. */
    Watched watch(Request request) {
        Watched one = new Watched(channel(request));
        // HTTP/2 resets a request, and its connection stays.
        request.addFailureListener(_ -> one.leave());
        watched.add(one);
        lookLater();
        return one;
    }

    private static Optional<SocketChannel> channel(Request request) {
        EndPoint end = request.getConnectionMetaData().getConnection().getEndPoint();
        Object transport = end == null ? null : end.getTransport();
        while (transport instanceof EndPoint inner) {
            // With TLS, the end of a connection is around another one.
            transport = inner.getTransport();
        }
        return transport instanceof SocketChannel socket ? Optional.of(socket) : Optional.empty();
    }

    private void lookLater() {
        if (!watched.isEmpty() && looking.compareAndSet(false, true)) {
            var _ = scheduler.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        watched.forEach(Watched::look);
        looking.set(false);
        lookLater();
    }

    /** A client that waits for an answer. */
    final class Watched implements AutoCloseable {
        private final Optional<SocketChannel> channel;
        private boolean left;
        private @Nullable Runnable then;

        private Watched(Optional<SocketChannel> channel) {
            this.channel = channel;
        }

        /** Whether it waits no longer. */
        synchronized boolean hasLeft() {
            return left;
        }

        /** What is done when it leaves, in the place of what was said before; on a new thread. */
        synchronized void whenLeft(Runnable action) {
            then = action;
            if (left) {
                start(action);
            }
        }

        private synchronized void leave() {
            if (!left) {
                left = true;
                if (then != null) {
                    start(then);
                }
            }
        }

        private static void start(Runnable action) {
            Thread.ofVirtual().name("client-left").start(action);
        }

        private void look() {
            if (channel.filter(Watched::isGone).isPresent()) {
                leave();
            }
        }

        private static boolean isGone(SocketChannel channel) {
            if (!channel.isOpen()) {
                return true;
            }
            OptionalInt number = ChannelDescriptor.of(channel);
            return number.isPresent()
                    && ConnectedSocket.hasHungUp(new Descriptor(number.getAsInt()));
        }

        @Override
        public synchronized void close() {
            watched.remove(this);
            then = null;
        }
    }
}
