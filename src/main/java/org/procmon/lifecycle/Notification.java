package org.procmon.lifecycle;

import java.time.Duration;

/** What a run says of itself, source: sd_notify(3); or what is said in its place. */
public sealed interface Notification {
    /** It reads its configuration anew, and is not ready meanwhile. */
    record Reloading() implements Notification {}

    /** It is about to end. */
    record Leaving() implements Notification {}

    /** How it is, in its own words. */
    record Status(String words) implements Notification {}

    /** Which of its processes is the main one. */
    record MainPid(int pid) implements Notification {}

    /** It needs more time for its start or its end: so much from now on. */
    record MoreTime(Duration time) implements Notification {}

    /**
     * Nobody knows how it is, since it could not be asked.
     *
     * @param reason what was lacking, in words
     */
    record NotAsked(String reason) implements Notification {}

    /**
     * Something was said in its name that is not believed.
     *
     * @param what in words
     */
    record Disbelieved(String what) implements Notification {}
}
