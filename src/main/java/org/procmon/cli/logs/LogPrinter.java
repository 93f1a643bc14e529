package org.procmon.cli.logs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.TerminalSafe;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.Terminal;
import org.procmon.cli.console.TextStyle;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.control.protocol.StandardStream;
import tools.jackson.core.JsonGenerator;

/**
 * Prints lines: as {@code web | text}, where the bar is red for standard error on a terminal, or as
 * JSON.
 */
final class LogPrinter {
    private final Console console;
    private final boolean asJson;
    private final boolean isTerminal;
    private final boolean colours;
    private final Map<String, Integer> numbers = new HashMap<>();
    private int width;

    LogPrinter(Console console, boolean asJson) {
        this.console = console;
        this.asJson = asJson;
        isTerminal = console.isTerminal();
        colours = Terminal.of(console).map(Terminal::colours).orElse(false);
    }

    /** A process whose lines may come: so that all names take as much room as the longest. */
    void expect(String process) {
        numbers.putIfAbsent(process, numbers.size());
        width = Math.max(width, process.length());
    }

    void print(List<OutputLine> lines) {
        for (OutputLine line : lines) {
            console.out().print(asJson ? json(line) : text(line));
        }
        console.out().flush();
    }

    private String text(OutputLine line) {
        String process = line.process();
        TextStyle style = TextStyle.ofNumber(numbers.getOrDefault(process, 0));
        boolean isError = line.stream() == StandardStream.STDERR;
        return style.of(process, colours)
                + " ".repeat(Math.max(0, width - process.length()) + 1)
                + (isError ? TextStyle.RED : style).of("|", colours)
                + " "
                + (isTerminal ? TerminalSafe.lines(line.text()) : line.text())
                + "\n";
    }

    private static String json(OutputLine line) {
        MessageBuffer text = new MessageBuffer();
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            Optional<String> time =
                    line.millis().isPresent()
                            ? Optional.of(line.at().toString())
                            : Optional.empty();
            time.ifPresent(at -> Json.property(json, "time", at));
            Json.property(json, "process", line.process());
            Json.property(
                    json, "stream", line.stream() == StandardStream.STDERR ? "stderr" : "stdout");
            Json.property(json, "text", line.message());
            json.writeEndObject();
        }
        return text.text() + "\n";
    }
}
