package org.procmon.fastcgi.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.fastcgi.wire.ConnectionDeadlines;
import org.procmon.fastcgi.wire.FastCgiException;
import org.procmon.fastcgi.wire.FastCgiTimeoutException;

/**
 * A channel to an application, which is closed when the application misses a deadline. One thread
 * reads, another one may write, and any may close. Each failure is a {@link FastCgiException} that
 * says what happened.
 */
final class TimedChannel implements ByteChannel, ConnectionDeadlines.Holder {
    private final ByteChannel channel;
    private final ConnectionDeadlines deadlines;
    private final Duration sendTime;
    private final Set<TimedChannel> open;
    private volatile long sendBy = ConnectionDeadlines.NEVER;
    private volatile String awaited = "nothing";
    private volatile Duration patience = Duration.ZERO;
    private volatile long silentSince;
    private volatile boolean reading;
    private volatile boolean paused;
    private volatile @Nullable String overdue;

    /**
     * @param sendTime how long the application may take to read what is written at a time
     * @param open all that are open; this takes itself out
     */
    TimedChannel(
            ByteChannel channel,
            ConnectionDeadlines deadlines,
            Duration sendTime,
            Set<TimedChannel> open) {
        this.channel = channel;
        this.deadlines = deadlines;
        this.sendTime = sendTime;
        this.open = open;
    }

    /**
     * Connects.
     *
     * @param socket the channel itself, which is new
     */
    void connect(SocketChannel socket, SocketAddress to, Duration time) throws IOException {
        await("connection to " + to, time);
        reading = true;
        try {
            deadlines.arm(dueAt());
            socket.connect(to);
            if (to instanceof InetSocketAddress) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
        } catch (UnresolvedAddressException e) {
            close();
            throw new FastCgiException("cannot connect to " + to + ": unknown host");
        } catch (IOException e) {
            close();
            if (overdue != null) {
                throw failure(e);
            }
            throw isQueueFull(e)
                    ? new QueueFullException(to)
                    : new FastCgiException("cannot connect to " + to + ": " + e.getMessage());
        } finally {
            reading = false;
        }
    }

    /**
     * Sets what is read next, and how long it may take from now on, or from the latest {@link
     * #progress}.
     *
     * @param what completes "no ... within 5 s"
     */
    void await(String what, Duration time) {
        awaited = what;
        patience = time;
        progress();
    }

    /** The application is alive; the time counts from now on. */
    void progress() {
        silentSince = deadlines.now();
    }

    /** The application waits for something here, so its time does not count. */
    void pause() {
        paused = true;
    }

    /** The time counts again, from now on. */
    void resume() {
        progress();
        paused = false;
        deadlines.arm(dueAt());
    }

    @Override
    public long dueAt() {
        return Math.min(
                sendBy,
                reading && !paused ? silentSince + patience.toNanos() : ConnectionDeadlines.NEVER);
    }

    @Override
    public void expire() {
        overdue =
                sendBy <= deadlines.now()
                        ? "the application did not read within " + words(sendTime)
                        : "no " + awaited + " within " + words(patience);
        close();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        reading = true;
        try {
            deadlines.arm(dueAt());
            return channel.read(into);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            reading = false;
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        long at = deadlines.now() + sendTime.toNanos();
        sendBy = at;
        deadlines.arm(at);
        try {
            while (from.hasRemaining()) {
                channel.write(from);
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            sendBy = ConnectionDeadlines.NEVER;
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is expected of it any more.
        }
        open.remove(this);
    }

    private FastCgiException failure(IOException e) {
        String late = overdue;
        if (late != null) {
            return new FastCgiTimeoutException(late);
        }
        return new FastCgiException(
                e instanceof ClosedChannelException
                        ? "the connection was closed here"
                        : "the connection broke: " + e.getMessage());
    }

    /** EAGAIN: a virtual thread does not wait for room in the listen queue of a Unix socket. */
    private static boolean isQueueFull(IOException e) {
        return "Resource temporarily unavailable".equals(e.getMessage());
    }

    private static String words(Duration time) {
        return time.toMillis() / 1000.0 + " s";
    }
}
