package org.procmon.control.server.connections;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.procmon.control.server.calls.ClientLimits;

/**
 * The limits of all clients together: connections; connections that follow output or events without
 * a time limit; memory for long messages, and for calls in progress. Thread-safe.
 */
public final class ConnectionQuota {
    private final Quota connections;
    private final Quota followers;
    private final Quota messages;
    private final Quota calls;
    private final Duration longestWait;

    /** Users other than root and the monitor's own do expensive work one at a time. */
    private final Semaphore work = new Semaphore(1, true);

    public ConnectionQuota(ClientLimits clientLimits) {
        connections = Quota.of(clientLimits.connections());
        followers = Quota.of(clientLimits.followers());
        messages =
                new Quota(
                        ClientLimits.MESSAGE_BYTES,
                        ClientLimits.MESSAGE_BYTES_OF_OTHERS,
                        ClientLimits.MESSAGE_BYTES_OF_ONE_USER);
        calls = Quota.of(ClientLimits.CALL_BYTES);
        longestWait = clientLimits.slowestReader();
    }

    Quota connections() {
        return connections;
    }

    Quota followers() {
        return followers;
    }

    /** The bytes of long messages that are being read. */
    Quota messages() {
        return messages;
    }

    /** The bytes of calls in progress. */
    Quota calls() {
        return calls;
    }

    /** Waits for its turn to do expensive work; false if that took too long. */
    boolean beginWork(boolean isOwn) throws InterruptedException {
        return isOwn || work.tryAcquire(longestWait.toNanos(), TimeUnit.NANOSECONDS);
    }

    void endWork(boolean isOwn) {
        if (!isOwn) {
            work.release();
        }
    }
}
