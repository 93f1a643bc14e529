package org.procmon.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Goal;
import org.procmon.lifecycle.StopReason;
import org.procmon.supervise.feature.Feature;
import org.procmon.supervise.port.Reply;

/**
 * The orderly shutdown: whether it has started, the replies that wait for it, and its progress.
 * Loop thread only.
 */
final class Shutdown {
    private final ProcessRegistry processRegistry;
    private final PendingReplies pendingReplies;
    private final Feature features;
    private final List<CompletableFuture<Reply>> replies = new ArrayList<>();
    private boolean begun;
    private boolean forced;

    /** The exit status of the monitor, when an essential process has exited. */
    private OptionalInt exitCode = OptionalInt.empty();

    Shutdown(ProcessRegistry processRegistry, PendingReplies pendingReplies, Feature features) {
        this.processRegistry = processRegistry;
        this.pendingReplies = pendingReplies;
        this.features = features;
    }

    /** Starts the shutdown, or forces one that has started. */
    Event begin() {
        if (begun) {
            forced = true;
            features.hurry();
            return new Event.ForceKill();
        }
        begun = true;
        return new Event.Stop(StopReason.SHUTDOWN);
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether the shutdown is forced. */
    boolean isForced() {
        return forced;
    }

    /** Adds a reply to complete when the shutdown is complete. */
    void await(CompletableFuture<Reply> reply) {
        replies.add(reply);
    }

    void causedBy(SupervisedProcess essential) {
        exitCode = OptionalInt.of(essential.process.tally().exitCode());
    }

    OptionalInt exitCode() {
        return exitCode;
    }

    /** Whether only programs that exit after the monitor are alive, and no feature is busy. */
    boolean isOver() {
        return isAllDown()
                && !features.isBusy()
                && processRegistry.companions().stream()
                        .noneMatch(a -> a.kind == SupervisedProcess.Kind.COMPANION && a.isAlive());
    }

    private boolean isAllDown() {
        return begun && processRegistry.all().stream().noneMatch(SupervisedProcess::isAlive);
    }

    /** The monitor's own programs to stop now; none while a process is up. */
    List<SupervisedProcess> companionsToStop() {
        if (!isAllDown()) {
            return List.of();
        }
        return processRegistry.companions().stream()
                .filter(a -> a.kind == SupervisedProcess.Kind.COMPANION || !a.isAlive())
                .filter(a -> a.process.goal() == Goal.UP)
                .toList();
    }

    /** Completes the waiting replies, if the shutdown is complete. */
    void answer() {
        if (isOver()) {
            replies.forEach(reply -> pendingReplies.add(reply, new Reply.Done(List.of())));
            replies.clear();
        }
    }
}
