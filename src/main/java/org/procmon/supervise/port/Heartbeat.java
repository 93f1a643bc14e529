package org.procmon.supervise.port;

import java.util.Optional;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.Snapshot;

/**
 * Runs on the loop's own thread, so a loop that stands still has none. It returns at once, and
 * throws nothing.
 */
public interface Heartbeat {
    /** The loop has taken in all that has happened, and has published this. */
    void beat(Snapshot snapshot);

    /**
     * When the loop is to call again, even if nothing happens until then; empty if it need not wake
     * for that. Asked after each beat.
     */
    Optional<Ticks> nextBeat();
}
