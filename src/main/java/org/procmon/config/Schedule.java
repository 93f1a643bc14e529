package org.procmon.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The key {@code schedule}: the times at which a process is started, stopped and restarted. At
 * least one of the three is present.
 *
 * @param start when to start it if it is down
 * @param stop when to stop it if it is up
 * @param restart when to restart it if it is up
 * @param zone the time zone of the times; the monitor's own when empty
 * @param missed what happens to times that pass while the machine sleeps, its clock is set, or no
 *     monitor runs
 * @param jitter the maximum delay of a start or a restart
 * @param except times that are left out
 * @param overlap what a start does while the last run still runs
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
    /** What happens at a time. */
    public enum Action {
        START("start"),
        STOP("stop"),
        RESTART("restart");

        private final String word;

        Action(String word) {
            this.word = word;
        }

        /** Its key, which messages use too. */
        public String word() {
            return word;
        }
    }

    /** What happens to missed times. */
    public enum Missed {
        /** They are dropped. */
        SKIP,
        /**
         * The default: the last of them fires late if a monitor ran at that time; otherwise they
         * are dropped.
         */
        LATE,
        /** The last of them fires late, even if no monitor ran. */
        ONCE
    }

    /** What a start does while the last run still runs. */
    public enum Overlap {
        /** Nothing. */
        SKIP,
        /** It starts another run after that one exits. */
        QUEUE,
        /** It stops that run, and starts another one. */
        REPLACE
    }

    public Schedule {
        except = List.copyOf(except);
    }

    /** With defaults for the rest. */
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
     * Whether exclusions apply to the times of an action. A started process must be stopped, so
     * they do not apply to stops if there is a start.
     */
    public boolean hasExceptions(Action action) {
        return !except.isEmpty() && (action != Action.STOP || start.isEmpty());
    }

    /** Whether it defines when a process is up, and when it is down. */
    public boolean isWindow() {
        return start.isPresent() && stop.isPresent();
    }
}
