package org.procmon.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.log.LogFormat;

/**
 * The parsed arguments.
 *
 * @param action what to do
 * @param subject the action to show the help of; {@link Action#HELP} for all
 * @param operands names and files
 * @param options the given options and their values; empty for those without a value
 * @param timeout the value of {@code --timeout}
 */
record ParsedCommand(
        Action action,
        Action subject,
        List<String> operands,
        Map<Option, String> options,
        Optional<Timeout> timeout) {
    /**
     * A given time limit.
     *
     * @param limit empty for none
     */
    record Timeout(Optional<Duration> limit) {}

    /** Whether it changes nothing. */
    boolean isReadOnly() {
        return action.isReadOnly() || has(Option.DRY_RUN);
    }

    /** Whether the answer comes only when the processes have reached their goal. */
    boolean waitsForOutcome() {
        boolean waits = action.waits() || (action == Action.RELOAD && !operands.isEmpty());
        return waits && !has(Option.NO_WAIT);
    }

    /** The processes that the command names. */
    List<String> names() {
        return action == Action.SIGNAL || action == Action.SCALE
                ? operands.subList(0, operands.size() - 1)
                : operands;
    }

    boolean has(Option option) {
        return options.containsKey(option);
    }

    /** The value of a given option, already checked to be a number. */
    int number(Option option, int otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    /** The value of a given option. */
    @Nullable String value(Option option) {
        return options.get(option);
    }

    LogFormat logFormat() {
        return Optional.ofNullable(options.get(Option.LOG_FORMAT))
                .flatMap(LogFormat::of)
                .orElse(LogFormat.TEXT);
    }

    Optional<Path> stateDir() {
        return Optional.ofNullable(options.get(Option.STATE_DIR)).map(BytePath::named);
    }
}
