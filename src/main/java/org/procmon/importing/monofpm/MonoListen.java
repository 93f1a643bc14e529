package org.procmon.importing.monofpm;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.ListenText;

/**
 * The setting {@code socket}, with {@code filename}, {@code address} and {@code port} if it does
 * not say all.
 *
 * <p>Source: {@code fastcgi-mono-server4 --help}; mono-fpm's README, "Permissions".
 */
final class MonoListen {
    private static final Pattern UNIX_URI =
            Pattern.compile("(?:unix|file)://(?:([^@/]*)@)?(/.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TCP_URI =
            Pattern.compile("tcp://(.*):([^:]*)", Pattern.CASE_INSENSITIVE);
    private static final String USUAL_FILE = "/tmp/fastcgi-mono-server";
    private static final String USUAL_PORT = "9000";
    private static final String USUAL_ADDRESS = "127.0.0.1";

    /** How an abstract name starts. */
    private static final String NUL = "\\0";

    private MonoListen() {}

    /** The key {@code listen} of a pool. */
    static String of(MonoSettings settings, SourceLocation start) throws ImportAborted {
        Setting socket = settings.of("socket");
        if (socket == null) {
            throw ImportAborted.at(start, "there is no setting 'socket', so it has no address");
        }
        Matcher unix = UNIX_URI.matcher(socket.value());
        if (unix.matches()) {
            String mode = unix.group(1);
            return ListenText.unix(socket, unix.group(2), mode == null ? "" : mode);
        }
        Matcher tcp = TCP_URI.matcher(socket.value());
        if (tcp.matches()) {
            return ListenText.tcp(socket, tcp.group(1), tcp.group(2));
        }
        String[] parts = socket.value().split(":", 2);
        String rest = parts.length > 1 ? parts[1] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "unix", "file" ->
                    path(socket, rest.isEmpty() ? settings.text("filename", USUAL_FILE) : rest);
            case "tcp" -> port(settings, socket, rest);
            case "pipe" ->
                    throw ImportAborted.at(
                            socket.spot(), "socket is 'pipe', so it has no address of its own");
            default ->
                    throw ImportAborted.at(
                            socket.spot(),
                            "socket must be such as unix://660@/PATH or tcp:ADDRESS:PORT");
        };
    }

    private static String path(Setting socket, String path) throws ImportAborted {
        return path.startsWith(NUL)
                ? ListenText.abstractName(socket, path.substring(NUL.length()))
                : ListenText.unix(socket, path, "");
    }

    private static String port(MonoSettings settings, Setting socket, String rest)
            throws ImportAborted {
        int colon = rest.lastIndexOf(':');
        String address =
                colon > 0 ? rest.substring(0, colon) : settings.text("address", USUAL_ADDRESS);
        String port =
                rest.isEmpty() ? settings.text("port", USUAL_PORT) : rest.substring(colon + 1);
        return ListenText.tcp(socket, address, port);
    }
}
