package org.procmon.control.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.procmon.control.protocol.ErrorName;
import org.procmon.lifecycle.Phase;
import org.procmon.supervise.ProcessView;
import org.procmon.supervise.Supervisor;
import org.procmon.supervise.Wording;

/**
 * Restarts several processes one after the other: each is up, and ready, before the next one goes.
 * As soon as one that was up is not, the rest is left as it is. On the thread of the connection.
 */
final class RollingRestart {
    /** Restarts one process, and waits for it. */
    interface Turn {
        /** An error if it did not come up. */
        Answer of(String name) throws InterruptedException;
    }

    private final Supervisor supervisor;
    private final Turn turn;

    RollingRestart(Supervisor supervisor, Turn turn) {
        this.supervisor = supervisor;
        this.turn = turn;
    }

    /** What has gone wrong; empty if all are up by a new run. */
    Optional<Answer> of(List<ProcessView> all) throws InterruptedException {
        List<String> up = new ArrayList<>();
        for (ProcessView view : all) {
            if (isUp(view)) {
                up.add(view.name());
            }
        }
        for (int i = 0; i < all.size(); i++) {
            Optional<ProcessView> lost = firstThatIsNotUp(up);
            if (lost.isPresent()) {
                ProcessView down = lost.get();
                String reason =
                        "it is not up (%s), so %d of %d were not restarted"
                                .formatted(Wording.cause(down), all.size() - i, all.size());
                return Optional.of(
                        Answer.Texts.error(
                                ErrorName.FAILED, "name", down.name(), "reason", reason));
            }
            Answer answer = turn.of(all.get(i).name());
            if (answer instanceof Answer.Texts texts && !texts.error().isEmpty()) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    private Optional<ProcessView> firstThatIsNotUp(List<String> names) {
        return supervisor.snapshot().processes().stream()
                .filter(view -> names.contains(view.name()) && !isUp(view))
                .findFirst();
    }

    private static boolean isUp(ProcessView view) {
        return view.process().state().phase() == Phase.RUNNING;
    }
}
