package org.procmon.app;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Observer;
import org.procmon.usage.MemoryWatch;

/** Watches memory use; does not exist until a process needs it. Loop thread only. */
final class MemoryFeature implements Observer {
    private @Nullable Supplier<MemoryWatch> maker;
    private @Nullable MemoryWatch watch;

    /** Where to get it; set before the loop does anything. */
    void from(Supplier<MemoryWatch> watches) {
        maker = watches;
    }

    @Override
    public void changed(ProcessStatus before, ProcessView after) {
        look(after);
    }

    @Override
    public void reconfigured(ProcessView view) {
        look(view);
    }

    /** Continues with the runs that another monitor has left. */
    void resume(Snapshot snapshot) {
        snapshot.processes().forEach(this::look);
    }

    private void look(ProcessView view) {
        if (watch != null || view.spec().lifetime().memoryMax().isPresent()) {
            watch().look(view);
        }
    }

    private MemoryWatch watch() {
        MemoryWatch known = watch;
        if (known == null) {
            if (maker == null) {
                throw new IllegalStateException("cannot watch memory: no watcher is set");
            }
            known = maker.get();
            watch = known;
        }
        return known;
    }
}
