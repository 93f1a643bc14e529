package org.procmon.cli.console;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.posix.Descriptor;
import org.procmon.posix.TerminalSize;

/**
 * The terminal that a command writes to, at one moment: a person may change its size at any time.
 *
 * @param columns at least 1; of the variable {@code COLUMNS}, else of the terminal, else 80
 * @param rows at least 1; of {@code LINES}, else of the terminal, else 24
 * @param colours whether it shows colours: not with {@code NO_COLOR}, nor if {@code TERM} is {@code
 *     dumb}
 */
public record Terminal(int columns, int rows, boolean colours) {
    private static final TerminalSize USUAL = new TerminalSize(24, 80);
    private static final int MOST = 10_000;

    /** The terminal behind the standard output; empty if that is none. */
    public static Optional<Terminal> of(Console console) {
        if (!console.isTerminal()) {
            return Optional.empty();
        }
        Map<String, String> environment = console.environment();
        int columns = number(environment.get("COLUMNS"));
        int rows = number(environment.get("LINES"));
        TerminalSize size = columns > 0 && rows > 0 ? USUAL : size();
        return Optional.of(
                new Terminal(
                        columns > 0 ? columns : size.columns(),
                        rows > 0 ? rows : size.rows(),
                        hasColours(environment)));
    }

    private static boolean hasColours(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    private static TerminalSize size() {
        return Terminal.class.getModule().isNativeAccessEnabled()
                ? TerminalSize.of(new Descriptor(1)).orElse(USUAL)
                : USUAL;
    }

    private static int number(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,5}")) {
            return 0;
        }
        return Math.min(Integer.parseInt(text), MOST);
    }
}
