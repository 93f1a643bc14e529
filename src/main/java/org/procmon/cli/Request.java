package org.procmon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.control.protocol.Wait;

/**
 * What the arguments ask for.
 *
 * @param action what to do; for help, what to explain is in {@code subject}
 * @param subject the action whose help is wanted; {@link Action#HELP} for all of it
 * @param operands names and files
 * @param options the options that were given, with their values; empty for those that have none
 * @param patience how long to wait
 */
record Request(
        Action action,
        Action subject,
        List<String> operands,
        Map<Option, String> options,
        Wait patience) {
    boolean has(Option option) {
        return options.containsKey(option);
    }

    /** The value of an option that was given, and found to be a number. */
    int number(Option option, int otherwise) {
        String value = options.get(option);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    Optional<Path> stateDir() {
        return Optional.ofNullable(options.get(Option.STATE_DIR)).map(Path::of);
    }
}
