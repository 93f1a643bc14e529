package org.procmon.control.server.connections;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.procmon.control.server.calls.ClientLimits;

/**
 * What there is for all clients together: places; places of those who follow what happens for as
 * long as they like; room for long messages, and for what the calls that are being answered hold.
 * Safe from any thread.
 */
public final class ConnectionQuota {
    private final Quota connections;
    private final Quota followers;
    private final Quota messages;
    private final Quota calls;
    private final Duration patience;

    /** Of others than root and the monitor's own user, one at a time does what is much work. */
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
        patience = clientLimits.slowestReader();
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

    /** The bytes of calls while they are answered. */
    Quota calls() {
        return calls;
    }

    /** Waits for its turn to do what is much work; false if that took too long. */
    boolean beginWork(boolean isOwn) throws InterruptedException {
        return isOwn || work.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    void endWork(boolean isOwn) {
        if (!isOwn) {
            work.release();
        }
    }
}
