package org.procmon.control.server.replies;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.QueueLimits;
import org.procmon.lifecycle.Ticks;
import org.procmon.status.PoolCondition;
import org.procmon.status.PoolText;
import org.procmon.status.PoolView;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.PoolRow.Condition;
import org.procmon.status.fields.PoolRow.Listening;
import org.procmon.status.fields.PoolRow.Load;
import org.procmon.status.fields.PoolRow.Setup;
import org.procmon.status.fields.PoolWorkerRow;
import org.procmon.status.fields.PoolWorkerRow.Activity;
import org.procmon.status.fields.ProcessRow;

/**
 * Maps views of pools to rows, with times as {@link RowMapper} has them.
 *
 * @param processes maps the workers
 * @param now the monotonic time
 * @param wallMs the same moment by the wall clock, in milliseconds since 1970
 */
public record PoolRowMapper(RowMapper processes, Ticks now, long wallMs) {
    public PoolRow of(PoolView view) {
        PoolSpec spec = view.spec();
        long age = now.since(view.since()).toMillis();
        return new PoolRow(
                view.name(),
                new Condition(
                        PoolCondition.of(view).wireName(),
                        PoolText.cause(view),
                        Rfc3339.text(wallMs - age),
                        age),
                new Setup(
                        mode(spec.mode()),
                        spec.workers().min(),
                        spec.workers().max(),
                        spec.template().exec().text()),
                new Listening(view.listening(), view.trouble()),
                queue(view.queue(), spec.queue()),
                new Load(view.busy(), view.idle()),
                counters(view.counters()),
                view.lastRoll().map(this::roll),
                view.workers().stream().map(this::worker).toList());
    }

    private static String mode(PoolMode mode) {
        return switch (mode) {
            case STATIC -> "static";
            case DYNAMIC -> "dynamic";
            case ON_DEMAND -> "ondemand";
        };
    }

    private static PoolRow.Queue queue(PoolView.Queue queue, QueueLimits limits) {
        return new PoolRow.Queue(
                queue.waiting(),
                millis(queue.oldest()),
                queue.limit(),
                limits.max(),
                millis(limits.timeout()));
    }

    private static PoolRow.Counters counters(PoolView.Counters counters) {
        return new PoolRow.Counters(
                counters.started(),
                counters.idle(),
                counters.recycled(),
                counters.maxReached(),
                counters.overflows(),
                counters.refused(),
                counters.mostBusy(),
                counters.longestQueue());
    }

    private PoolRow.Roll roll(PoolView.Roll roll) {
        long age = now.since(roll.since()).toMillis();
        return new PoolRow.Roll(
                roll.state().name().toLowerCase(Locale.ROOT),
                Rfc3339.text(wallMs - age),
                age,
                roll.reason());
    }

    private PoolWorkerRow worker(PoolView.Worker worker) {
        ProcessRow process = processes.of(worker.process());
        OptionalLong uptime = process.run().uptimeMs();
        return new PoolWorkerRow(
                process.name(),
                process.state(),
                process.pid(),
                uptime.isPresent()
                        ? Optional.of(Rfc3339.text(wallMs - uptime.getAsLong()))
                        : Optional.empty(),
                uptime,
                worker.address(),
                worker.activity().map(PoolRowMapper::activity));
    }

    private static Activity activity(PoolView.Activity activity) {
        return new Activity(
                activity.work().name().toLowerCase(Locale.ROOT),
                activity.connections(),
                millis(activity.busyFor()),
                activity.systemCall(),
                activity.waitChannel(),
                millis(activity.processorTime()),
                activity.residentBytes());
    }

    private static OptionalLong millis(Optional<Duration> duration) {
        return duration.isPresent()
                ? OptionalLong.of(duration.get().toMillis())
                : OptionalLong.empty();
    }
}
