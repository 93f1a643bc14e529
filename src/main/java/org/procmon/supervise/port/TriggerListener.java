package org.procmon.supervise.port;

import java.util.List;
import java.util.Map;
import org.procmon.config.Schedule;
import org.procmon.status.ScheduledAction;

/** Hears of what schedules and watches find. Called on any thread; returns at once. */
public interface TriggerListener {
    /** A time of a process's schedule has come. */
    void timeCame(String name, Schedule.Action action);

    /** Something that is watched for a process has changed, and come to rest. */
    void filesChanged(String name);

    /**
     * What schedules do next, each action once and the earliest first, by the name of the process;
     * replaces what was said before.
     */
    void planned(Map<String, List<ScheduledAction>> plans);

    /**
     * What people should know of watches, by the name of the process: {@code watches /x, which does
     * not exist}; replaces what was said before.
     */
    void remarked(Map<String, String> remarks);
}
