package org.procmon.pair;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/** What a backup becomes when its primary has exited. */
@FunctionalInterface
public interface PrimaryRole {
    /**
     * Supervises until a shutdown is complete. Blocks; main thread.
     *
     * @param handover what the previous primary has left
     * @param endsAtOnce whether a signal to this process has requested a shutdown
     * @return the exit code
     */
    int run(Handover handover, BooleanSupplier endsAtOnce) throws IOException;
}
