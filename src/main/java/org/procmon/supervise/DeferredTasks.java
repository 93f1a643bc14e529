package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tasks that can wait until a process being restarted is up again. All of them run, in the order in
 * which they were added. Loop thread only.
 */
final class DeferredTasks {
    private final Deque<Runnable> rest = new ArrayDeque<>();

    void add(Runnable task) {
        rest.addLast(task);
    }

    /** Runs all tasks, and those that they add. */
    void doAll() {
        for (Runnable next = rest.pollFirst(); next != null; next = rest.pollFirst()) {
            next.run();
        }
    }
}
