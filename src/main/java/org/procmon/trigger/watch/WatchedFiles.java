package org.procmon.trigger.watch;

import java.util.Optional;
import org.procmon.config.MonitorSpec;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Ticker;
import org.procmon.supervise.port.TriggerListener;

/**
 * Watches the files of processes that have {@code watch}. If the kernel refuses, each configuration
 * is another attempt. One thread at a time.
 */
public final class WatchedFiles implements Feature {
    private final Ticker ticker;
    private final TriggerListener listener;
    private final Thread.UncaughtExceptionHandler bugs;
    private Optional<FileWatcher> watcher = Optional.empty();

    /**
     * @param bugs handles an exception that ends the watching thread, which is a bug
     */
    public WatchedFiles(
            Ticker ticker, TriggerListener listener, Thread.UncaughtExceptionHandler bugs) {
        this.ticker = ticker;
        this.listener = listener;
        this.bugs = bugs;
    }

    @Override
    public void on(Change change) {}

    @Override
    public void start(FeatureStart start) {
        follow(start.spec());
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        follow(spec);
    }

    private void follow(MonitorSpec spec) {
        if (watcher.isEmpty()
                && spec.processes().stream().anyMatch(p -> p.triggers().watch().isPresent())) {
            watcher = FileWatcher.start(ticker, listener, bugs);
        }
        watcher.ifPresent(w -> w.follow(spec));
    }
}
