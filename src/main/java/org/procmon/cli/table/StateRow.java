package org.procmon.cli.table;

import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.bytes.TerminalSafe;
import org.procmon.status.fields.NextChange;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.ProcessRow;

/**
 * A process or a pool as a row of the table.
 *
 * @param word its state as shown, such as {@code backoff 4s}
 * @param pid of its run that is alive
 * @param restarts how often it was restarted; empty for a pool
 * @param upMs the age of its run
 * @param cpu in percent of one processor
 * @param rss its resident memory in bytes
 * @param why what a reader has to know of its state; empty if nothing
 * @param isMonitor whether it is no process of the configuration but a monitor
 */
record StateRow(
        String name,
        String state,
        String word,
        OptionalLong pid,
        OptionalLong restarts,
        OptionalLong upMs,
        Optional<Double> cpu,
        OptionalLong rss,
        String why,
        String command,
        boolean isMonitor) {

    static StateRow of(ProcessRow row, boolean isMonitor) {
        return new StateRow(
                row.name(),
                row.state(),
                word(row),
                row.isAlive() && row.pid() > 0 ? OptionalLong.of(row.pid()) : OptionalLong.empty(),
                OptionalLong.of(row.run().restarts()),
                row.run().uptimeMs(),
                row.usage().map(ProcessRow.Usage::cpuPercent),
                row.usage().isPresent()
                        ? OptionalLong.of(row.usage().get().rss())
                        : OptionalLong.empty(),
                TerminalSafe.text(isMonitor ? "" : why(row)),
                TerminalSafe.text(row.exec()),
                isMonitor);
    }

    static StateRow of(PoolRow row) {
        String load =
                "%d busy, %d idle, %d waiting"
                        .formatted(row.load().busy(), row.load().idle(), row.queue().waiting());
        return new StateRow(
                row.name(),
                row.state(),
                row.state(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                TerminalSafe.text(row.isServing() ? "pool: " + load : row.condition().cause()),
                TerminalSafe.text(row.setup().exec()),
                false);
    }

    private static String word(ProcessRow row) {
        return row.state().equals("backoff") && row.next().isPresent()
                ? "backoff " + ShortWords.age(upwards(row.next().get()))
                : row.state();
    }

    private static String why(ProcessRow row) {
        String cause = row.cause();
        return switch (row.state()) {
            case "running" -> whileRunning(row, cause);
            case "stopping", "failed" -> cause + next(row);
            default -> cause;
        };
    }

    /** That it was started is said by the state. */
    private static String whileRunning(ProcessRow row, String cause) {
        String told = cause.equals("started") || cause.matches("run [0-9]+") ? "" : cause;
        String trouble =
                row.output()
                        .filter(loss -> loss.failing())
                        .map(loss -> "its output is being lost: " + loss.reason())
                        .or(() -> row.warnings().hook())
                        .or(() -> row.signs().status())
                        .orElse("");
        return told.isEmpty() || trouble.isEmpty() ? told + trouble : trouble + "; " + told;
    }

    private static String next(ProcessRow row) {
        return row.next()
                .map(next -> "; " + next.what() + " in " + ShortWords.age(upwards(next)))
                .orElse("");
    }

    /** In whole seconds, so that the last one is shown as 1 and not as 0. */
    private static long upwards(NextChange next) {
        return Math.ceilDiv(next.inMs(), 1000) * 1000;
    }
}
