package org.procmon.cli.table;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.MonitorAccess;
import org.procmon.cli.console.Terminal;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.ErrorName;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;

/** Asks for the processes and shows them as a table, once or again and again. */
public final class ListCommand {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final String TO_THE_TOP = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Console console;
    private final List<String> names;
    private final TableChoice choice;

    /**
     * @param names names and globs; empty for all
     */
    public ListCommand(Console console, List<String> names, TableChoice choice) {
        this.console = console;
        this.names = List.copyOf(names);
        this.choice = choice;
    }

    /** The table as it is now. */
    public String text(ControlClient client) throws ControlException {
        List<ProcessRow> processes = client.listWithUsage(names);
        List<PoolRow> pools = pools(client);
        return ListText.of(processes, pools, !names.isEmpty(), choice, Terminal.of(console));
    }

    /**
     * The part of the monitor that runs pools may not answer; the processes are shown all the same.
     */
    private List<PoolRow> pools(ControlClient client) throws ControlException {
        try {
            return client.pools(names);
        } catch (CallFailed e) {
            if (e.error() != ErrorName.TIMED_OUT) {
                throw e;
            }
            console.complain("cannot show the pools: " + e.reason());
            return List.of();
        }
    }

    /**
     * Shows the table every two seconds until the output has no reader: on a terminal in place, in
     * a pipe one below the other.
     *
     * @throws MonitorAway if there is no monitor at first
     */
    public void watch(MonitorAccess monitor) throws ControlException {
        console.endsWithReader().run();
        boolean heard = false;
        while (!console.out().checkError()) {
            try {
                String text = monitor.ask(this::text);
                show(text, heard);
                heard = true;
            } catch (MonitorAway e) {
                if (!heard) {
                    throw e;
                }
                show(e.reason() + "\n", true);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private void show(String text, boolean again) {
        Optional<Terminal> terminal = Terminal.of(console);
        if (terminal.isEmpty()) {
            console.out().print((again ? "\n" : "") + text);
        } else {
            console.out().print(TO_THE_TOP + page(text, terminal.get().rows()) + CLEAR_BELOW);
        }
        console.out().flush();
    }

    /** What fits: a table that scrolls would leave its head behind at each look. */
    static String page(String text, int rows) {
        List<String> lines = text.lines().toList();
        StringBuilder page = new StringBuilder();
        int most = rows - 1;
        for (int i = 0; i < lines.size(); i++) {
            boolean isLast = i == lines.size() - 1;
            if (i < most - 1 || isLast) {
                page.append(lines.get(i)).append(CLEAR_LINE).append('\n');
            }
        }
        return page.toString();
    }
}
