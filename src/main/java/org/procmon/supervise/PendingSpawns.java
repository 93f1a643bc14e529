package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import org.procmon.lifecycle.Event;
import org.procmon.supervise.port.Launcher;

/**
 * The runs that are being started, in order: while the kernel creates some, the loop prepares the
 * next. Loop thread only.
 */
final class PendingSpawns {
    /** The kernel creates two at a time; two more are prepared to follow. */
    private static final int MAX = 4;

    private record Launch(SupervisedProcess entry, Launcher.Launching launching) {}

    private final Launcher launcher;
    private final Deque<Launch> launches = new ArrayDeque<>(MAX);

    PendingSpawns(Launcher launcher) {
        this.launcher = launcher;
    }

    void begin(SupervisedProcess supervisedProcess, long number) {
        launches.addLast(
                new Launch(supervisedProcess, launcher.begin(supervisedProcess.spec, number)));
    }

    boolean isEmpty() {
        return launches.isEmpty();
    }

    /**
     * Whether no other run may start before {@link #conclude}. The dependents of one may have to
     * come before all others.
     */
    boolean isFull() {
        return launches.size() >= MAX
                || (!launches.isEmpty() && !launches.getLast().entry().dependents.isEmpty());
    }

    boolean has(SupervisedProcess supervisedProcess) {
        for (Launch launch : launches) {
            if (launch.entry().equals(supervisedProcess)) {
                return true;
            }
        }
        return false;
    }

    /** The process of the oldest pending run; there must be one. */
    SupervisedProcess first() {
        return launches.getFirst().entry();
    }

    /** Waits for the oldest run, removes it, and returns its result. */
    Event conclude() {
        return switch (launches.removeFirst().launching().await()) {
            case Launcher.Launched.Started s -> new Event.Spawned(s.pid(), s.born());
            case Launcher.Launched.NotStarted n -> new Event.SpawnFailed(n.error());
        };
    }
}
