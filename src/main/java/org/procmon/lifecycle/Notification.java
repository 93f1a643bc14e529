package org.procmon.lifecycle;

import java.time.Duration;

/** What a run reports about itself, source: sd_notify(3); or what the monitor reports for it. */
public sealed interface Notification {
    /** It is reloading its configuration, and is not ready meanwhile. */
    record Reloading() implements Notification {}

    /** It is about to exit. */
    record Leaving() implements Notification {}

    /** Its status in its own words. */
    record Status(String words) implements Notification {}

    /** The pid of its main process. */
    record MainPid(int pid) implements Notification {}

    /** It needs more time to start or to stop, counted from now. */
    record MoreTime(Duration time) implements Notification {}

    /**
     * It could not be probed, so its health is unknown.
     *
     * @param reason what was lacking, in words
     */
    record NotAsked(String reason) implements Notification {}

    /**
     * A message in its name was not trusted.
     *
     * @param what in words
     */
    record Disbelieved(String what) implements Notification {}
}
