package org.procmon.control.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Wait;

/** Has the monitors replaced, and waits until the next ones serve. */
public final class Succession {
    private static final List<String> PRIMARY = List.of("procmon1");
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(10);

    private final Path socket;

    /**
     * @param socket the monitor's
     */
    public Succession(Path socket) {
        this.socket = socket;
    }

    /**
     * Replaces the monitors by the program that is installed. With {@link Wait#waits} it returns
     * when the new one answers, or fails after the wait's limit, a minute unless it has one.
     *
     * @throws CallFailed with {@link ErrorName#FAILED} if they cannot be replaced, and still serve
     */
    public void begin(Wait wait) throws ControlException {
        long before;
        try (ControlClient client = ControlClient.connect(socket)) {
            before = runs(client);
            client.upgrade(wait.waits());
        }
        if (wait.waits()) {
            long limit = wait.timeoutMs().orElse(LONGEST.toMillis());
            try (CutOff cutOff = new CutOff(OptionalLong.of(limit))) {
                await(before, cutOff);
            }
        }
    }

    private void await(long before, CutOff limit) throws ControlException {
        while (!limit.isOver()) {
            try (ControlClient client = ControlClient.connect(socket)) {
                limit.guard(client::close);
                if (runs(client) > before) {
                    return;
                }
                // It is still the old one; the new one is there when that has gone.
                client.awaitEnd();
            } catch (MonitorAway _) {
                // Between the two.
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        throw new CallFailed(
                ErrorName.TIMED_OUT, "", "not done in time: the new monitor does not answer");
    }

    private static long runs(ControlClient client) throws ControlException {
        return client.list(PRIMARY).getFirst().runcount();
    }
}
