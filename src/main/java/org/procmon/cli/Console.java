package org.procmon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.procmon.control.protocol.Plain;

/**
 * What surrounds a command: where it writes, and the variables it sees.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param environment the variables
 * @param descriptor what {@code out} is: a link such as {@code /proc/self/fd/1}
 */
public record Console(
        PrintStream out, PrintStream err, Map<String, String> environment, Path descriptor) {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    /** This program's own streams, in UTF-8 whatever the locale says, since JSON is. */
    public static Console system() {
        return new Console(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.getenv(),
                STANDARD_OUTPUT);
    }

    /**
     * Whether the output goes to a terminal, or may do so: to any device but the one that drops
     * all.
     */
    boolean isTerminal() {
        try {
            Path to = Files.readSymbolicLink(descriptor);
            return to.startsWith("/dev") && !to.equals(Path.of("/dev/null"));
        } catch (IOException _) {
            return false;
        }
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    /** Says what went wrong. */
    void complain(String message) {
        err.print("procmon: " + Plain.text(message) + "\n");
        err.flush();
    }
}
