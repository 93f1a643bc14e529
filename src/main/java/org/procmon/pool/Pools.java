package org.procmon.pool;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procmon.config.InputSpec;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Signal;
import org.procmon.pool.listen.Listeners;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.PoolView;
import org.procmon.status.ProcessView;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Command;
import org.procmon.supervise.port.PoolSource;
import org.procmon.supervise.port.Reply;
import org.procmon.supervise.port.RunReportListener;
import org.procmon.supervise.port.Supervisor;

/**
 * All pools of the monitor, on a thread of their own. Their listeners are open before it starts.
 */
public final class Pools implements Feature, PoolSource {
    private final Listeners listeners;
    private final Supervisor supervisor;
    private final RunReportListener reports;
    private final PoolReporter reporter;
    private final Thread.UncaughtExceptionHandler bugs;
    private volatile @Nullable PoolThread thread;

    /**
     * @param reports learns which workers are ready
     * @param bugs is notified if the thread of the pools fails, which is a bug
     */
    public Pools(
            Listeners listeners,
            Supervisor supervisor,
            RunReportListener reports,
            PoolReporter reporter,
            Thread.UncaughtExceptionHandler bugs) {
        this.listeners = listeners;
        this.supervisor = supervisor;
        this.reports = reports;
        this.reporter = reporter;
        this.bugs = bugs;
    }

    @Override
    public void start(FeatureStart start) {
        PoolThread running = running();
        continueAll();
        running.execute(() -> running.follow(start.spec().pools()));
    }

    private synchronized PoolThread running() {
        PoolThread known = thread;
        if (known == null) {
            known = new PoolThread(supervisor, reports, listeners, reporter);
            thread = known;
            var _ =
                    Thread.ofPlatform()
                            .daemon()
                            .name("pools")
                            .uncaughtExceptionHandler(bugs)
                            .start(known);
        }
        return known;
    }

    /** The monitor before may have died while it had a worker suspended. */
    private void continueAll() {
        for (ProcessView view : supervisor.snapshot().processes()) {
            if (isWorker(view)) {
                view.process()
                        .state()
                        .run()
                        .ifPresent(run -> {
                            var _ =
                                    supervisor.submit(
                                            new Command.SignalWorker(
                                                    view.name(), run.number(), Signal.CONT));
                        });
            }
        }
    }

    private static boolean isWorker(ProcessView view) {
        return view.spec().stdin() instanceof InputSpec.Listener;
    }

    @Override
    public CompletableFuture<List<PoolView>> pools(Set<String> names) {
        PoolThread known = thread;
        if (known == null || known.isOver()) {
            return CompletableFuture.completedFuture(List.of());
        }
        CompletableFuture<List<PoolView>> reply = new CompletableFuture<>();
        known.execute(() -> reply.complete(known.views(names)));
        return reply;
    }

    @Override
    public void on(Change change) {
        PoolThread known = thread;
        if (known == null) {
            return;
        }
        if (change instanceof Change.Transition transition && isWorker(transition.after())) {
            known.execute(() -> known.changed(transition.after()));
        } else if (change instanceof Change.PoolCommanded(String pool, boolean isUp)) {
            known.execute(() -> known.commanded(pool, isUp));
        } else if (change
                instanceof Change.PoolRollAsked(String pool, CompletableFuture<Reply> reply)) {
            known.execute(() -> known.roll(pool, reply));
        } else if (change instanceof Change.ShutdownStarted) {
            // The loop stops the workers, and none is started any more.
            known.end();
        }
    }

    @Override
    public void prepare(MonitorSpec spec) {
        listeners.prepare(spec.listening());
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        listeners.follow(spec.listening());
        PoolThread running = running();
        running.execute(() -> running.follow(spec.pools()));
    }

    @Override
    public void stop(End end) {
        Optional.ofNullable(thread).ifPresent(PoolThread::end);
        switch (end) {
            case SHUTDOWN -> listeners.closeAll();
            // The next monitor has them.
            case REPLACED -> {}
        }
    }
}
