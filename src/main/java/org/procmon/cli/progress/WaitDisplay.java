package org.procmon.cli.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.MonitorAccess;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.console.TextWidth;
import org.procmon.control.client.ControlException;

/**
 * While a command waits for longer than a second, a line on the terminal that says for what. It is
 * drawn on standard error, by a thread of its own, and removed at the end.
 */
public final class WaitDisplay implements AutoCloseable {
    private static final Duration BEFORE_THE_FIRST = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TWO = Duration.ofMillis(250);
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int USUAL_COLUMNS = 80;

    private final Console console;
    private final MonitorAccess monitor;
    private final List<String> names;
    private final boolean goesUp;

    /** Guarded by this. */
    private boolean isOver;

    /** Guarded by this. */
    private boolean isDrawn;

    private WaitDisplay(
            Console console, MonitorAccess monitor, List<String> names, boolean goesUp) {
        this.console = console;
        this.monitor = monitor;
        this.names = List.copyOf(names);
        this.goesUp = goesUp;
    }

    /**
     * Starts to look.
     *
     * @param names of the processes that the command is about; empty for all
     * @param goesUp whether the command waits until they are up
     */
    public static WaitDisplay open(
            Console console, MonitorAccess monitor, List<String> names, boolean goesUp) {
        WaitDisplay display = new WaitDisplay(console, monitor, names, goesUp);
        var _ = Thread.ofVirtual().name("wait-display").start(display::run);
        return display;
    }

    private void run() {
        LockSupport.parkNanos(BEFORE_THE_FIRST.toNanos());
        try {
            while (draw(monitor.ask(client -> WaitText.of(client.list(names), goesUp)))) {
                LockSupport.parkNanos(BETWEEN_TWO.toNanos());
            }
        } catch (ControlException _) {
            // They are forgotten, or the monitor is gone: the command itself says so.
        }
    }

    private synchronized boolean draw(Optional<String> text) {
        if (isOver) {
            return false;
        }
        if (text.isPresent() || isDrawn) {
            // The last column stays free: some terminals wrap as soon as it is used.
            int columns = Terminal.of(console).map(Terminal::columns).orElse(USUAL_COLUMNS) - 1;
            PrintStream err = console.err();
            err.print(CLEAR_LINE + TextWidth.cut(text.orElse(""), columns));
            err.flush();
            isDrawn = true;
        }
        return true;
    }

    /** Removes the line. Nothing is drawn after that. */
    @Override
    public synchronized void close() {
        isOver = true;
        if (isDrawn) {
            console.err().print(CLEAR_LINE);
            console.err().flush();
        }
    }
}
