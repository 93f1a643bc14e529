package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.config.Strings;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;

/** Reads {@code listen}: the address of a pool, or the template of its workers' addresses. */
final class AddressReader {
    private static final String KEY = "listen";
    private static final String FORMS =
            "\"/PATH\", \"unix://MODE@/PATH\", \"@NAME\", \"HOST:PORT\", \":PORT\" or"
                    + " \"systemd:NAME\"";
    private static final String URL = "unix://";
    private static final String UNIX = "unix:";
    private static final String SYSTEMD = "systemd:";
    private static final String SIGN = "$(";
    private static final int OWNER_READS_AND_WRITES = 0600;

    /** The longest name of a descriptor; source: sd_listen_fds(3). */
    private static final int LONGEST_NAME = 255;

    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");

    /** The ports of workers: that of the first one, and what is added to it. */
    private static final Pattern PORTS = Pattern.compile("\\$\\((\\d{1,5})\\+(worker0?)\\)");

    private static final Pattern WORD = Pattern.compile("\\$\\([^)]*\\)?");
    private static final List<String> WORDS =
            List.of(PoolAddress.WORKER, PoolAddress.WORKER_FROM_0);

    private final PathReader paths;
    private final Problems problems;

    AddressReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.problems = problems;
    }

    /**
     * The address; empty if it is missing or wrong, which is reported.
     *
     * @param perWorker whether each worker has its own
     */
    Optional<PoolAddress> read(ObjectReader pool, boolean perWorker) {
        JsonValue given = pool.required(KEY, "pool has no 'listen'");
        if (given instanceof JsonValue.Numeral port) {
            problems.add(port.offset(), () -> portAlone(port.text()));
            return Optional.empty();
        }
        JsonValue.Text text = pool.asText(given, KEY, FORMS);
        if (text == null || !StringCheck.check(KEY, text, problems)) {
            return Optional.empty();
        }
        return address(text, perWorker);
    }

    /** The address of one socket; empty if it is wrong, which is reported. */
    Optional<PoolAddress> one(String key, JsonValue.Text text) {
        return StringCheck.check(key, text, problems) ? address(text, false) : Optional.empty();
    }

    private Optional<PoolAddress> address(JsonValue.Text text, boolean perWorker) {
        String value = text.value();
        if (Strings.isDigits(value)) {
            problems.add(text.offset(), () -> portAlone(value));
            return Optional.empty();
        }
        boolean isPath =
                value.startsWith("/")
                        || value.startsWith("./")
                        || value.startsWith("../")
                        || value.startsWith(UNIX);
        boolean isPort = !isPath && !value.startsWith("@") && !value.startsWith(SYSTEMD);
        if (isPort) {
            return port(text, perWorker);
        }
        if (!checkWords(text, perWorker)) {
            return Optional.empty();
        }
        if (value.startsWith(URL)) {
            return url(text);
        }
        if (isPath) {
            int from = value.startsWith(UNIX) ? UNIX.length() : 0;
            return path(text, from, ListenSpec.MODE);
        }
        return value.startsWith("@") ? abstractName(text) : systemd(text);
    }

    private static String portAlone(String port) {
        String shown = Problems.shown(port);
        return "'listen' is a port without a colon: write \":"
                + shown
                + "\" for all addresses of this machine, or \"127.0.0.1:"
                + shown
                + "\" for programs on it";
    }

    /** Whether all words to be replaced are known, and there are some if they are needed. */
    private boolean checkWords(JsonValue.Text text, boolean perWorker) {
        Matcher words = WORD.matcher(text.value());
        boolean any = false;
        while (words.find()) {
            String word = words.group();
            any = true;
            if (!WORDS.contains(word)) {
                problems.addInside(
                        text,
                        words.start(),
                        "'listen' may have "
                                + String.join(" and ", WORDS)
                                + " in it, found "
                                + Problems.shown(word));
                return false;
            }
            if (!perWorker) {
                problems.addInside(text, words.start(), word + " needs \"socket\": \"per-worker\"");
                return false;
            }
        }
        if (perWorker && !any) {
            problems.add(
                    text.offset(),
                    "with \"socket\": \"per-worker\", 'listen' needs $(worker) or $(worker0) in it");
        }
        return any == perWorker;
    }

    private Optional<PoolAddress> url(JsonValue.Text text) {
        String value = text.value();
        int at = value.indexOf('@');
        int slash = value.indexOf('/', URL.length());
        if (slash == URL.length()) {
            return path(text, slash, ListenSpec.MODE);
        }
        if (at < 0 || (slash >= 0 && slash < at)) {
            problems.badText("'listen'", FORMS, text);
            return Optional.empty();
        }
        String digits = value.substring(URL.length(), at);
        if (!MODE.matcher(digits).matches()) {
            problems.addInside(
                    text,
                    URL.length(),
                    "the mode in 'listen' must be octal digits such as 660, found \""
                            + Problems.shown(digits)
                            + "\"");
            return Optional.empty();
        }
        int mode = Integer.parseInt(digits, 8);
        if ((mode & OWNER_READS_AND_WRITES) != OWNER_READS_AND_WRITES) {
            problems.addInside(
                    text, URL.length(), "the mode in 'listen' must let the owner read and write");
            return Optional.empty();
        }
        return path(text, at + 1, mode);
    }

    private Optional<PoolAddress> path(JsonValue.Text text, int from, int mode) {
        if (text.value().startsWith("@", from)) {
            problems.addInside(
                    text,
                    from,
                    "an abstract name in 'listen' is written \"@NAME\", without a mode");
            return Optional.empty();
        }
        int start = text.value().startsWith("./", from) ? from + 2 : from;
        Optional<Path> path = paths.resolve(KEY, text, start);
        if (path.isPresent() && path.get().getFileName() == null) {
            problems.badText("'listen'", FORMS, text);
            return Optional.empty();
        }
        return path.map(p -> new PoolAddress.UnixPath(p, mode));
    }

    private Optional<PoolAddress> abstractName(JsonValue.Text text) {
        String name = text.value().substring(1);
        if (name.isEmpty()) {
            problems.badText("'listen'", FORMS, text);
            return Optional.empty();
        }
        return Optional.of(new PoolAddress.AbstractName(name));
    }

    private Optional<PoolAddress> systemd(JsonValue.Text text) {
        String name = text.value().substring(SYSTEMD.length());
        boolean good =
                !name.isEmpty()
                        && name.length() <= LONGEST_NAME
                        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
        if (!good) {
            problems.badText("'listen'", "systemd: and the name of a descriptor", text);
            return Optional.empty();
        }
        return Optional.of(new PoolAddress.FromSystemd(name));
    }

    private Optional<PoolAddress> port(JsonValue.Text text, boolean perWorker) {
        String value = text.value();
        int colon = value.lastIndexOf(':');
        Optional<String> host =
                colon < 0 ? Optional.empty() : HostText.parse(value.substring(0, colon));
        if (host.isEmpty()) {
            problems.badText("'listen'", FORMS, text);
            return Optional.empty();
        }
        String digits = value.substring(colon + 1);
        OptionalInt port =
                perWorker ? firstPort(text, colon + 1, digits) : onePort(text, colon + 1, digits);
        return port.isEmpty()
                ? Optional.empty()
                : Optional.of(new PoolAddress.TcpPort(host.get(), port.getAsInt()));
    }

    private OptionalInt onePort(JsonValue.Text text, int at, String digits) {
        if (digits.startsWith(SIGN)) {
            problems.addInside(
                    text, at, Problems.shown(digits) + " needs \"socket\": \"per-worker\"");
            return OptionalInt.empty();
        }
        return port(text, at, digits);
    }

    private OptionalInt firstPort(JsonValue.Text text, int at, String digits) {
        Matcher ports = PORTS.matcher(digits);
        if (!ports.matches()) {
            String base = Strings.isDigits(digits) ? digits : "9000";
            problems.addInside(
                    text,
                    at,
                    "with \"socket\": \"per-worker\", the port in 'listen' must be like $("
                            + Problems.shown(base)
                            + "+worker0), found \""
                            + Problems.shown(digits)
                            + "\"");
            return OptionalInt.empty();
        }
        OptionalInt base = port(text, at + SIGN.length(), ports.group(1));
        int more = ports.group(2).equals("worker") ? 1 : 0;
        return base.isEmpty() ? base : OptionalInt.of(base.getAsInt() + more);
    }

    private OptionalInt port(JsonValue.Text text, int at, String digits) {
        int port = Strings.isDigits(digits) && digits.length() <= 5 ? Integer.parseInt(digits) : 0;
        if (port >= 1 && port <= PoolAddress.TcpPort.LAST) {
            return OptionalInt.of(port);
        }
        problems.addInside(
                text,
                at,
                "the port in 'listen' must be a number from 1 to 65535, found \""
                        + Problems.shown(digits)
                        + "\"");
        return OptionalInt.empty();
    }
}
