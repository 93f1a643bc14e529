package org.procmon.supervise;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.StopReason;

/**
 * A rolling restart under way: those that are down go first, together, and then the others one by
 * one, each only while all of them are ready. As soon as one of them is down the rest is left as it
 * is. It has no deadline; who waits for it ends it by cancelling the reply. Loop thread only.
 */
final class Roll {
    private final List<Entry> all;
    private final Table table;
    private final Orders.Floor floor;
    private final Answers answers;
    private final CompletableFuture<Reply> reply;

    /** The number of the first run that is new to this restart. */
    private final Map<Entry, Long> fresh = new HashMap<>();

    private final Set<Entry> told = new HashSet<>();
    private boolean answered;

    /** Begins with those whom nobody misses. */
    Roll(
            List<Entry> all,
            Table table,
            Orders.Floor floor,
            Answers answers,
            CompletableFuture<Reply> reply) {
        this.all = List.copyOf(all);
        this.table = table;
        this.floor = floor;
        this.answers = answers;
        this.reply = reply;
        for (Entry entry : all) {
            fresh.put(entry, entry.process.tally().runs() + 1);
            if (entry.process.goal() != Goal.UP || isDown(entry.process.state())) {
                restart(entry);
            }
        }
    }

    boolean isOver() {
        return answered || reply.isCancelled();
    }

    /** Whether this one is among those that are restarted. */
    boolean means(Entry entry) {
        return fresh.containsKey(entry);
    }

    /**
     * Goes on if it is time to; to be called when nothing else is to be done.
     *
     * @return whether there is something to be done now
     */
    boolean advance() {
        boolean ready = true;
        for (Entry entry : all) {
            Verdict verdict = verdict(entry);
            if (verdict instanceof Verdict.Missed(String reason)) {
                answer(new Reply.Failed(entry.name(), reason + rest()));
                return false;
            }
            ready &= verdict instanceof Verdict.Reached && Table.isReady(entry);
        }
        if (!ready) {
            return false;
        }
        Optional<Entry> next = all.stream().filter(this::isOld).findFirst();
        Optional<String> obstacle = next.flatMap(this::obstacle);
        if (obstacle.isPresent()) {
            answer(new Reply.Failed(next.get().name(), obstacle.get() + rest()));
            return false;
        }
        next.ifPresentOrElse(
                this::restart,
                () -> answer(new Reply.Done(all.stream().map(floor::view).toList())));
        return next.isPresent();
    }

    /** What it needs may have gone since the command came. */
    private Optional<String> obstacle(Entry entry) {
        return new StartCheck(table, floor, fresh.keySet(), "restart").beforeRestart(entry);
    }

    private void restart(Entry entry) {
        told.add(entry);
        floor.post(entry, new Event.Restart(StopReason.RESTART));
    }

    private void answer(Reply outcome) {
        answered = true;
        answers.add(reply, outcome);
    }

    private Verdict verdict(Entry entry) {
        return table.holds(entry)
                ? Verdict.of(Pursuit.Aim.UP, entry.process, told.contains(entry) ? fresh(entry) : 0)
                : Verdict.ofGone(Pursuit.Aim.UP);
    }

    private boolean isOld(Entry entry) {
        return entry.process.tally().runs() < fresh(entry);
    }

    private long fresh(Entry entry) {
        return fresh.getOrDefault(entry, 0L);
    }

    private String rest() {
        long left = all.stream().filter(this::isOld).count();
        return left == 0 ? "" : ", so %d of %d were not restarted".formatted(left, all.size());
    }

    private static boolean isDown(ProcessState state) {
        return switch (state) {
            case Stopped _, Backoff _, Failed _ -> true;
            // What has run to completion is as it should be, and the others are on their way.
            case Completed _, Waiting _, Starting _, Running _, Stopping _ -> false;
        };
    }
}
