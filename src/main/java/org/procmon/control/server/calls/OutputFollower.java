package org.procmon.control.server.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procmon.control.server.replies.NameFilter;

/**
 * The wait of a connection for more output, and how it is called back from it: because its client
 * is gone or says something, or because the server ends.
 */
public final class OutputFollower {
    /** What waits, and ends when it is interrupted. */
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
     * @param thread whose waits they are
     */
    public OutputFollower(Thread thread) {
        this.thread = thread;
    }

    /** What its names mean, made ready once; for the thread that waits. */
    NameFilter filter(List<String> names) {
        NameFilter made = filter;
        if (made == null || !filtered.equals(names)) {
            made = new NameFilter(names);
            filter = made;
            filtered = names;
        }
        return made;
    }

    /** Ends the present wait, and every later one at once. From any thread. */
    public synchronized void callBack() {
        called = true;
        if (waiting) {
            thread.interrupt();
        }
    }

    /**
     * Waits, unless it is called back.
     *
     * @return whether to go on; {@code false} when it was called back
     * @throws InterruptedException if the thread was interrupted by somebody else
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

    /** An interrupt that came too late for the wait must not meet a write: it would end that. */
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
