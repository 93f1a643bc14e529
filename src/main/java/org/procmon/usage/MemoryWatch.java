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
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.RunReportListener;

/** Reports the runs that exceed their memory limit. Safe from any thread; returns at once. */
public final class MemoryWatch implements Feature {
    /** How long an excess may go unnoticed. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Limited(Run run, long most) {}

    private final RunReportListener runReportListener;
    private final Supplier<Map<Integer, Long>> look;
    private final Duration interval;
    private final Thread.UncaughtExceptionHandler bugs;

    /** By process name. This map is its own lock, and guards the thread too. */
    private final Map<String, Limited> limited = new HashMap<>();

    private @Nullable Thread thread;

    /**
     * @param bugs handles an exception that ends the scanning thread, which is a bug
     */
    public MemoryWatch(RunReportListener runReportListener, Thread.UncaughtExceptionHandler bugs) {
        this(runReportListener, SessionScan::memory, INTERVAL, bugs);
    }

    /**
     * @param look the memory of each session in bytes, by the pid of the process that created it
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

    @Override
    public void on(Change change) {
        if (change instanceof Change.Transition transition) {
            look(transition.after());
        } else if (change instanceof Change.Reconfigured reconfigured) {
            look(reconfigured.process());
        }
    }

    @Override
    public void start(FeatureStart start) {
        start.supervisor().snapshot().processes().forEach(this::look);
    }

    /** Updates a process. */
    void look(ProcessView view) {
        OptionalLong most = view.spec().lifetime().memoryMax();
        synchronized (limited) {
            if (most.isEmpty() || view.process().state().run().isEmpty()) {
                limited.remove(view.name());
                return;
            }
            Run run = view.process().state().run().get();
            limited.put(view.name(), new Limited(run, most.getAsLong()));
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
            synchronized (limited) {
                if (limited.isEmpty()) {
                    thread = null;
                    return;
                }
                limited.forEach((name, one) -> check(name, one, memory));
            }
        }
    }

    private void check(String name, Limited one, Map<Integer, Long> memory) {
        long bytes = memory.getOrDefault(one.run().pid(), 0L);
        if (bytes > one.most()) {
            runReportListener.report(name, new Event.MemoryExceeded(one.run().number(), bytes));
        }
    }
}
