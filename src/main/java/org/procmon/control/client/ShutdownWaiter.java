package org.procmon.control.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.Method;
import org.procmon.control.protocol.Wait;

/**
 * Waits for the exit of all monitors behind a socket. The backup holds the listening socket too,
 * but answers no client: a connection to it closes when the backup exits.
 */
final class ShutdownWaiter {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);

    private final Path socket;

    ShutdownWaiter(Path socket) {
        this.socket = socket;
    }

    /**
     * Returns when the socket has no listener.
     *
     * @param served a connection to the monitor that is shutting down
     * @param limit the longest wait
     * @throws CallFailed with {@link ErrorName#TIMED_OUT}, or with {@link ErrorName#FAILED} if a
     *     monitor answers that is not shutting down
     */
    void await(SocketChannel served, CallTimeout limit) throws CallFailed {
        limit.guard(served::close);
        readToEnd(served);
        while (!limit.isOver() && isListenedTo(limit)) {
            // As when it refuses connections because it has too many.
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        if (limit.isOver()) {
            throw new CallFailed(
                    ErrorName.TIMED_OUT,
                    "",
                    "not done in time: the processes are down, a monitor is not");
        }
    }

    /** Waits for a listener to exit; returns whether there was one. */
    private boolean isListenedTo(CallTimeout limit) throws CallFailed {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            limit.guard(channel::close);
            if (!connects(channel)) {
                return false;
            }
            MessageBuffer question = new MessageBuffer();
            Call.of(Method.GET_INFO, List.of(), Wait.UNTIL_DONE).write(question);
            question.sendTo(channel);
            if (channel.read(ByteBuffer.allocate(1)) > 0) {
                throw new CallFailed(
                        ErrorName.FAILED,
                        "",
                        "it ended, but another monitor listens on " + socket + " now");
            }
        } catch (IOException _) {
            // The listener exited with this connection in its queue.
        }
        return true;
    }

    private boolean connects(SocketChannel channel) {
        try {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false;
        }
    }

    private static void readToEnd(SocketChannel channel) {
        ByteBuffer rest = ByteBuffer.allocate(512);
        try {
            while (channel.read(rest) >= 0) {
                rest.clear();
            }
        } catch (IOException _) {
            // A broken connection counts as closed.
        }
    }
}
