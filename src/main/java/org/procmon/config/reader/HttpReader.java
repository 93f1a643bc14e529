package org.procmon.config.reader;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.config.PoolSpec;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpLimits;
import org.procmon.config.http.HttpRoute;
import org.procmon.config.http.HttpSpec;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;

/** Reads {@code http}. */
final class HttpReader {
    static final String KEY = "http";

    /** The keys of the process that serves it; all others say what it serves. */
    private static final List<String> OF_PROCESS = List.of("user", "group", "instances", "env");

    static final int MOST_REQUESTS = 100_000;
    private static final int LARGEST_HEADER = 1 << 20;

    private final ReadContext readContext;
    private final Problems problems;
    private final PathReader paths;
    private final AddressReader addresses;
    private final HttpRouteReader routes;
    private final HttpAccessReader accesses;

    /**
     * @param dropIns the drop-in folders by their names
     */
    HttpReader(ReadContext readContext, Problems problems, Map<String, Path> dropIns) {
        this.readContext = readContext;
        this.problems = problems;
        this.paths = new PathReader(readContext, problems);
        this.addresses = new AddressReader(paths, problems);
        this.accesses = new HttpAccessReader(paths, problems);
        this.routes = new HttpRouteReader(paths, addresses, dropIns, problems);
    }

    /** What was read: the front, and the process that serves it. */
    record Found(HttpSpec spec, ProcessEntry process, List<HttpRouteReader.PoolName> poolNames) {}

    /** Empty if there is no such key. */
    Optional<Found> read(ObjectReader top) {
        JsonValue.Members object = top.object(KEY);
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader http = new ObjectReader(object, Keys.HTTP, problems);
        List<ListenSpec> listen = listen(http);
        HttpAccess access = accesses.read(http);
        List<HttpRoute> found = new ArrayList<>();
        JsonValue _ = http.required("routes", "'http' has no 'routes'");
        HttpRoute.Balance balance = HttpRouteReader.balance(http, problems);
        for (JsonValue.Members route : http.objects("routes")) {
            routes.read(route, balance, access).ifPresent(found::add);
        }
        checkControl(http, listen, found);
        HttpSpec spec =
                new HttpSpec(
                        listen,
                        hosts(http),
                        found,
                        access,
                        limits(http),
                        accessLog(http),
                        sendable(http),
                        http.flag("compress", false));
        return Optional.of(new Found(spec, process(object, spec), routes.poolNames()));
    }

    /** Whoever reaches the queries without a password can stop every process. */
    private void checkControl(ObjectReader http, List<ListenSpec> listen, List<HttpRoute> found) {
        boolean isControlled =
                found.stream()
                        .anyMatch(one ->
                                one.target() instanceof HttpRoute.Target.Control && !one.auth());
        if (isControlled && HttpSpec.isOpen(listen)) {
            problems.add(
                    http.offset("listen"),
                    "with \"serve\": \"control\" and without 'auth', 'http' listens on this machine"
                            + " only: use \"127.0.0.1:PORT\" or a Unix socket, or add 'auth'");
        }
    }

    /** Reports the pools that routes name and that do not exist, or cannot be reached. */
    void checkPools(Found found, List<PoolSpec> pools) {
        Map<String, PoolSpec> byId = new HashMap<>();
        pools.forEach(pool -> byId.put(pool.id(), pool));
        for (HttpRouteReader.PoolName name : found.poolNames()) {
            PoolSpec pool = byId.get(name.id());
            String shown = "pool '" + Problems.shown(name.id()) + "'";
            if (pool == null) {
                problems.add(name.offset(), "there is no " + shown);
            } else if (!HttpRouteReader.isReachable(pool.listen().address())) {
                problems.add(name.offset(), shown + " listens on " + HttpRouteReader.UNREACHABLE);
            }
        }
    }

    private List<ListenSpec> listen(ObjectReader http) {
        JsonValue _ = http.required("listen", "'http' has no 'listen'");
        List<ListenSpec> sockets = new ArrayList<>();
        List<JsonValue> given = http.oneOrMore("listen");
        for (JsonValue value : given) {
            JsonValue.Text text = http.asText(value, "listen", "an address");
            Optional<PoolAddress> address =
                    text == null ? Optional.empty() : addresses.one("listen", text);
            if (address.isPresent() && address.get() instanceof PoolAddress.AbstractName) {
                problems.add(value.offset(), "'http' cannot listen on an abstract name");
            } else {
                address.ifPresent(one ->
                        sockets.add(
                                new ListenSpec(
                                        one,
                                        Optional.empty(),
                                        Optional.empty(),
                                        ListenSpec.BACKLOG)));
            }
        }
        if (http.has("listen") && given.isEmpty()) {
            problems.add(http.offset("listen"), "'listen' of 'http' has no address");
        }
        if (given.size() > HttpSpec.MOST_SOCKETS) {
            problems.add(
                    http.offset("listen"),
                    "'listen' of 'http' has more than " + HttpSpec.MOST_SOCKETS + " addresses");
        }
        return sockets;
    }

