package org.procmon.control.server.calls;

import java.time.Duration;
import org.procmon.control.protocol.Call;

/**
 * How long calls may wait.
 *
 * @param outcome for the outcome of a command
 * @param look for the monitor's first snapshot, or for anything else that takes a moment
 */
record WaitLimits(Duration outcome, Duration look) {
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    static WaitLimits of(ClientLimits limits) {
        Duration outcome = limits.longestWait();
        return new WaitLimits(
                outcome, outcome.compareTo(LONGEST_LOOK) < 0 ? outcome : LONGEST_LOOK);
    }

    /** How long this call may wait for its outcome, in milliseconds. */
    long millis(Call call) {
        return Math.min(call.timeoutMs().orElse(Long.MAX_VALUE), outcome.toMillis());
    }
}
