package org.procmon.usage;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Run;
import org.procmon.status.ProcessView;
import org.procmon.supervise.port.RunReportListener;

/** Reports the runs that have more memory than they may. Safe from any thread; returns at once. */
public final class MemoryWatch {
    /** How long a run may have too much before that is noticed. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Bounded(Run run, long most) {}

    private final RunReportListener runReportListener;
    private final Supplier<Map<Integer, Long>> look;
    private final Duration interval;
    private final Thread.UncaughtExceptionHandler bugs;

    /** By the names of the processes. Guarded by itself, as is the thread. */
    private final Map<String, Bounded> bounded = new HashMap<>();

    private @Nullable Thread thread;

    /**
     * @param bugs hears of the end of the thread that looks, which is a bug
     */
    public MemoryWatch(RunReportListener runReportListener, Thread.UncaughtExceptionHandler bugs) {
        this(runReportListener, SessionScan::memory, INTERVAL, bugs);
    }

    /**
     * @param look how many bytes each session has, by the pids of those that began them
     */
    MemoryWatch(
            RunReportListener runReportListener,
            Supplier<Map<Integer, Long>> look,
            Duration interval,
            Thread.UncaughtExceptionHandler bugs) {
        this.runReportListener = runReportListener;
        this.look = look;
        this.interval = interval;
        this.bugs = bugs;
    }

    /** Takes a process as it is now. */
    public void look(ProcessView view) {
        OptionalLong most = view.spec().lifetime().memoryMax();
        synchronized (bounded) {
            if (most.isEmpty() || view.process().state().run().isEmpty()) {
                bounded.remove(view.name());
                return;
            }
            Run run = view.process().state().run().get();
            bounded.put(view.name(), new Bounded(run, most.getAsLong()));
            if (thread == null) {
                thread =
                        Thread.ofPlatform()
                                .daemon()
                                .name("memory")
                                .uncaughtExceptionHandler(bugs)
                                .start(this::watch);
            }
        }
    }

    private void watch() {
        while (true) {
            LockSupport.parkNanos(interval.toNanos());
            Map<Integer, Long> memory = look.get();
            synchronized (bounded) {
                if (bounded.isEmpty()) {
                    thread = null;
                    return;
                }
                bounded.forEach((name, one) -> weigh(name, one, memory));
            }
        }
    }

    private void weigh(String name, Bounded one, Map<Integer, Long> memory) {
        long bytes = memory.getOrDefault(one.run().pid(), 0L);
        if (bytes > one.most()) {
            runReportListener.report(name, new Event.MemoryExceeded(one.run().number(), bytes));
        }
    }
}
