package org.procmon.supervise.feature;

import org.procmon.config.MonitorSpec;
import org.procmon.reload.plan.ChangePlan;

/**
 * A part of the monitor that the loop reports to, such as hooks, schedules or the log. Each method
 * says on which thread it is called.
 */
@FunctionalInterface
public interface Feature {
    /** Something has changed. Loop thread; returns at once. */
    void on(Change change);

    /**
     * Starts, once the loop knows which processes another monitor has left. Loop thread, before any
     * command is carried out.
     */
    default void start(FeatureStart start) {}

    /**
     * Prepares for another configuration, which may still be refused; the present one is then
     * prepared for again. Called on the thread of the reload.
     */
    default void prepare(MonitorSpec spec) {}

    /**
     * Follows another configuration, which the loop has just accepted. Called on the thread of the
     * reload.
     *
     * @param plan what the reload changes
     */
    default void follow(MonitorSpec spec, ChangePlan plan) {}

    /** Whether a shutdown must wait for it; it wakes the loop when this ends. Loop thread. */
    default boolean isBusy() {
        return false;
    }

    /** A shutdown is being forced: nothing may delay it any longer. Loop thread. */
    default void hurry() {}

    /** Stops, within a second at most. Loop thread, after the end of the loop. */
    default void stop(End end) {}

    /** Why the loop has ended. */
    enum End {
        /** All processes are down. */
        SHUTDOWN,
        /** The next monitor supervises the processes. */
        REPLACED
    }
}
