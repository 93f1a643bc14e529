package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.StopReason;

/**
 * The orderly end of everything: whether it has begun, who waits for it, and how far it is. Loop
 * thread only.
 */
final class Shutdown {
    private final Table table;
    private final Answers answers;
    private final HookRunner hooks;
    private final List<CompletableFuture<Reply>> replies = new ArrayList<>();
    private boolean begun;
    private boolean hurried;

    /** What the monitor ends with, when something essential has ended. */
    private OptionalInt exitCode = OptionalInt.empty();

    Shutdown(Table table, Answers answers, HookRunner hooks) {
        this.table = table;
        this.answers = answers;
        this.hooks = hooks;
    }

    /** Begins, or hurries what has begun. */
    Event begin() {
        if (begun) {
            hurried = true;
            hooks.hurry();
            return new Event.Hurry();
        }
        begun = true;
        return new Event.Stop(StopReason.SHUTDOWN);
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether it waits for nothing any more. */
    boolean isHurried() {
        return hurried;
    }

    /** Somebody is to be told when it is over. */
    void await(CompletableFuture<Reply> reply) {
        replies.add(reply);
    }

    void causedBy(Entry essential) {
        exitCode = OptionalInt.of(essential.process.tally().exitCode());
    }

    OptionalInt exitCode() {
        return exitCode;
    }

    /** Whether nothing is alive or to be told any more, but what ends after the monitor. */
    boolean isOver() {
        return isAllDown()
                && !hooks.isTelling()
                && table.attendants().stream()
                        .noneMatch(a -> a.kind == Entry.Kind.ATTENDANT && a.isAlive());
    }

    private boolean isAllDown() {
        return begun && table.all().stream().noneMatch(Entry::isAlive);
    }

    /** The attendants that are to be ended now; none while a process is up. */
    List<Entry> attendantsToEnd() {
        if (!isAllDown()) {
            return List.of();
        }
        return table.attendants().stream()
                .filter(a -> a.kind == Entry.Kind.ATTENDANT || !a.isAlive())
                .filter(a -> a.process.goal() == Goal.UP)
                .toList();
    }

    /** Tells those who wait, if it is over. */
    void answer() {
        if (isOver()) {
            replies.forEach(reply -> answers.add(reply, new Reply.Done(List.of())));
            replies.clear();
        }
    }
}
