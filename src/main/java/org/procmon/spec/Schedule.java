package org.procmon.spec;

import java.time.ZoneId;
import java.util.Optional;

/**
 * The key {@code schedule}: at which times a process is started, stopped and restarted. At least
 * one of the three is there. A start that finds the last run still going is skipped.
 *
 * @param start when it is started if it is down
 * @param stop when it is stopped if it is up
 * @param restart when it is restarted if it is up
 * @param zone where the times are meant; empty for the time zone of the monitor
 */
public record Schedule(
        Optional<Cron> start, Optional<Cron> stop, Optional<Cron> restart, Optional<ZoneId> zone) {
    /** What comes at its time. */
    public enum Action {
        START("start"),
        STOP("stop"),
        RESTART("restart");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        /** Its key, which is also its word for people. */
        public String word() {
            return word;
        }
    }

    /** The times of an action. */
    public Optional<Cron> of(Action action) {
        return switch (action) {
            case START -> start;
            case STOP -> stop;
            case RESTART -> restart;
        };
    }
}
