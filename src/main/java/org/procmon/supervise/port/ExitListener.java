package org.procmon.supervise.port;

import org.procmon.lifecycle.ExitStatus;
import org.procmon.lifecycle.ResourceUsage;

/** Is notified of exited processes. Called on the reaper's thread; returns at once. */
public interface ExitListener {
    /**
     * The first process of a run has exited and was reaped.
     *
     * @param name the process that the run belongs to
     * @param run the run's number
     */
    void leaderExited(String name, long run, ExitStatus status, ResourceUsage resourceUsage);

    /** A process without a living parent, adopted by this one, has exited and was reaped. */
    void strangerExited();
}
