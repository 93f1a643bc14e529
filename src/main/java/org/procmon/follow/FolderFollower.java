package org.procmon.follow;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.procmon.config.FollowedFolder;
import org.procmon.config.MonitorSpec;
import org.procmon.posix.Inotify;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.supervise.feature.Change;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.feature.FeatureStart;
import org.procmon.supervise.port.Reloader;
import org.procmon.supervise.port.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the folders of a configuration: has it read again when they have changed. If the kernel
 * refuses, each configuration is another attempt. Any thread.
 */
public final class FolderFollower implements Feature {
    private static final Logger LOG = LoggerFactory.getLogger("follow");

    private final Supplier<Inotify.Result> kernel;
    private final Ticker ticker;
    private final Reloader reloader;
    private final Thread.UncaughtExceptionHandler bugs;
    private Optional<FollowLoop> loop = Optional.empty();
    private boolean isStopped;

    /**
     * @param reloader reads what is followed, and applies the changes
     * @param bugs handles an exception that ends the thread, which is a bug
     */
    public FolderFollower(Ticker ticker, Reloader reloader, Thread.UncaughtExceptionHandler bugs) {
        this(Inotify::open, ticker, reloader, bugs);
    }

    FolderFollower(
            Supplier<Inotify.Result> kernel,
            Ticker ticker,
            Reloader reloader,
            Thread.UncaughtExceptionHandler bugs) {
        this.kernel = kernel;
        this.ticker = ticker;
        this.reloader = reloader;
        this.bugs = bugs;
    }

    @Override
    public void on(Change change) {}

    @Override
    public void start(FeatureStart start) {
        follow(start.spec().followed());
    }

    @Override
    public void follow(MonitorSpec spec, ChangePlan plan) {
        follow(spec.followed());
    }

    private synchronized void follow(List<FollowedFolder> folders) {
        if (isStopped) {
            return;
        }
        if (loop.isEmpty() && !folders.isEmpty()) {
            try {
                loop = Optional.of(FollowLoop.start(kernel.get(), ticker, reloader, bugs));
            } catch (IllegalStateException e) {
                LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .addKeyValue("effect", "changes count after 'procmon reload'")
                        .log("cannot follow directories");
            }
        }
        loop.ifPresent(made -> made.follow(folders));
    }

    /** For tests: how often the thread was awake. */
    synchronized long turns() {
        return loop.map(FollowLoop::turns).orElse(0L);
    }

    @Override
    public void stop(End end) {
        Optional<FollowLoop> last;
        synchronized (this) {
            isStopped = true;
            last = loop;
            loop = Optional.empty();
        }
        last.ifPresent(FollowLoop::close);
    }
}
