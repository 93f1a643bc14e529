package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What can wait until a process that is to be restarted is up again. All of it is done, in the
 * order in which it came. Loop thread only.
 */
final class DeferredTasks {
    private final Deque<Runnable> rest = new ArrayDeque<>();

    void add(Runnable task) {
        rest.addLast(task);
    }

    /** Does all that has come so far, and what comes of it. */
    void doAll() {
        for (Runnable next = rest.pollFirst(); next != null; next = rest.pollFirst()) {
            next.run();
        }
    }
}
