package org.procmon.control.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        if (answer instanceof Answer.Many many) {
            return new Answer.Many(of(many.rows(), source));
        }
        return answer instanceof Answer.One one
                ? new Answer.One(of(List.of(one.row()), source).getFirst())
                : answer;
    }

    /** All is looked at once; a row whose run is not alive, or has just ended, stays as it is. */
    private static List<ProcessRow> of(List<ProcessRow> rows, UsageSource source) {
        Map<Integer, Used> all = source.now();
        List<ProcessRow> with = new ArrayList<>(rows.size());
        for (ProcessRow row : rows) {
            Optional<Used> used =
                    row.uptimeMs().isPresent()
                            ? Optional.ofNullable(all.get(row.pid()))
                            : Optional.empty();
            with.add(used.map(u -> row.using(usage(row, u))).orElse(row));
        }
        return with;
    }

    private static ProcessRow.Usage usage(ProcessRow row, Used used) {
        double age = Math.max(1, row.uptimeMs().orElse(1));
        double percent = 100 * used.processorTime().toNanos() / NANOS_PER_MILLI / age;
        return new ProcessRow.Usage(Math.round(percent * 100) / 100.0, used.bytes());
    }
}
