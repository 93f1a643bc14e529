package org.procmon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;

/**
 * Signals that were blocked, on all threads, when this process was started: one that is sent waits
 * until it is taken here. So none is lost before it can be handled, not even by pid 1, for which
 * the kernel drops a signal that is neither handled nor blocked. Source: sigwaitinfo(2),
 * sigaction(2), signal(7).
 */
public final class BlockedSignals {
    private static final long SIGSET_SIZE = 128;
    private static final long SIGACTION_SIZE = 256;
    private static final long SIG_IGN = 1;
    private static final long SIG_DFL = 0;

    private static final MemorySegment SIGWAITINFO = Native.function("sigwaitinfo");

    private final MemorySegment set;

    /**
     * @param numbers the signals to wait for
     */
    public BlockedSignals(Collection<Integer> numbers) {
        this.set = Arena.ofAuto().allocate(SIGSET_SIZE, 8);
        for (int number : numbers) {
            Native.call(Native.function("sigaddset"), set.address(), number);
        }
    }

    /** Whether this process was started to ignore a signal. */
    public static boolean isIgnored(int number) {
        try (Arena arena = Arena.ofConfined()) {
            // At least struct sigaction, which starts with the handler.
            MemorySegment action = arena.allocate(SIGACTION_SIZE, 8);
            int result = Native.call(Native.function("sigaction"), number, 0, action.address());
            return result == 0 && action.get(JAVA_LONG, 0) == SIG_IGN;
        }
    }

    /** Restores the default action of a signal that this process was started to ignore. */
    public static void ignoreNoLonger(int number) {
        Native.call(Native.function("signal"), number, SIG_DFL);
    }

    /** Takes the next one, by its number; blocks until one arrives. One thread at a time. */
    public int take() {
        while (true) {
            int number = Native.call(SIGWAITINFO, set.address(), 0);
            if (number > 0) {
                return number;
            }
            if (Native.errno() != Errno.EINTR) {
                throw new IllegalStateException(
                        "cannot wait for signals: " + Native.describe(Native.errno()));
            }
        }
    }
}
