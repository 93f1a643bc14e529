package org.procmon.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The key {@code schedule}: at which times a process is started, stopped and restarted. At least
 * one of the three is there.
 *
 * @param start when it is started if it is down
 * @param stop when it is stopped if it is up
 * @param restart when it is restarted if it is up
 * @param zone where the times are meant; empty for the time zone of the monitor
 * @param missed what becomes of times that pass while the machine sleeps, its clock is set, or no
 *     monitor runs
 * @param jitter by how much a start or a restart is delayed at most
 * @param except times that are left out
 * @param overlap what a start does that finds the last run still going
 */
public record Schedule(
        Optional<Cron> start,
        Optional<Cron> stop,
        Optional<Cron> restart,
        Optional<ZoneId> zone,
        Missed missed,
        Duration jitter,
        List<Exclusion> except,
        Overlap overlap) {
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

    /** What becomes of times that have passed without anybody looking. */
    public enum Missed {
        /** They are lost. */
        SKIP,
        /**
         * Without the key: the last of them comes late if a monitor was there, and they are lost if
         * not.
         */
        LATE,
        /** The last of them comes late, also if no monitor was there. */
        ONCE
    }

    /** What a start does while the last run goes on. */
    public enum Overlap {
        /** Nothing. */
        SKIP,
        /** It starts another run when that one has ended. */
        QUEUE,
        /** It ends that run, and starts another one. */
        REPLACE
    }

    public Schedule {
        except = List.copyOf(except);
    }

    /** With nothing said about exceptions to the rule. */
    public Schedule(
            Optional<Cron> start,
            Optional<Cron> stop,
            Optional<Cron> restart,
            Optional<ZoneId> zone) {
        this(start, stop, restart, zone, Missed.LATE, Duration.ZERO, List.of(), Overlap.SKIP);
    }

    /** The times of an action. */
    public Optional<Cron> of(Action action) {
        return switch (action) {
            case START -> start;
            case STOP -> stop;
            case RESTART -> restart;
        };
    }

    /**
     * Whether what is left out is left out of the times of an action too. What was started has to
     * be stopped, so of a stop nothing is left out if there is a start.
     */
    public boolean hasExceptions(Action action) {
        return !except.isEmpty() && (action != Action.STOP || start.isEmpty());
    }

    /** Whether it says when a process is up, and when it is down. */
    public boolean isWindow() {
        return start.isPresent() && stop.isPresent();
    }
}
