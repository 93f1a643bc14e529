package org.procmon.status.fields;

import java.util.Locale;
import java.util.StringJoiner;
import org.procmon.status.fields.PoolRow.Counters;
import org.procmon.status.fields.PoolRow.Queue;
import org.procmon.status.fields.PoolRow.Roll;
import org.procmon.status.fields.PoolRow.Setup;
import org.procmon.status.fields.PoolWorkerRow.Activity;

/** Values of the fields of a pool in words. */
public final class PoolWords {
    private PoolWords() {}

    static String mode(Setup setup) {
        return setup.minWorkers() == setup.maxWorkers()
                ? "%s, %s"
                        .formatted(
                                setup.mode(),
                                setup.maxWorkers() == 1
                                        ? "1 worker"
                                        : setup.maxWorkers() + " workers")
                : "%s, %d to %d workers"
                        .formatted(setup.mode(), setup.minWorkers(), setup.maxWorkers());
    }

    static String queue(Queue queue) {
        StringJoiner text = new StringJoiner(", ");
        text.add(
                queue.waiting() == 0
                        ? "no client waits"
                        : queue.waiting() == 1
                                ? "1 client waits"
                                : queue.waiting() + " clients wait");
        queue.oldestMs().ifPresent(ms -> text.add("the first for " + duration(ms)));
        text.add("room for " + queue.limit());
        queue.max().ifPresent(max -> text.add("503 beyond " + max));
        queue.timeoutMs().ifPresent(ms -> text.add("503 after " + duration(ms)));
        return text.toString();
    }

    static String load(PoolRow row) {
        return "%d busy, %d idle, %d in all"
                .formatted(row.load().busy(), row.load().idle(), row.total());
    }

    static String counters(Counters counters) {
        StringJoiner text = new StringJoiner(", ");
        text.add("%d started".formatted(counters.started()));
        some(text, counters.idleStopped(), "stopped when idle");
        some(text, counters.recycled(), "replaced");
        some(text, counters.mostBusy(), "busy at most");
        some(text, counters.longestQueue(), "waiting at most");
        if (counters.maxReached() > 0) {
            text.add(
                    "all workers taken "
                            + (counters.maxReached() == 1
                                    ? "once"
                                    : counters.maxReached() + " times"));
        }
        some(text, counters.refused(), "refused");
        return text.toString();
    }

    static String roll(Roll roll) {
        String age = StateAge.text(roll.ageMs());
        String state =
                roll.state().equals("under_way")
                        ? "under way for " + age
                        : roll.state() + " " + age + " ago";
        return state + roll.reason().map(why -> ": " + why).orElse("");
    }

    private static void some(StringJoiner text, long count, String words) {
        if (count > 0) {
            text.add(count + " " + words);
        }
    }

    /** What a worker does, in a line. */
    public static String worker(PoolWorkerRow row) {
        StringBuilder text = new StringBuilder(96);
        if (row.activity().isEmpty()) {
            return row.state();
        }
        Activity activity = row.activity().get();
        text.append(activity.work());
        activity.busyMs().ifPresent(ms -> text.append(" for ").append(duration(ms)));
        activity.systemCall().ifPresent(call -> text.append(", in ").append(call));
        activity.waitChannel().ifPresent(where -> text.append(" (").append(where).append(')'));
        activity.cpuMs().ifPresent(ms -> text.append(", processor ").append(duration(ms)));
        text.append(", ").append(activity.rss() >> 20).append(" MiB");
        row.uptimeMs().ifPresent(ms -> text.append(", up ").append(StateAge.text(ms)));
        return text.append(", pid ").append(row.pid()).toString();
    }

    /** Milliseconds when short, tenths of a second up to a minute, else as an age. */
    private static String duration(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        return millis < 60_000
                ? String.format(Locale.ROOT, "%d.%d s", millis / 1000, millis % 1000 / 100)
                : StateAge.text(millis);
    }
}
