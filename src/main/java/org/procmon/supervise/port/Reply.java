package org.procmon.supervise.port;

import java.util.List;
import org.procmon.reload.plan.ChangePlan;
import org.procmon.status.ProcessView;

/** The result of a command. */
public sealed interface Reply {
    /** It succeeded; these are the processes as they are now. */
    record Done(List<ProcessView> processes) implements Reply {}

    /** No process has this name, or none matches this pattern. Nothing was changed. */
    record NoSuchProcess(String name) implements Reply {}

    /**
     * At least one process did not reach the wanted state, and will not by this command.
     *
     * @param name the first of them
     * @param reason in words: {@code cannot execute '/no/such': No such file or directory}
     */
    record Failed(String name, String reason) implements Reply {}

    /**
     * Others depend on a process that was to be deleted. Nothing was changed.
     *
     * @param name the first of them
     * @param reason in words: {@code web, worker depend on it}
     */
    record HasDependents(String name, String reason) implements Reply {}

    /** What a reload does, or would do. */
    record Planned(ChangePlan plan) implements Reply {}

    /**
     * The monitor takes no commands any more.
     *
     * @param isReplaced whether the next monitor will: all processes stay as they are; otherwise
     *     all are stopped
     */
    record ShuttingDown(boolean isReplaced) implements Reply {
        /** All processes are stopped. */
        public ShuttingDown() {
            this(false);
        }

        /** In words. */
        public String reason() {
            return isReplaced
                    ? "the monitor is being replaced; try again"
                    : "the monitor is shutting down";
        }
    }
}
