package org.procmon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What surrounds a command: where it writes, and the variables it sees.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param environment the variables
 */
public record Console(PrintStream out, PrintStream err, Map<String, String> environment) {
    /** This program's own streams, in UTF-8 whatever the locale says, since JSON is. */
    public static Console system() {
        return new Console(stream(FileDescriptor.out), stream(FileDescriptor.err), System.getenv());
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
