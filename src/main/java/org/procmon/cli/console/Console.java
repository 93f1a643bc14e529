package org.procmon.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.procmon.bytes.LaunchContext;
import org.procmon.bytes.TerminalSafe;

/**
 * The surroundings of a command: its output streams and environment.
 *
 * @param out for the output of the command
 * @param err for errors and warnings
 * @param environment the variables
 * @param descriptor a link to the target of {@code out}, such as {@code /proc/self/fd/1}
 * @param endsWithReader ends this program as soon as {@code out} has no reader; for commands that
 *     may write nothing for long
 */
public record Console(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path descriptor,
        Runnable endsWithReader) {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final int FILE_TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;

    /** A console whose output always has a reader. */
    public Console(
            PrintStream out, PrintStream err, Map<String, String> environment, Path descriptor) {
        this(out, err, environment, descriptor, () -> {});
    }

    /** This program's own streams, in UTF-8 in any locale, as JSON requires. */
    public static Console system(Runnable endsWithReader) {
        return new Console(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                LaunchContext.variables(),
                STANDARD_OUTPUT,
                endsWithReader);
    }

    /**
     * Whether the output goes to a terminal, or may do so: to any device except {@code /dev/null}.
     */
    public boolean isTerminal() {
        try {
            Path to = Files.readSymbolicLink(descriptor);
            return to.startsWith("/dev") && !to.equals(Path.of("/dev/null"));
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether writing failed because the reader of the output, as of a pipe, is gone. */
    public boolean hasLostReader() {
        return out.checkError() && isPipe();
    }

    private boolean isPipe() {
        try {
            int type = (int) Files.getAttribute(descriptor, "unix:mode") & FILE_TYPE;
            return type == FIFO || type == SOCKET;
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    /**
     * Whether a person sees the messages and can interrupt the command: both standard input and
     * standard error are a terminal.
     */
    public boolean isInteractive() {
        return isTerminal("0") && isTerminal("2");
    }

    private boolean isTerminal(String number) {
        try {
            String to = Files.readSymbolicLink(descriptor.resolveSibling(number)).toString();
            return to.startsWith("/dev/pts/")
                    || to.startsWith("/dev/tty")
                    || to.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    /** Prints an error message. */
    public void complain(String message) {
        err.print("procmon: " + TerminalSafe.text(message) + "\n");
        err.flush();
    }
}
