package org.procmon.supervise.port;

import java.util.Optional;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.Snapshot;

/**
 * Runs on the loop's own thread, so it stops when the loop is stuck. It returns at once, and throws
 * nothing.
 */
public interface Heartbeat {
    /** The loop has handled all events, and has published this. */
    void beat(Snapshot snapshot);

    /**
     * When the loop is to call again, even if nothing happens until then; empty if it need not wake
     * for that. Called after each beat.
     */
    Optional<Ticks> nextBeat();
}
