package org.procmon.app;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.ProcessStatus;
import org.procmon.status.ProcessView;
import org.procmon.status.Snapshot;
import org.procmon.supervise.port.Observer;
import org.procmon.usage.MemoryWatch;

/** The watch over memory, which does not exist until a process wants it. Loop thread only. */
final class MemoryFeature implements Observer {
    private @Nullable Supplier<MemoryWatch> maker;
    private @Nullable MemoryWatch watch;

    /** From where to take it; before the loop does anything. */
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

    /** Goes on with the runs that another monitor has left. */
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
                throw new IllegalStateException("cannot watch memory: there is nothing to do it");
            }
            known = maker.get();
            watch = known;
        }
        return known;
    }
}
