package org.procmon.control.server.replies;

import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.procmon.status.fields.ProcessRow;
import org.procmon.supervise.port.UsageSource;
import org.procmon.supervise.port.UsageSource.Used;

/** Adds resource usage to rows. */
public final class UsageRows {
    private static final double NANOS_PER_MILLI = 1e6;

    private UsageRows() {}

    /**
     * A reply with the usage of its processes, which requires a look at each process of the
     * machine; an error stays as it is.
     */
    public static CallReply added(CallReply callReply, UsageSource source) {
        return switch (callReply) {
            case CallReply.ProcessList processList -> {
                Map<Integer, Used> all = source.now();
                yield new CallReply.ProcessList(() ->
                        StreamSupport.stream(processList.rows().spliterator(), false)
                                .map(row -> of(row, all))
                                .iterator());
            }
            case CallReply.SingleProcess singleProcess ->
                    new CallReply.SingleProcess(of(singleProcess.row(), source.now()));
            default -> callReply;
        };
    }

    /** A row whose run is not alive, or has just exited, stays as it is. */
    private static ProcessRow of(ProcessRow row, Map<Integer, Used> all) {
        Optional<Used> used =
                row.run().uptimeMs().isPresent()
                        ? Optional.ofNullable(all.get(row.pid()))
                        : Optional.empty();
        return used.map(u -> row.using(usage(row, u))).orElse(row);
    }

    private static ProcessRow.Usage usage(ProcessRow row, Used used) {
        double age = Math.max(1, row.run().uptimeMs().orElse(1));
        double percent = 100 * used.processorTime().toNanos() / NANOS_PER_MILLI / age;
        return new ProcessRow.Usage(Math.round(percent * 100) / 100.0, used.bytes());
    }
}