    private List<Path> sendable(ObjectReader http) {
        List<Path> folders = new ArrayList<>();
        for (JsonValue value : http.oneOrMore("x_sendfile")) {
            JsonValue.Text text = http.asText(value, "x_sendfile", "a directory");
            if (text != null) {
                paths.resolve("x_sendfile", text, 0).ifPresent(folders::add);
            }
        }
        return folders;
    }

    private Set<String> hosts(ObjectReader http) {
        Set<String> hosts = new HashSet<>();
        for (JsonValue value : http.oneOrMore("hosts")) {
            JsonValue.Text text = http.asText(value, "hosts", "a host name");
            if (text != null) {
                hosts.add(text.value().toLowerCase(Locale.ROOT));
            }
        }
        return hosts;
    }

    private HttpLimits limits(ObjectReader http) {
        JsonValue.Members object = http.object("limits");
        HttpLimits usual = HttpLimits.DEFAULT;
        if (object == null) {
            return usual;
        }
        ObjectReader own = new ObjectReader(object, Keys.HTTP_LIMITS, problems);
        long header = own.size("header", usual.header());
        if (header < 1 || header > LARGEST_HEADER) {
            problems.add(own.offset("header"), "'header' must be from 1 byte to 1 MB");
            header = usual.header();
        }
        return new HttpLimits(
                (int) header,
                own.size("body", usual.body()),
                positive(own, "request_timeout", usual.requestTimeout()),
                positive(own, "idle_timeout", usual.idleTimeout()),
                own.count("requests", 1, MOST_REQUESTS, usual.requests()),
                own.count("queue", 0, MOST_REQUESTS, usual.queue()),
                positive(own, "queue_timeout", usual.queueTimeout()),
                own.count("connections", 1, MOST_REQUESTS, usual.connections()),
                own.count("connections_per_address", 1, MOST_REQUESTS, usual.connections()),
                positive(own, "header_timeout", usual.headerTimeout()),
                own.size("body_rate", usual.bodyRate()));
    }

    private Duration positive(ObjectReader own, String key, Duration usual) {
        Duration given = own.duration(key, usual);
        if (given.isZero()) {
            problems.add(own.offset(key), "'" + key + "' must be longer than 0");
            return usual;
        }
        return given;
    }

    private Optional<HttpSpec.AccessLog> accessLog(ObjectReader http) {
        JsonValue.Text text = http.text("access_log");
        if (text == null) {
            return Optional.empty();
        }
        return switch (text.value()) {
            case "combined" -> Optional.of(HttpSpec.AccessLog.COMBINED);
            case "json" -> Optional.of(HttpSpec.AccessLog.JSON);
            default -> {
                problems.badText("'access_log'", "\"combined\" or \"json\"", text);
                yield Optional.empty();
            }
        };
    }

    /** The process, as if it stood among the others. */
    private ProcessEntry process(JsonValue.Members object, HttpSpec spec) {
        Map<String, JsonValue.Member> members = new LinkedHashMap<>(object.members());
        members.keySet().retainAll(OF_PROCESS);
        int at = object.offset();
        put(members, at, "id", new JsonValue.Text(at, HttpSpec.PROCESS));
        List<JsonValue> words = new ArrayList<>();
        for (String word : HttpProgram.command(spec)) {
            words.add(new JsonValue.Text(at, word));
        }
        put(members, at, "exec", new JsonValue.Items(at, words, true));
        put(members, at, "restart", new JsonValue.Text(at, "always"));
        List<JsonValue> watched = new ArrayList<>();
        for (Path file : HttpProgram.handed(spec)) {
            watched.add(new JsonValue.Text(at, BytePath.text(file)));
        }
        if (!watched.isEmpty()) {
            put(members, at, "watch", new JsonValue.Items(at, watched, true));
        }
        Map<String, JsonValue.Member> ready = new LinkedHashMap<>();
        put(
                ready,
                at,
                "fd",
                new JsonValue.Numeral(at, Integer.toString(HttpSpec.READY_DESCRIPTOR)));
        put(members, at, "ready", new JsonValue.Members(at, ready, true));
        ProcessEntry read =
                new ProcessReader(KEY, readContext, problems)
                        .read(new JsonValue.Members(at, members, object.whole()));
        return new ProcessEntry(
                HttpProgram.listening(read.spec(), spec),
                read.idOffset(),
                read.needs(),
                read.files(),
                read.instances(),
                object);
    }

    private static void put(
            Map<String, JsonValue.Member> members, int at, String key, JsonValue value) {
        members.put(key, new JsonValue.Member(at, value));
    }
}
