package org.procmon.control.server.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procmon.control.server.replies.NameFilter;

/**
 * The wait of a connection for more output. It can be cancelled: because the client closes or sends
 * something, or because the server stops.
 */
public final class OutputFollower {
    /** A wait that an interrupt ends. */
    @FunctionalInterface
    interface Wait {
        boolean await() throws InterruptedException;
    }

    private final Thread thread;
    private List<String> filtered = List.of();
    private @Nullable NameFilter filter;
    private boolean waiting;
    private boolean called;

    /**
     * @param thread the thread that waits
     */
    public OutputFollower(Thread thread) {
        this.thread = thread;
    }

    /** The filter for these names, compiled once; for the thread that waits. */
    NameFilter filter(List<String> names) {
        NameFilter made = filter;
        if (made == null || !filtered.equals(names)) {
            made = new NameFilter(names);
            filter = made;
            filtered = names;
        }
        return made;
    }

    /** Cancels the present wait, and every later one at once. From any thread. */
    public synchronized void callBack() {
        called = true;
        if (waiting) {
            thread.interrupt();
        }
    }

    /**
     * Waits, unless it is cancelled.
     *
     * @return whether to continue; {@code false} when it was cancelled
     * @throws InterruptedException if the thread was interrupted for another reason
     */
    boolean await(Wait wait) throws InterruptedException {
        if (!begin()) {
            return false;
        }
        try {
            wait.await();
        } catch (InterruptedException e) {
            if (!isCalled()) {
                throw e;
            }
        } finally {
            end();
        }
        return !isCalled();
    }

    private synchronized boolean begin() {
        waiting = !called;
        return waiting;
    }

    /** A late interrupt must not reach a write: it would close the channel. */
    private synchronized void end() {
        waiting = false;
        if (called) {
            Thread.interrupted();
        }
    }

    private synchronized boolean isCalled() {
        return called;
    }
}
