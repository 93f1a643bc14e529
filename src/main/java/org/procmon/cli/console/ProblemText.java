package org.procmon.cli.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.bytes.TerminalSafe;
import org.procmon.config.Problem;

/**
 * A problem of a configuration for people. A pipe gets one line for each, {@code FILE:LINE:COLUMN:
 * problem}; a terminal also the line of the file, with a caret under the column.
 */
public final class ProblemText {
    private static final String MARGIN = " | ";
    private static final int LONGEST_LINE = 1 << 16;

    /** Columns of the file that are shown before the caret at least, if the line is cut. */
    private static final int BEFORE = 20;

    private ProblemText() {}

    /**
     * Lines that each end with a newline, harmless for a terminal.
     *
     * @param terminal empty for a pipe
     */
    public static String of(Problem problem, Optional<Terminal> terminal) {
        boolean colours = terminal.map(Terminal::colours).orElse(false);
        String text = TerminalSafe.text(problem.toString()) + "\n";
        if (terminal.isEmpty()) {
            return text;
        }
        TextStyle style = kind(problem.message());
        return TextStyle.BOLD.of(text.strip(), colours)
                + "\n"
                + line(problem)
                        .map(line ->
                                excerpt(
                                        line,
                                        problem,
                                        terminal.get().columns(),
                                        style.of("^", colours)))
                        .orElse("");
    }

    private static TextStyle kind(String message) {
        if (message.startsWith("warning: ")) {
            return TextStyle.YELLOW;
        }
        return message.startsWith("note: ") ? TextStyle.CYAN : TextStyle.RED;
    }

    private static String excerpt(String line, Problem problem, int columns, String caret) {
        String number = String.valueOf(problem.line());
        int room = Math.max(1, columns - number.length() - MARGIN.length());
        int end = line.offsetByCodePoints(0, Math.min(problem.column() - 1, codePoints(line)));
        String before = shown(line.substring(0, end));
        String after = shown(line.substring(end));
        int place = TextWidth.of(before);
        if (place >= room) {
            // The end of what is before, so that the caret is on the screen.
            before = "\u2026" + lastColumns(before, Math.min(BEFORE, Math.max(0, room - 2)));
            place = TextWidth.of(before);
        }
        String shown = TextWidth.cut(before + after, room);
        return number
                + MARGIN
                + shown.stripTrailing()
                + "\n"
                + " ".repeat(number.length())
                + MARGIN
                + " ".repeat(place)
                + caret
                + "\n";
    }

    private static String lastColumns(String text, int columns) {
        int from = text.length();
        while (from > 0 && TextWidth.of(text.substring(from - 1)) <= columns) {
            from--;
        }
        return text.substring(from);
    }

    private static int codePoints(String line) {
        return line.codePointCount(0, line.length());
    }

    private static String shown(String text) {
        return TerminalSafe.text(text.replace('\t', ' '));
    }

    /** The line of the file; empty if it cannot be read, or is of an enormous length. */
    private static Optional<String> line(Problem problem) {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(BytePath.named(problem.file())),
                                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .skip(problem.line() - 1L)
                    .findFirst()
                    .filter(line -> line.length() <= LONGEST_LINE);
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }
}
