package org.procmon.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;

/**
 * What the arguments ask for.
 *
 * @param action what to do; for help, what to explain is in {@code subject}
 * @param subject the action whose help is wanted; {@link Action#HELP} for all of it
 * @param operands names and files
 * @param options the options that were given, with their values; empty for those that have none
 * @param timeout what {@code --timeout} says
 */
record ParsedCommand(
        Action action,
        Action subject,
        List<String> operands,
        Map<Option, String> options,
        Optional<Timeout> timeout) {
    /**
     * A time limit that was given.
     *
     * @param limit empty for none
     */
    record Timeout(Optional<Duration> limit) {}

    /** Whether it changes nothing. */
    boolean onlyLooks() {
        return action.onlyLooks() || has(Option.DRY_RUN);
    }

    /** Whether it is answered only when processes are where it wants them. */
    boolean waitsForOutcome() {
        return !has(Option.NO_WAIT)
                && switch (action) {
                    case START, STOP, RESTART, DELETE, SHUTDOWN -> true;
                    case RELOAD -> !operands.isEmpty();
                    case RUN,
                            LIST,
                            STATUS,
                            EXPLAIN,
                            SIGNAL,
                            TAIL,
                            EVENTS,
                            REOPEN,
                            CHECK,
                            IMPORT,
                            SCALE,
                            UPGRADE,
                            HELP,
                            VERSION ->
                            false;
                };
    }

    /** The processes that it names. */
    List<String> names() {
        return action == Action.SIGNAL || action == Action.SCALE
                ? operands.subList(0, operands.size() - 1)
                : operands;
    }

    boolean has(Option option) {
        return options.containsKey(option);
    }

    /** The value of an option that was given, and found to be a number. */
    int number(Option option, int otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    Optional<Path> stateDir() {
        return Optional.ofNullable(options.get(Option.STATE_DIR)).map(BytePath::named);
    }
}
