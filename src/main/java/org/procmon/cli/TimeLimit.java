package org.procmon.cli;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.control.protocol.Wait;

/**
 * How long a command may take: what {@code --timeout} says, or else a default. A command that only
 * looks has {@link #LOOK}. One that changes something takes as long as it takes where a person can
 * see that and interrupt it; elsewhere as long as the named processes may take by their own limits,
 * which the monitor knows, and {@link #MORE}.
 */
final class TimeLimit {
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** Beyond the limits of the processes; also, how long the monitor may take to tell those. */
    private static final Duration MORE = Duration.ofSeconds(10);

    private static final Duration UPGRADE = Duration.ofMinutes(1);

    /** Where the monitor is of a version that does not know its processes' limits. */
    private static final Duration UNKNOWN = Duration.ofMinutes(2);

    /**
     * How long a monitor that has just shown that it is alive may take to say that the time is
     * over, and why.
     */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ParsedCommand parsedCommand;
    private final CallTimeout timeout;
    private final boolean isGiven;
    private boolean sent;

    /**
     * Begins to count.
     *
     * @param interactive whether a person waits for the command
     */
    TimeLimit(ParsedCommand parsedCommand, boolean interactive) {
        this.parsedCommand = parsedCommand;
        boolean changes = !parsedCommand.onlyLooks();
        boolean waits =
                changes && parsedCommand.timeout().isEmpty() && parsedCommand.waitsForOutcome();
        this.sent = changes && !parsedCommand.waitsForOutcome();
        this.isGiven = parsedCommand.timeout().isPresent();
        this.timeout = new CallTimeout(first(waits && interactive));
    }

    private Optional<Duration> first(boolean unlimited) {
        if (parsedCommand.timeout().isPresent()) {
            return parsedCommand.timeout().get().limit();
        }
        if (parsedCommand.action() == Action.UPGRADE) {
            return Optional.of(UPGRADE);
        }
        return unlimited ? Optional.empty() : Optional.of(parsedCommand.onlyLooks() ? LOOK : MORE);
    }

    /** Whether the monitor may know by now what it is to do. */
    boolean isSent() {
        return sent;
    }

    /** The limit, as it counts now. */
    CallTimeout timeout() {
        return timeout;
    }

    /** A limit of its own for another first answer. */
    CallTimeout anew() {
        return new CallTimeout(first(false));
    }

    /**
     * How long the monitor is to wait for the outcome. Where there is a limit, the monitor is asked
     * first how long its processes may take: one that does not answer is not told to change
     * anything.
     */
    Wait outcome(ControlClient client) throws ControlException {
        if (parsedCommand.has(Option.NO_WAIT) || timeout.left().isEmpty()) {
            sent = true;
            return parsedCommand.has(Option.NO_WAIT) ? Wait.NOT : Wait.UNTIL_DONE;
        }
        Duration own = ownLimit(client);
        if (!isGiven) {
            timeout.become(Optional.of(own.plus(MORE)));
        }
        Duration left = timeout.left().orElseThrow();
        timeout.extend(GRACE);
        sent = true;
        return Wait.atMost(left);
    }

    private Duration ownLimit(ControlClient client) throws ControlException {
        Optional<TimeLimits> known = client.timeLimits(parsedCommand.names());
        if (known.isEmpty()) {
            return UNKNOWN;
        }
        TimeLimits limits = known.get();
        return Duration.ofMillis(
                switch (parsedCommand.action()) {
                    case START -> limits.startMs();
                    case STOP, DELETE, SHUTDOWN -> limits.stopMs();
                    case RESTART, RELOAD ->
                            parsedCommand.has(Option.ROLLING)
                                    ? limits.rollingMs()
                                    : limits.stopMs() + limits.startMs();
                    case RUN,
                            LIST,
                            STATUS,
                            EXPLAIN,
                            SIGNAL,
                            TAIL,
                            EVENTS,
                            REOPEN,
                            SCALE,
                            CHECK,
                            IMPORT,
                            UPGRADE,
                            HELP,
                            VERSION ->
                            0;
                });
    }
}
