package org.procmon.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.EventBatch;
import org.procmon.control.protocol.EventLine;

/**
 * Prints events, one a line. Continues when the monitor dies or is replaced: the next one sends all
 * that it has.
 */
final class EventsCommand {
    /** How long the next monitor may take to answer. */
    private static final Duration RECONNECT_TIME = Duration.ofSeconds(5);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    private final Console console;
    private final List<String> names;
    private final boolean asJson;
    private OptionalLong since = OptionalLong.empty();
    private boolean heard;
    private boolean wanted = true;

    /**
     * @param names the processes; empty for all events
     */
    EventsCommand(Console console, List<String> names, boolean asJson) {
        this.console = console;
        this.names = names;
        this.asJson = asJson;
    }

    /**
     * Prints events until the output has no reader.
     *
     * @param limit how long the first answer of a monitor may take
     * @throws MonitorAway if there is no monitor at first, or for too long
     */
    void follow(Path socket, TimeLimit limit) throws ControlException {
        console.endsWithReader().run();
        long lastContact = System.nanoTime();
        while (wanted) {
            heard = false;
            try (CallTimeout first = limit.restarted();
                    ControlClient client = ControlClient.connect(socket, first)) {
                client.watch(since, names, part -> take(part, first));
            } catch (MonitorAway e) {
                boolean never = since.isEmpty() && !e.inMidCall();
                boolean tooLong = System.nanoTime() - lastContact > RECONNECT_TIME.toNanos();
                if (never || (tooLong && !heard)) {
                    throw e;
                }
            }
            if (heard) {
                lastContact = System.nanoTime();
            }
            if (wanted) {
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private boolean take(EventBatch batch, CallTimeout first) {
        first.become(Optional.empty());
        heard = true;
        if (batch.missed()) {
            console.complain("some events may be missing here; the monitor no longer has them");
        }
        for (EventLine event : batch.events()) {
            console.out()
                    .print(
                            asJson
                                    ? event.json()
                                    : event.at() + " " + TerminalSafe.text(event.text()));
            console.out().print('\n');
        }
        since = OptionalLong.of(batch.last());
        wanted = !console.out().checkError();
        return wanted;
    }
}
