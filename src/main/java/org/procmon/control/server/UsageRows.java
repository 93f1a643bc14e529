package org.procmon.control.server;

import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.procmon.control.protocol.ProcessRow;
import org.procmon.control.server.UsageSource.Used;

/** Adds to rows what their runs use. */
final class UsageRows {
    private static final double NANOS_PER_MILLI = 1e6;

    private UsageRows() {}

    /**
     * An answer, and what the processes in it use, which costs a look at each that the machine
     * runs; an error stays as it is.
     */
    static Answer added(Answer answer, UsageSource source) {
        return switch (answer) {
            case Answer.Many many -> {
                Map<Integer, Used> all = source.now();
                yield new Answer.Many(() ->
                        StreamSupport.stream(many.rows().spliterator(), false)
                                .map(row -> of(row, all))
                                .iterator());
            }
            case Answer.One one -> new Answer.One(of(one.row(), source.now()));
            default -> answer;
        };
    }

    /** A row whose run is not alive, or has just ended, stays as it is. */
    private static ProcessRow of(ProcessRow row, Map<Integer, Used> all) {
        Optional<Used> used =
                row.uptimeMs().isPresent()
                        ? Optional.ofNullable(all.get(row.pid()))
                        : Optional.empty();
        return used.map(u -> row.using(usage(row, u))).orElse(row);
    }

    private static ProcessRow.Usage usage(ProcessRow row, Used used) {
        double age = Math.max(1, row.uptimeMs().orElse(1));
        double percent = 100 * used.processorTime().toNanos() / NANOS_PER_MILLI / age;
        return new ProcessRow.Usage(Math.round(percent * 100) / 100.0, used.bytes());
    }
}
