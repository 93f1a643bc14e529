package org.procmon.control.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Wait;
import org.procmon.status.fields.ProcessRow;

/** Replaces the monitors, and waits until the new ones serve. */
public final class UpgradeWaiter {
    private static final List<String> PRIMARY = List.of("procmon1");
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(10);

    private final Path socket;

    /**
     * @param socket the monitor's socket
     */
    public UpgradeWaiter(Path socket) {
        this.socket = socket;
    }

    /**
     * Replaces the monitors by the installed program. With {@link Wait#waits} it returns when the
     * new one answers.
     *
     * @param limit how long that may take
     * @throws NoAnswer if the old monitor does not answer within the limit
     * @throws CallFailed with {@link ErrorName#FAILED} if the monitors cannot be replaced, and
     *     still serve
     */
    public void begin(Wait wait, CallTimeout limit) throws ControlException {
        ProcessRow before;
        try (ControlClient client = ControlClient.connect(socket, limit)) {
            before = primary(client);
            client.upgrade(wait.waits());
        }
        if (wait.waits()) {
            await(before, limit);
        }
    }

    private void await(ProcessRow before, CallTimeout limit) throws ControlException {
        while (!limit.isOver()) {
            try (ControlClient client = ControlClient.connect(socket, limit)) {
                if (isNext(primary(client), before)) {
                    return;
                }
                // The old monitor still serves; the new one takes over when it has exited.
                client.awaitEnd();
            } catch (MonitorAway | NoAnswer _) {
                // Between the two monitors, or the time is over.
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        throw new CallFailed(
                ErrorName.TIMED_OUT, "", "not done in time: the new monitor does not answer");
    }

    /** Where the count of monitors cannot be written, the next one is known by its age alone. */
    private static boolean isNext(ProcessRow now, ProcessRow before) {
        return now.runcount() > before.runcount() || now.ageMs() < before.ageMs();
    }

    private static ProcessRow primary(ControlClient client) throws ControlException {
        return client.list(PRIMARY).getFirst();
    }
}
