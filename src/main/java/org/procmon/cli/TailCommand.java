package org.procmon.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.TerminalText;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.OutputQuery;
import org.procmon.control.protocol.OutputSlice;

/**
 * Shows the output of a process. With {@code -f} it continues across rotation, restarts of the
 * process, and the death of the monitor: it sends the last position to the next one, so nothing is
 * lost or doubled.
 */
final class TailCommand {
    /** How long the next monitor may take to answer. */
    private static final Duration RECONNECT_TIME = Duration.ofSeconds(5);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    private final Console console;
    private final String name;
    private final Optional<TailHeadings> headings;
    private final TerminalText terminal = new TerminalText();
    private final boolean plain;
    private OutputQuery query;
    private Optional<String> losing = Optional.empty();
    private boolean heard;
    private boolean wanted = true;

    TailCommand(Console console, String name, OutputQuery query) {
        this(console, name, query, Optional.empty());
    }

    /**
     * @param headings of several processes that are shown together
     */
    TailCommand(Console console, String name, OutputQuery query, Optional<TailHeadings> headings) {
        this.console = console;
        this.name = name;
        this.query = query;
        this.headings = headings;
        plain = console.isTerminal();
    }

    /** Shows the existing output. */
    void show(ControlClient client) throws ControlException {
        boolean _ = take(client.output(name, query));
    }

    /**
     * Shows existing and new output until standard output has no reader.
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
                client.follow(name, query, part -> take(part, first));
            } catch (MonitorAway e) {
                boolean never = query.position().isEmpty() && !e.inMidCall();
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

    private boolean take(OutputSlice piece, CallTimeout first) {
        first.become(Optional.empty());
        return take(piece);
    }

    private boolean take(OutputSlice piece) {
        heard = true;
        query = query.after(piece.position());
        if (piece.skipped()) {
            console.complain("some output of " + name + " is no longer kept and is left out");
        }
        if (piece.losing().isPresent() && !piece.losing().equals(losing)) {
            console.complain("output of " + name + " is being lost: " + piece.losing().get());
        }
        losing = piece.losing();
        if (headings.isEmpty()) {
            print(piece.bytes());
        } else if (piece.bytes().length > 0) {
            headings.get().print(name, () -> print(piece.bytes()));
        }
        wanted = !console.out().checkError();
        return wanted;
    }

    private void print(byte[] bytes) {
        if (plain) {
            console.out().print(terminal.of(bytes));
        } else {
            console.out().write(bytes, 0, bytes.length);
        }
    }
}
