package org.procmon.cli;

import java.time.Duration;
import java.util.Optional;
import org.procmon.control.client.CallTimeout;
import org.procmon.control.client.ControlClient;
import org.procmon.control.client.ControlException;
import org.procmon.control.protocol.TimeLimits;
import org.procmon.control.protocol.Wait;

/**
 * How long a command may take: the value of {@code --timeout}, or else a default. For a command
 * that changes nothing this is {@link #READ_ONLY}. For a change there is no limit where a person
 * can see that it waits and interrupt it; elsewhere it is the processes' own limits, which the
 * monitor knows, and {@link #EXTRA}.
 */
final class TimeLimit {
    private static final Duration READ_ONLY = Duration.ofSeconds(5);

    /** Added to the limits of the processes; also the limit for asking the monitor for those. */
    private static final Duration EXTRA = Duration.ofSeconds(10);

    private static final Duration UPGRADE = Duration.ofMinutes(1);

    /** For a monitor of a version that does not report its processes' limits. */
    private static final Duration UNKNOWN = Duration.ofMinutes(2);

    /**
     * How long a monitor that has just answered may take to report that the time is over, and why.
     */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ParsedCommand parsedCommand;
    private final CallTimeout timeout;
    private final boolean isGiven;
    private boolean sent;

    /**
     * Starts the clock.
     *
     * @param interactive whether a person waits for the command
     */
    TimeLimit(ParsedCommand parsedCommand, boolean interactive) {
        this.parsedCommand = parsedCommand;
        boolean changes = !parsedCommand.isReadOnly();
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
        return unlimited
                ? Optional.empty()
                : Optional.of(parsedCommand.isReadOnly() ? READ_ONLY : EXTRA);
    }

    /** Whether the monitor may already have the request. */
    boolean isSent() {
        return sent;
    }

    /** The limit, counted from the start of the command. */
    CallTimeout timeout() {
        return timeout;
    }

    /** Whether this much of the time is left. */
    boolean leaves(Duration time) {
        return timeout.left().map(left -> left.compareTo(time) > 0).orElse(true);
    }

    /** A new limit for another first answer. */
    CallTimeout restarted() {
        return new CallTimeout(first(false));
    }

    /**
     * How long the monitor waits for the outcome. With a limit, this first asks the monitor how
     * long its processes may take: a monitor that does not answer gets no request to change
     * anything.
     */
    Wait outcome(ControlClient client) throws ControlException {
        if (parsedCommand.has(Option.NO_WAIT) || timeout.left().isEmpty()) {
            sent = true;
            return parsedCommand.has(Option.NO_WAIT) ? Wait.NOT : Wait.UNTIL_DONE;
        }
        Duration own = ownLimit(client);
        if (!isGiven) {
            timeout.become(Optional.of(own.plus(EXTRA)));
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
        boolean rolls = parsedCommand.has(Option.ROLLING);
        long stopAndStart = limits.stopMs() + limits.startMs();
        return Duration.ofMillis(
                switch (parsedCommand.action()) {
                    case START -> limits.startMs();
                    case STOP, DELETE, SHUTDOWN -> limits.stopMs();
                    case RESTART, RELOAD -> rolls ? limits.rollingMs() : stopAndStart;
                    default -> 0;
                });
    }
}
