package org.procmon.httpproc;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.bytes.BytePath;
import org.procmon.listen.ListenAddress;
import org.procmon.log.LogFormat;

/**
 * The command line of {@code http_proc}.
 *
 * @param help whether only to print the usage
 * @param verbose whether to log the start, and debug lines
 * @param logFormat how to write the log
 * @param config what to serve; empty for the file in the state directory
 * @param listen where to listen, besides inherited sockets
 * @param inherited for each listening socket that the program was started with, from descriptor 3
 *     on, whether it is a Unix socket
 * @param tlsDescriptors whether the certificate and its key are the descriptors after those
 * @param readyDescriptor gets a newline when it serves
 * @param stateDir the monitor's state directory, if not the default
 */
record HttpProcOptions(
        boolean help,
        boolean verbose,
        LogFormat logFormat,
        Optional<Path> config,
        List<ListenAddress> listen,
        List<Boolean> inherited,
        boolean tlsDescriptors,
        OptionalInt readyDescriptor,
        Optional<Path> stateDir) {
    static final String USAGE =
            """
            usage: http_proc [-h] [-v] [--config FILE] [--listen ADDRESS]... [--inherit KINDS]
                             [--tls-fds] [--ready-fd NUMBER] [--state-dir DIR]
                             [--log-format FORMAT]

            Serves HTTP: FastCGI applications, files, and the queries of procmon. The monitor starts
            it when its configuration has "http", and writes the file that says what to serve. The
            file may change at any time.

              -h, --help         show this
              -v, --verbose      log the start, and debug lines
              --config FILE      what to serve (http.json in the monitor's state directory)
              --listen ADDRESS   /path, unix:/path, HOST:PORT, or :PORT on 127.0.0.1
              --inherit KINDS    the listening sockets that it is started with, as descriptors 3, 4
                                 and so on: tcp, tls or unix for each, with commas
              --tls-fds          the certificate and its key are open, as the next two descriptors
              --ready-fd NUMBER  a descriptor that gets a newline when it serves
              --state-dir DIR    the monitor's state directory ($PROCMON_STATE_DIR)
              --log-format FORMAT
                                 text or json, for the log on standard error
            """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong with it, for the user
     */
    static HttpProcOptions parse(List<String> args) {
        boolean help = false;
        boolean verbose = false;
        LogFormat logFormat = LogFormat.TEXT;
        Optional<Path> config = Optional.empty();
        List<ListenAddress> listen = new ArrayList<>();
        List<Boolean> inherited = new ArrayList<>();
        boolean tlsDescriptors = false;
        OptionalInt readyDescriptor = OptionalInt.empty();
        Optional<Path> stateDir = Optional.empty();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "-h", "--help" -> help = true;
                case "-v", "--verbose" -> verbose = true;
                case "--config" -> config = Optional.of(BytePath.named(value(args, ++i)));
                case "--listen" -> listen.add(address(value(args, ++i)));
                case "--inherit" -> inherited.addAll(kinds(value(args, ++i)));
                case "--tls-fds" -> tlsDescriptors = true;
                case "--ready-fd" -> readyDescriptor = OptionalInt.of(number(value(args, ++i)));
                case "--state-dir" -> stateDir = Optional.of(BytePath.named(value(args, ++i)));
                case "--log-format" -> logFormat = logFormat(value(args, ++i));
                default -> throw new IllegalArgumentException("unknown argument '" + arg + "'");
            }
        }
        if (!help && listen.isEmpty() && inherited.isEmpty()) {
            throw new IllegalArgumentException("'--listen' or '--inherit' is missing");
        }
        return new HttpProcOptions(
                help,
                verbose,
                logFormat,
                config,
                listen,
                inherited,
                tlsDescriptors,
                readyDescriptor,
                stateDir);
    }

    private static String value(List<String> args, int at) {
        if (at == args.size() || args.get(at).isEmpty()) {
            throw new IllegalArgumentException("'" + args.get(at - 1) + "' needs a value");
        }
        return args.get(at);
    }

    private static int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no number of a descriptor", e);
        }
    }

    private static List<Boolean> kinds(String text) {
        List<Boolean> kinds = new ArrayList<>();
        for (String kind : text.split(",", -1)) {
            switch (kind) {
                case "tcp", "tls" -> kinds.add(false);
                case "unix" -> kinds.add(true);
                default ->
                        throw new IllegalArgumentException(
                                "an inherited socket is tcp, tls or unix, not '" + kind + "'");
            }
        }
        return kinds;
    }

    private static LogFormat logFormat(String text) {
        return LogFormat.of(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "the log format is text or json, not '" + text + "'"));
    }

    private static ListenAddress address(String text) {
        return ListenAddress.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'"
                                        + text
                                        + "' is no address: use /path, unix:/path, HOST:PORT or"
                                        + " :PORT"));
    }
}
