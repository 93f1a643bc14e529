package org.procmon.supervise.port;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.procmon.config.MonitorSpec;
import org.procmon.config.Signal;

/**
 * What a person or a program asks of the monitor. Names may be patterns, see {@code NamePattern}.
 */
public sealed interface Command {
    /** Wants them up; done when each is up, or has run to completion. */
    record Start(List<String> names) implements Command {}

    /** Wants them down; done when the group of each is empty. */
    record Stop(List<String> names) implements Command {}

    /** Wants them up by a new run. */
    record Restart(List<String> names) implements Command {}

    /**
     * Wants them up by a new run one after the other, and takes none that is up down unless all of
     * them are ready. There is only one of these for a process at a time.
     */
    record Roll(List<String> names) implements Command {}

    /**
     * Lets them read their configuration again: by their reload signal where they have one and are
     * up, else by a new run.
     */
    record Refresh(List<String> names) implements Command {}

    /**
     * Stops them and forgets them until the configuration is read again.
     *
     * @param force whether also those on which others depend
     */
    record Delete(List<String> names, boolean force) implements Command {}

    /** Runs a further program of the monitor's own; done when it is up. */
    record StartCompanion(Companion attendant) implements Command {}

    /** Sends a signal to the first process of each; one that is not alive is an error. */
    record SendSignal(List<String> names, Signal signal) implements Command {}

    /**
     * Puts another configuration in the place of this one; done when that is certain, and what
     * follows has begun.
     *
     * @param attendants the monitor's own programs under it
     * @param bringsBackDeleted whether what an operator has deleted is there again, as after the
     *     files were read; a number of instances that was asked for brings nothing back
     * @param keep called right before, on the loop's thread: keeps it for the next monitor, or says
     *     why it cannot, and then all stays as it is
     */
    record Reload(
            MonitorSpec spec,
            List<Companion> attendants,
            boolean bringsBackDeleted,
            Supplier<Optional<String>> keep)
            implements Command {}

    /** Tells what a reload would do. */
    record PlanReload(MonitorSpec spec) implements Command {}

    /**
     * Stops everything in reverse order; done when all is down. A second one leaves no patience.
     */
    record Shutdown() implements Command {}
}
