package org.procmon.cli.console;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;

/**
 * How a command reaches the monitor, again and again: each question has a connection and a time
 * limit of its own, so it also reaches the next monitor. Any thread.
 *
 * @param socket of the monitor
 * @param limit makes the limit of one question
 */
public record MonitorAccess(Path socket, Supplier<CallTimeout> limit) {
    /** What is asked. */
    @FunctionalInterface
    public interface Question<T> {
        T ask(ControlClient client) throws ControlException;
    }

    /** Connects, asks, and closes the connection. Blocks. */
    public <T> T ask(Question<T> question) throws ControlException {
        try (CallTimeout timeout = limit.get();
                ControlClient client = ControlClient.connect(socket, timeout)) {
            return question.ask(client);
        }
    }
}
