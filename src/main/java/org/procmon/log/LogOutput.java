package org.procmon.log;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Writes the log to standard error, each event in one piece. As long as it is not configured, it
 * writes text without folding. Any thread.
 */
public final class LogOutput {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static volatile LogOutput current =
            new LogOutput(new TextFormat(LineTime.UTC), Level.INFO, Optional.empty());

    private final LineFormat format;
    private final Level lowest;

    /** Guards itself. */
    private final Optional<RepeatFilter> filter;

    /** Writes what is due of the filter; none while there is no series. Guarded by the filter. */
    private @Nullable Thread timer;

    private LogOutput(LineFormat format, Level lowest, Optional<RepeatFilter> filter) {
        this.format = format;
        this.lowest = lowest;
        this.filter = filter;
    }

    /**
     * Determines the form of all further lines.
     *
     * @param verbose whether to write debug lines, and not to fold
     * @param environment shows whether standard error is systemd's journal
     */
    public static void configure(
            LogFormat format, boolean verbose, Map<String, String> environment) {
        LineTime time = LineTime.of(environment, STANDARD_ERROR);
        current =
                new LogOutput(
                        switch (format) {
                            case TEXT -> new TextFormat(time);
                            case JSON -> new JsonFormat(time);
                        },
                        verbose ? Level.DEBUG : Level.INFO,
                        verbose ? Optional.empty() : Optional.of(new RepeatFilter()));
    }

    /** Writes what is left to say about folded lines: this program ends. */
    public static void endRepeats() {
        LogOutput output = current;
        output.filter.ifPresent(filter -> {
            synchronized (filter) {
                filter.end(System.nanoTime(), System.currentTimeMillis()).forEach(output::put);
                filter.notifyAll();
            }
        });
    }

    /** A warning as a line, for what cannot use a logger because it is below all loggers. */
    public static byte[] warning(String area, String event, String key, long value) {
        LogLine line =
                new LogLine(
                        System.currentTimeMillis(),
                        Level.WARN,
                        area,
                        event,
                        List.of(LogField.of(key, value)),
                        null);
        return current.format.line(line).getBytes(StandardCharsets.UTF_8);
    }

    static boolean isEnabled(Level level) {
        return level.toInt() >= current.lowest.toInt();
    }

    static void write(LogLine line) {
        LogOutput output = current;
        if (output.filter.isEmpty()) {
            output.put(line);
            return;
        }
        RepeatFilter filter = output.filter.get();
        synchronized (filter) {
            if (filter.admits(line, System.nanoTime())) {
                output.put(line);
            }
            if (output.timer == null && filter.nextDue().isPresent()) {
                output.timer = Thread.ofVirtual().name("log-repeats").start(output::writeDue);
            }
        }
    }

    private void put(LogLine line) {
        byte[] bytes = format.line(line).getBytes(StandardCharsets.UTF_8);
        System.err.write(bytes, 0, bytes.length);
        System.err.flush();
    }

    private void writeDue() {
        RepeatFilter repeats = filter.orElseThrow();
        synchronized (repeats) {
            try {
                for (OptionalLong due = repeats.nextDue();
                        due.isPresent();
                        due = repeats.nextDue()) {
                    long left = due.getAsLong() - System.nanoTime();
                    if (left > 0) {
                        repeats.wait(Duration.ofNanos(left).toMillis() + 1);
                    }
                    repeats.due(System.nanoTime(), System.currentTimeMillis()).forEach(this::put);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                // The next line starts another one, whatever has ended this one.
                timer = null;
            }
        }
    }
}
