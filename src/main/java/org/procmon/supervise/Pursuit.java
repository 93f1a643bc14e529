package org.procmon.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.ProcessState.Backoff;
import org.procmon.lifecycle.ProcessState.Completed;
import org.procmon.lifecycle.ProcessState.Failed;
import org.procmon.lifecycle.ProcessState.Running;
import org.procmon.lifecycle.ProcessState.Starting;
import org.procmon.lifecycle.ProcessState.Stopped;
import org.procmon.lifecycle.ProcessState.Stopping;
import org.procmon.lifecycle.ProcessState.Waiting;
import org.procmon.lifecycle.StartError;
import org.procmon.lifecycle.StopReason;
import org.procmon.lifecycle.Supervised;
import org.procmon.lifecycle.Tally;

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

    private sealed interface Verdict {
        record Pending() implements Verdict {}

        record Reached() implements Verdict {}

        record Missed(String reason) implements Verdict {}
    }

    private static final Verdict PENDING = new Verdict.Pending();
    private static final Verdict REACHED = new Verdict.Reached();

    private final Aim aim;
    private final Answers answers;
    private final CompletableFuture<Reply> reply;

    /** The processes that are not there yet, with the number of the run that will do. */
    private final Map<Entry, Long> open = new LinkedHashMap<>();

    private final List<Entry> all;
    private Optional<Reply.Failed> failure = Optional.empty();

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
        Verdict verdict = forgotten ? gone() : verdict(entry.process, run);
        if (verdict instanceof Verdict.Pending && !reply.isCancelled()) {
            return;
        }
        if (verdict instanceof Verdict.Missed missed && failure.isEmpty()) {
            failure = Optional.of(new Reply.Failed(entry.name(), missed.reason()));
        }
        open.remove(entry);
        entry.pursuits.remove(this);
        if (open.isEmpty()) {
            answers.add(
                    reply,
                    failure.isPresent()
                            ? failure.get()
                            : new Reply.Done(all.stream().map(view).toList()));
        }
    }

    private Verdict gone() {
        return switch (aim) {
            case UP -> new Verdict.Missed("it is no longer there");
            case DOWN, GONE -> REACHED;
        };
    }

    private Verdict verdict(Supervised process, long run) {
        return switch (aim) {
            case UP ->
                    process.goal() == Goal.UP
                            ? up(process, run)
                            : new Verdict.Missed("it was stopped by another command");
            case DOWN, GONE -> {
                if (process.goal() == Goal.UP) {
                    yield new Verdict.Missed("it was started again by another command");
                }
                if (aim == Aim.GONE && process.goal() != Goal.FORGOTTEN) {
                    yield new Verdict.Missed("the configuration was reloaded, and names it");
                }
                yield aim == Aim.DOWN && process.state() instanceof Stopped ? REACHED : PENDING;
            }
        };
    }

    private static Verdict up(Supervised process, long run) {
        Tally tally = process.tally();
        return switch (process.state()) {
            case Running _, Completed _ -> tally.runs() >= run ? REACHED : PENDING;
            case Backoff _ -> new Verdict.Missed(Wording.ended(tally));
            case Failed failed ->
                    new Verdict.Missed(
                            failed.error()
                                    .map(StartError::reason)
                                    .orElseGet(() -> Wording.ended(tally)));
            case Stopping s when s.why() == StopReason.NOT_READY && tally.runs() >= run ->
                    new Verdict.Missed(Wording.ended(tally));
            case Stopped _, Waiting _, Starting _, Stopping _ -> PENDING;
        };
    }
}
