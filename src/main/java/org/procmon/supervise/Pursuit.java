package org.procmon.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;

/**
 * A command under way: it waits until each of its processes is where it wants them. Loop thread
 * only.
 */
final class Pursuit {
    /** Where a command wants its processes. */
    enum Aim {
        UP,
        DOWN,
        GONE
    }

    private final Aim aim;
    private final Answers answers;
    private final CompletableFuture<Reply> reply;

    /** The processes that are not there yet, with the number of the run that will do. */
    private final Map<Entry, Long> open = new LinkedHashMap<>();

    private final List<Entry> all;
    private final Failures failures = new Failures();

    /**
     * Begins to watch the entries, which have not yet been told of the command.
     *
     * @param anew of which of them a run that is already up does not count
     */
    Pursuit(
            Aim aim,
            List<Entry> entries,
            Predicate<Entry> anew,
            Answers answers,
            CompletableFuture<Reply> reply) {
        this.aim = aim;
        this.answers = answers;
        this.reply = reply;
        this.all = List.copyOf(entries);
        for (Entry entry : entries) {
            long runs = entry.process.tally().runs();
            boolean up =
                    switch (entry.process.state()) {
                        case Starting _, Running _ -> true;
                        case Stopped _, Waiting _, Stopping _, Backoff _, Completed _, Failed _ ->
                                false;
                    };
            open.put(entry, up && !anew.test(entry) ? runs : runs + 1);
            entry.pursuits.add(this);
        }
    }

    /** Looks at one of its processes after a change, and replies when it was the last. */
    void look(Entry entry, boolean forgotten, Function<Entry, ProcessView> view) {
        Long run = open.get(entry);
        if (run == null) {
            return;
        }
        Verdict verdict = forgotten ? Verdict.ofGone(aim) : Verdict.of(aim, entry.process, run);
        if (verdict instanceof Verdict.Pending && !reply.isCancelled()) {
            return;
        }
        if (verdict instanceof Verdict.Missed missed) {
            failures.add(entry.name(), missed.reason());
        }
        open.remove(entry);
        entry.pursuits.remove(this);
        if (open.isEmpty()) {
            answers.add(
                    reply,
                    failures.reply()
                            .<Reply>map(failed -> failed)
                            .orElseGet(() -> new Reply.Done(all.stream().map(view).toList())));
        }
    }
}
