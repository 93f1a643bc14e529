package org.procmon.fcgiproc;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.listen.ListenAddress;
import org.procmon.log.LogFormat;

/**
 * The command line of {@code fcgi_proc}.
 *
 * @param help whether only to print the usage
 * @param verbose whether to log the start, and debug lines
 * @param logFormat how to write the log
 * @param bodyLimit the longest POST body, in bytes
 * @param listen where to listen; empty for the socket on descriptor 0
 * @param stateDir the monitor's state directory, if not the default
 * @param hosts names that browsers may use for this machine, in lower case
 */
record FcgiProcOptions(
        boolean help,
        boolean verbose,
        LogFormat logFormat,
        int bodyLimit,
        Optional<ListenAddress> listen,
        Optional<Path> stateDir,
        Set<String> hosts) {
    static final String USAGE =
            """
            usage: fcgi_proc [-h] [-v] [-l BYTES] [--listen ADDRESS] [--state-dir DIR] [--host NAME]...
                             [--log-format FORMAT]

            Answers ?list, ?status, ?start=NAME, ?stop=NAME and ?restart=NAME over FastCGI for a web
            server, and asks the procmon of this machine. It takes its listening socket on descriptor
            0, from lighttpd (bin-path), spawn-fcgi or procmon, or opens its own.

              -h, --help         show this
              -v, --verbose      log the start, and debug lines
              -l, --limit BYTES  the longest POST body (1024)
              --log-format FORMAT
                                 text or json, for the log on standard error
              --listen ADDRESS   /path, unix:/path, HOST:PORT, or :PORT on 127.0.0.1
              --state-dir DIR    the monitor's state directory ($PROCMON_STATE_DIR)
              --host NAME        a name by which browsers may know this machine; its own host name,
                                 its addresses and localhost are always fine
            """;

    private static final int MAX_BODY_LIMIT = 1 << 20;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong with it, for the user
     */
    static FcgiProcOptions parse(List<String> args) {
        boolean help = false;
        boolean verbose = false;
        LogFormat logFormat = LogFormat.TEXT;
        int bodyLimit = 1024;
        Optional<ListenAddress> listen = Optional.empty();
        Optional<Path> stateDir = Optional.empty();
        Set<String> hosts = new HashSet<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "-h", "--help" -> help = true;
                case "-v", "--verbose" -> verbose = true;
                case "-l", "--limit" -> bodyLimit = limit(value(args, ++i));
                case "--log-format" -> logFormat = logFormat(value(args, ++i));
                case "--listen" -> listen = Optional.of(address(value(args, ++i)));
                case "--state-dir" -> stateDir = Optional.of(BytePath.named(value(args, ++i)));
                case "--host" -> hosts.add(value(args, ++i).toLowerCase(Locale.ROOT));
                default -> throw new IllegalArgumentException("unknown argument '" + arg + "'");
            }
        }
        return new FcgiProcOptions(help, verbose, logFormat, bodyLimit, listen, stateDir, hosts);
    }

    private static String value(List<String> args, int at) {
        if (at == args.size() || args.get(at).isEmpty()) {
            throw new IllegalArgumentException("'" + args.get(at - 1) + "' needs a value");
        }
        return args.get(at);
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 0 && limit <= MAX_BODY_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number out of range is.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no number of bytes from 0 to " + MAX_BODY_LIMIT);
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
                                        + "' is no address: use /path, unix:/path,"
                                        + " HOST:PORT or :PORT"));
    }
}
