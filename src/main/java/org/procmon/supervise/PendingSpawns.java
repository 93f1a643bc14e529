package org.procmon.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import org.procmon.lifecycle.Event;
import org.procmon.supervise.port.Launcher;

/**
 * The runs that are being started, in the order in which they were begun: while the kernel makes
 * some, the next are put together. Loop thread only.
 */
final class PendingSpawns {
    /** Two that the kernel makes, and two that it goes on with. */
    private static final int MOST = 4;

    private record Launch(SupervisedProcess entry, Launcher.Launching launching) {}

    private final Launcher launcher;
    private final Deque<Launch> launches = new ArrayDeque<>(MOST);

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
     * Whether no other is to be begun before {@link #conclude}. What depends on one may have to go
     * before all others.
     */
    boolean isFull() {
        return launches.size() >= MOST
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

    /** Whose run was begun first; there is one. */
    SupervisedProcess first() {
        return launches.getFirst().entry();
    }

    /** Waits for the first, and takes it out: what has come of it. */
    Event conclude() {
        return switch (launches.removeFirst().launching().await()) {
            case Launcher.Launched.Started s -> new Event.Spawned(s.pid(), s.born());
            case Launcher.Launched.NotStarted n -> new Event.SpawnFailed(n.error());
        };
    }
}
