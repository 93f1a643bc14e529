package org.procmon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.cli.console.Console;
import org.procmon.cli.console.ExitCode;
import org.procmon.cli.serve.ServedDirectory;
import org.procmon.control.protocol.SocketLocation;

/** Runs a monitor that serves the programs of a directory over HTTP. */
final class ServeCommand {
    private final Console console;
    private final MonitorRunner runner;

    ServeCommand(Console console, MonitorRunner runner) {
        this.console = console;
        this.runner = runner;
    }

    int run(ParsedCommand parsedCommand, RunOptions options) {
        Path directory = absolute(parsedCommand.operands().getFirst());
        String listen = parsedCommand.value(Option.LISTEN);
        String files = parsedCommand.value(Option.STATIC);
        if (!Files.isDirectory(directory)) {
            console.complain("cannot serve " + directory + ": it is no directory");
            return ExitCode.FAILED;
        }
        ServedDirectory served =
                new ServedDirectory(
                        directory,
                        listen == null ? ServedDirectory.LISTEN : listen,
                        Optional.ofNullable(files).map(ServeCommand::absolute),
                        Optional.ofNullable(parsedCommand.value(Option.IDLE_TIMEOUT)));
        Path state = state(options, directory);
        try {
            Path file = served.write(state);
            tell(served, state);
            return runner.run(file, options.in(state));
        } catch (IOException e) {
            console.complain("cannot serve " + directory + ": " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static Path absolute(String path) {
        return BytePath.absolute(BytePath.named(path)).normalize();
    }

    /** The given one, or one for this directory alone: other monitors may run. */
    private Path state(RunOptions options, Path directory) {
        String name = "serve-" + Integer.toHexString(BytePath.text(directory).hashCode());
        return options.stateDir()
                .orElseGet(() ->
                        SocketLocation.stateFolder(
                                        Optional.empty(),
                                        console.environment(),
                                        SocketLocation.ownUid())
                                .resolve(name));
    }

    private void tell(ServedDirectory served, Path state) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("serving the programs of ").append(served.directory()).append('\n');
        String address =
                served.listen().contains("/") ? served.listen() : "http://" + served.listen();
        text.append("  applications  ").append(address).append("/PROGRAM\n");
        text.append("  processes     ").append(address).append("/procs?list\n");
        text.append("  commands      procmon --state-dir ").append(state).append(" list\n");
        served.user().ifPresent(user -> text.append("programs run as ").append(user).append('\n'));
        console.err().print(text);
        console.err().flush();
    }
}
