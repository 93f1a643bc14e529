package org.procmon.config.reader;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.config.Probe;
import org.procmon.config.Strings;

/** Reads the keys for probing a process. */
final class ProbeReader {
    static final List<String> KEYS = List.of("tcp", "unix", "http", "exec");

    static final String ONLY_HTTPS = "'insecure' is for a URL that begins with https://";

    private static final String TCP = "\"HOST:PORT\" or \":PORT\"";
    private static final String HTTP = "a URL such as \"http://localhost:8080/health\"";
    private static final int LAST_PORT = 65_535;

    /** The longest path of a Unix socket, in bytes; source: unix(7). */
    private static final int LONGEST_PATH = 107;

    private final PathReader paths;
    private final Problems problems;

    ProbeReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.problems = problems;
    }

    /**
     * The only one of several keys that is present; null if none or more are, which is reported.
     */
    @Nullable String only(ObjectReader objectReader, List<String> keys, String what) {
        List<String> given = new ArrayList<>();
        for (String key : keys) {
            if (objectReader.has(key)) {
                given.add(key);
            }
        }
        if (given.size() == 1) {
            return given.getFirst();
        }
        String found = given.isEmpty() ? "none" : String.join(" and ", given);
        problems.add(
                objectReader.offset(),
                what + " needs one of " + String.join(", ", keys) + ", found " + found);
        return null;
    }

    Optional<Probe> read(ObjectReader objectReader, String key) {
        Optional<Probe> probe = readKey(objectReader, key);
        JsonValue insecure = objectReader.value("insecure");
        boolean isEncrypted =
                probe.isPresent() && probe.get() instanceof Probe.Http http && http.isEncrypted();
        if (insecure != null && probe.isPresent() && !isEncrypted) {
            problems.add(insecure.offset(), ONLY_HTTPS);
        }
        return probe;
    }

    private Optional<Probe> readKey(ObjectReader objectReader, String key) {
        return switch (key) {
            case "tcp" -> tcp(objectReader);
            case "unix" -> unix(objectReader);
            case "http" -> http(objectReader);
            case "exec" ->
                    Optional.of(
                            new Probe.Run(
                                    new ExecReader(problems)
                                            .read(objectReader, "probe has no 'exec'")));
            default -> throw new IllegalArgumentException("no probe is called " + key);
        };
    }

    private Optional<Probe> tcp(ObjectReader objectReader) {
        JsonValue.Text text = objectReader.asText(objectReader.value("tcp"), "tcp", TCP);
        if (text == null) {
            return Optional.empty();
        }
        int colon = text.value().lastIndexOf(':');
        int port = colon < 0 ? -1 : port(text.value().substring(colon + 1));
        String host = colon < 0 ? "" : text.value().substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (port < 0 || (!bracketed && host.indexOf(':') >= 0) || host.indexOf(' ') >= 0) {
            problems.badText("'tcp'", TCP, text);
            return Optional.empty();
        }
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        return Optional.of(new Probe.Tcp(bare, port));
    }

    private static int port(String text) {
        int port = Strings.isDigits(text) && text.length() <= 5 ? Integer.parseInt(text) : -1;
        return port >= 1 && port <= LAST_PORT ? port : -1;
    }

    private Optional<Probe> unix(ObjectReader objectReader) {
        Optional<Path> path = paths.read(objectReader, "unix");
        JsonValue jsonValue = objectReader.value("unix");
        if (path.isPresent()
                && jsonValue != null
                && path.get().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            problems.add(
                    jsonValue.offset(),
                    "'unix' is longer than the " + LONGEST_PATH + " bytes of a socket's path");
            return Optional.empty();
        }
        return path.map(Probe.Unix::new);
    }

    private Optional<Probe> http(ObjectReader objectReader) {
        JsonValue.Text text = objectReader.asText(objectReader.value("http"), "http", HTTP);
        if (text == null) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.value());
            boolean good =
                    ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                            && url.getHost() != null
                            && url.getUserInfo() == null
                            && url.getPort() <= LAST_PORT
                            && url.getPort() != 0;
            if (good) {
                return Optional.of(new Probe.Http(url, objectReader.flag("insecure", false)));
            }
        } catch (URISyntaxException _) {
            // Reported below, like any other invalid URL.
        }
        problems.badText("'http'", HTTP, text);
        return Optional.empty();
    }
}
