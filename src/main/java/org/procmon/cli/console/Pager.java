package org.procmon.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Environment;
import org.procmon.posix.ProgramReplacement;
import org.procmon.posix.StandardStreams;

/**
 * Shows a text that is longer than the terminal in the program of the variable {@code PAGER}. This
 * process becomes that program, so it is the last thing that a command does.
 */
public final class Pager {
    private static final String VARIABLE = "PAGER";

    private Pager() {}

    /**
     * Prints a text, or has it paged: then this does not return.
     *
     * @param code the exit code of this program afterwards
     */
    public static void show(Console console, String text, int code) {
        if (isWanted(console, text)) {
            console.out().flush();
            try {
                become(console, text, code);
            } catch (IOException _) {
                // Without the pager the text is still worth printing.
            }
        }
        console.out().print(text);
    }

    static boolean isWanted(Console console, String text) {
        Optional<Terminal> terminal = Terminal.of(console);
        return terminal.isPresent()
                && !console.environment().getOrDefault(VARIABLE, "").isBlank()
                && text.lines().count() >= terminal.get().rows()
                && Pager.class.getModule().isNativeAccessEnabled();
    }

    private static void become(Console console, String text, int code) throws IOException {
        Path file = Files.createTempFile("procmon", ".txt");
        Descriptor.Result opened;
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
            opened = Descriptor.read(file.toString());
        } finally {
            Files.delete(file);
        }
        if (opened instanceof Descriptor.Result.Opened(Descriptor descriptor)) {
            StandardStreams.setInput(descriptor);
            // Quits at once if all fits, shows colours, and leaves the text on the screen.
            Map<String, String> usual =
                    console.environment().containsKey("LESS") ? Map.of() : Map.of("LESS", "FRX");
            var _ =
                    ProgramReplacement.replace(
                            List.of("/bin/sh", "-c", "eval \"$PAGER\"; exit " + code),
                            Environment.of(console.environment()),
                            usual,
                            List.of(),
                            List.of());
        }
    }
}
