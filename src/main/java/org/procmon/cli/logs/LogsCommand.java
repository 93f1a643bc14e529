package org.procmon.cli.logs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.MonitorAccess;
import org.procmon.control.client.CallFailed;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.client.MonitorAway;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.StandardStream;
import org.procmon.status.fields.ProcessRow;

/**
 * Shows the output of many processes. With {@code -f} it continues across restarts of processes,
 * rotation and the death of the monitor, and also shows processes that start later.
 */
public final class LogsCommand {
    private static final List<String> MONITORS = List.of("procmon1", "procmon2");

    /** How long the next monitor may take to answer. */
    private static final Duration RECONNECT_TIME = Duration.ofSeconds(5);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Console console;
    private final List<String> names;
    private final LogChoice choice;
    private final LogPrinter printer;

    /** Two of each process, by its name. */
    private final Map<String, List<LogStream>> streams = new LinkedHashMap<>();

    private final Set<String> complainedOf = new HashSet<>();

    /**
     * @param names names and globs; empty for all
     */
    public LogsCommand(Console console, List<String> names, LogChoice choice) {
        this.console = console;
        this.names = List.copyOf(names);
        this.choice = choice;
        printer = new LogPrinter(console, choice.json());
    }

    /**
     * Shows the output, and with {@code -f} what comes, until standard output has no reader.
     *
     * @throws MonitorAway if there is no monitor at first, or for too long
     */
    public void run(MonitorAccess monitor) throws ControlException {
        if (choice.follow()) {
            console.endsWithReader().run();
        }
        boolean _ = monitor.ask(this::round);
        long lastContact = System.nanoTime();
        long pause = SHORTEST_PAUSE.toNanos();
        while (choice.follow() && !console.out().checkError()) {
            LockSupport.parkNanos(pause);
            try {
                boolean isMore = monitor.ask(this::round);
                pause = isMore ? SHORTEST_PAUSE.toNanos() : longer(pause);
                lastContact = System.nanoTime();
            } catch (MonitorAway e) {
                if (System.nanoTime() - lastContact > RECONNECT_TIME.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private static long longer(long pause) {
        return Math.min(pause * 3 / 2, LONGEST_PAUSE.toNanos());
    }

    /** Shows what is new in each stream; returns whether that is something. */
    private boolean round(ControlClient client) throws ControlException {
        findProcesses(client);
        List<OutputLine> lines = new ArrayList<>();
        for (List<LogStream> process : streams.values()) {
            for (LogStream stream : process) {
                lines.addAll(read(client, stream));
            }
            complain(process);
        }
        printer.print(merged(lines));
        return !lines.isEmpty();
    }

    private List<OutputLine> read(ControlClient client, LogStream stream) throws ControlException {
        boolean isFirst = stream.isNew();
        List<OutputLine> lines = new ArrayList<>(stream.read(client));
        if (!choice.follow()) {
            lines.addAll(stream.rest());
        }
        boolean hasTimes = lines.stream().anyMatch(line -> line.millis().isPresent());
        if (choice.since().isPresent() && !lines.isEmpty() && !hasTimes) {
            complainOnce(
                    stream.process()
                            + " has lines without times, so --since shows all of them;"
                            + " \"timestamps\": true in its 'stdout' and 'stderr' adds times");
        }
        lines.removeIf(line -> !choice.shows(line));
        int most = choice.linesToShow();
        return isFirst && lines.size() > most
                ? lines.subList(lines.size() - most, lines.size())
                : lines;
    }

    private void findProcesses(ControlClient client) throws ControlException {
        List<ProcessRow> rows;
        try {
            rows = client.list(names);
        } catch (CallFailed e) {
            boolean areGone = e.error() == ErrorName.NO_SUCH_PROCESS && !streams.isEmpty();
            if (!areGone) {
                throw e;
            }
            return;
        }
        for (ProcessRow row : rows) {
            if (!MONITORS.contains(row.name())) {
                printer.expect(row.name());
                streams.computeIfAbsent(row.name(), this::both);
            }
        }
    }

    private List<LogStream> both(String process) {
        int lines = choice.linesToRead();
        return List.of(
                new LogStream(process, StandardStream.STDOUT, lines),
                new LogStream(process, StandardStream.STDERR, lines));
    }

    private void complain(List<LogStream> process) {
        String name = process.getFirst().process();
        if (process.stream().allMatch(LogStream::isMissing)) {
            complainOnce(name + " has no output that is kept");
        }
        for (LogStream stream : process) {
            if (stream.hasSkipped()) {
                console.complain("some output of " + name + " is no longer kept and is left out");
            }
        }
    }

    private void complainOnce(String text) {
        if (complainedOf.add(text)) {
            console.complain(text);
        }
    }

    /** By time; lines of which no time is known come first, in the order of the processes. */
    static List<OutputLine> merged(List<OutputLine> lines) {
        List<OutputLine> merged = new ArrayList<>(lines);
        merged.sort(Comparator.comparingLong(line -> line.millis().orElse(Long.MIN_VALUE)));
        return merged;
    }
}
