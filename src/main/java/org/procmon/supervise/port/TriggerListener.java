package org.procmon.supervise.port;

import java.util.List;
import java.util.Map;
import org.procmon.config.Schedule;
import org.procmon.status.ScheduledAction;

/** Is notified of due schedules and changed files. Called on any thread; returns at once. */
public interface TriggerListener {
    /** A time of a process's schedule has come. */
    void timeCame(String name, Schedule.Action action);

    /** A watched file of a process has changed, and is no longer being written. */
    void filesChanged(String name);

    /**
     * What schedules do next, each action once and the earliest first, by the name of the process;
     * replaces the former list.
     */
    void planned(Map<String, List<ScheduledAction>> plans);

    /**
     * Warnings about watches, by the name of the process: {@code watches /x, which does not exist};
     * replaces the former warnings.
     */
    void remarked(Map<String, String> remarks);
}
