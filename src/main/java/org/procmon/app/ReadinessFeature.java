package org.procmon.app;

import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Checks;
import org.procmon.config.ProcessSpec;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.readiness.ReadinessMonitor;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.NotifyProvider;
import org.procmon.supervise.port.NotifySetup;
import org.procmon.supervise.port.Observer;

/**
 * Creates the readiness monitor when a process first needs it; until then it does not exist. Loop
 * thread only.
 */
final class ReadinessFeature implements Observer, NotifyProvider {
    private @Nullable Supplier<ReadinessMonitor> maker;
    private @Nullable ReadinessMonitor sentry;

    /** Set before the loop does anything. */
    void callBy(Supplier<ReadinessMonitor> sentries) {
        maker = sentries;
    }

    @Override
    public NotifySetup prepare(ProcessSpec spec, long run, OptionalInt owner) {
        return sentry().prepare(spec, run, owner);
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        if (sentry != null || isChecked(after)) {
            sentry().changed(before, after);
        }
    }

    @Override
    public void reconfigured(ProcessView view) {
        if (sentry != null || isChecked(view)) {
            sentry().look(view);
        }
    }

    /** Continues with the runs that another monitor has left. */
    void resume(Snapshot snapshot) {
        for (ProcessView view : snapshot.processes()) {
            if (isChecked(view)) {
                sentry().look(view);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isChecked(ProcessView view) {
        return view.spec().checks() != Checks.DEFAULT;
    }

    private ReadinessMonitor sentry() {
        ReadinessMonitor known = sentry;
        if (known == null) {
            if (maker == null) {
                throw new IllegalStateException("cannot check runs: no readiness monitor is set");
            }
            known = maker.get();
            sentry = known;
        }
        return known;
    }
}
