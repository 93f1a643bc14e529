package org.procmon.posix.socket;

import java.lang.foreign.MemorySegment;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Errno;
import org.procmon.posix.Native;

/**
 * Takes one client out of a listener that workers accept from. Any thread, but no two processes at
 * a time for one listener. Source: accept4(2), fcntl(2), poll(2).
 */
public final class NonBlockingAccept {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int CLOEXEC_NON_BLOCK = SocketCalls.CLOEXEC | SocketCalls.NON_BLOCK;

    private static final MemorySegment ACCEPT = Native.function("accept4");
    private static final MemorySegment FCNTL = Native.function("fcntl");

    private NonBlockingAccept() {}

    /** Whether there was a client. */
    public sealed interface Result {
        /** Its connection, which does not block and is closed on exec. */
        record Accepted(Descriptor client) implements Result {}

        /** None waits, or a worker was faster. */
        record NobodyWaits() implements Result {}

        record Failed(Errno errno) implements Result {}
    }

    /**
     * Accepts the client that has waited longest, if there is one. Never blocks, although the
     * listener does: if a client waits, the listener gets O_NONBLOCK for the moment of the call.
     * That is a property of the open file description, so it holds for the workers too. The kernel
     * looks at it when a call begins, so a worker that is blocked in accept(2) stays blocked. One
     * that calls accept(2) in that moment, when the queue has just become empty, gets EAGAIN. A
     * program that sets O_NONBLOCK itself, as Go does, keeps it, unless it does so in that moment.
     */
    // Locked, or one thread could take the flag away that another has set for its call.
    public static synchronized Result acceptNow(Descriptor listener) {
        // So that the flag is not touched while nobody waits.
        if (SocketCalls.poll(listener, SocketCalls.POLL_IN, 0) == 0) {
            return new Result.NobodyWaits();
        }
        int flags = Native.call(FCNTL, listener.number(), F_GETFL);
        if (flags < 0) {
            return new Result.Failed(SocketCalls.errno());
        }
        if ((flags & SocketCalls.NON_BLOCK) != 0) {
            return call(listener);
        }
        if (Native.call(FCNTL, listener.number(), F_SETFL, flags | SocketCalls.NON_BLOCK) < 0) {
            return new Result.Failed(SocketCalls.errno());
        }
        try {
            return call(listener);
        } finally {
            Native.call(FCNTL, listener.number(), F_SETFL, flags);
        }
    }

    private static Result call(Descriptor listener) {
        int fd = Native.call(ACCEPT, listener.number(), 0, 0, (long) CLOEXEC_NON_BLOCK);
        if (fd >= 0) {
            return new Result.Accepted(new Descriptor(fd));
        }
        return switch (Native.errno()) {
            // The client may also have gone before it was accepted.
            case Errno.EAGAIN, Errno.EINTR, Errno.ECONNABORTED -> new Result.NobodyWaits();
            default -> new Result.Failed(SocketCalls.errno());
        };
    }
}
