package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.StopReason;
import org.procmon.supervise.port.HookRunner;
import org.procmon.supervise.port.Reply;

/**
 * The orderly end of everything: whether it has begun, who waits for it, and how far it is. Loop
 * thread only.
 */
public final class Shutdown {
    private final ProcessRegistry processRegistry;
    private final PendingReplies pendingReplies;
    private final HookRunner hooks;
    private final List<CompletableFuture<Reply>> replies = new ArrayList<>();
    private boolean begun;
    private boolean hurried;

    /** What the monitor ends with, when something essential has ended. */
    private OptionalInt exitCode = OptionalInt.empty();

    Shutdown(ProcessRegistry processRegistry, PendingReplies pendingReplies, HookRunner hooks) {
        this.processRegistry = processRegistry;
        this.pendingReplies = pendingReplies;
        this.hooks = hooks;
    }

    /** Begins, or hurries what has begun. */
    Event begin() {
        if (begun) {
            hurried = true;
            hooks.hurry();
            return new Event.ForceKill();
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

    void causedBy(SupervisedProcess essential) {
        exitCode = OptionalInt.of(essential.process.tally().exitCode());
    }

    OptionalInt exitCode() {
        return exitCode;
    }

    /** Whether nothing is alive or to be told any more, but what ends after the monitor. */
    boolean isOver() {
        return isAllDown()
                && !hooks.isTelling()
                && processRegistry.attendants().stream()
                        .noneMatch(a -> a.kind == SupervisedProcess.Kind.ATTENDANT && a.isAlive());
    }

    private boolean isAllDown() {
        return begun && processRegistry.all().stream().noneMatch(SupervisedProcess::isAlive);
    }

    /** The attendants that are to be ended now; none while a process is up. */
    List<SupervisedProcess> attendantsToEnd() {
        if (!isAllDown()) {
            return List.of();
        }
        return processRegistry.attendants().stream()
                .filter(a -> a.kind == SupervisedProcess.Kind.ATTENDANT || !a.isAlive())
                .filter(a -> a.process.goal() == Goal.UP)
                .toList();
    }

    /** Tells those who wait, if it is over. */
    void answer() {
        if (isOver()) {
            replies.forEach(reply -> pendingReplies.add(reply, new Reply.Done(List.of())));
            replies.clear();
        }
    }
}
