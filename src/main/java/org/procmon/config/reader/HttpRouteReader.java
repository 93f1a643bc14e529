package org.procmon.config.reader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpRoute;
import org.procmon.config.http.HttpRoute.Balance;
import org.procmon.config.http.HttpRoute.Target;
import org.procmon.config.pool.PoolAddress;

/** Reads one entry of {@code routes}. */
final class HttpRouteReader {
    private static final List<String> TARGETS =
            List.of("serve", "pool", "members", "dropin", "static");
    private static final String REQUESTS = "requests";
    private static final String BALANCES =
            Arrays.stream(Balance.values())
                    .map(one -> '"' + one.word() + '"')
                    .collect(Collectors.joining(", "));

    static final String UNREACHABLE =
            "an abstract name or a socket of systemd, which 'http' cannot connect to";

    private final PathReader paths;
    private final AddressReader addresses;
    private final Map<String, Path> dropIns;
    private final Problems problems;
    private final List<PoolName> poolNames = new ArrayList<>();

    /** The name of a pool, and its place. */
    record PoolName(String id, int offset) {}

    HttpRouteReader(
            PathReader paths,
            AddressReader addresses,
            Map<String, Path> dropIns,
            Problems problems) {
        this.paths = paths;
        this.addresses = addresses;
        this.dropIns = dropIns;
        this.problems = problems;
    }

    /** The value of {@code balance}, or the default. */
    static Balance balance(ObjectReader reader, Problems problems) {
        JsonValue.Text text = reader.text("balance");
        if (text == null) {
            return Balance.LEAST_CONNECTION;
        }
        for (Balance balance : Balance.values()) {
            if (balance.word().equals(text.value())) {
                return balance;
            }
        }
        problems.badText("'balance'", "one of " + BALANCES, text);
        return Balance.LEAST_CONNECTION;
    }

    /**
     * The route; empty if something is wrong with it, which is reported.
     *
     * @param access with {@code auth}, the queries of the monitor are for those that log in
     * @param usual the balance of routes that say nothing of it
     */
    Optional<HttpRoute> read(JsonValue.Members object, Balance usual, HttpAccess access) {
        int before = problems.count();
        ObjectReader route = new ObjectReader(object, Keys.ROUTE, problems);
        Balance balance = route.has("balance") ? balance(route, problems) : usual;
        Optional<String> match = text(route, "match");
        Optional<Target> target = target(route, balance, match.isPresent());
        String path = path(route);
        Optional<String> host = text(route, "host");
        boolean strip = route.flag("strip", false);
        Optional<String> authorizer = poolName(route, "authorizer");
        boolean auth = auth(route, access, target);
        OptionalInt requests = requests(route, target);
        boolean internal = route.flag("internal", false);
        return problems.count() > before || target.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new HttpRoute(
                                host,
                                path,
                                match,
                                strip,
                                target.get(),
                                auth,
                                authorizer,
                                requests,
                                internal));
    }

    /** Whether clients have to log in; those of the queries do if they can. */
    private boolean auth(ObjectReader route, HttpAccess access, Optional<Target> target) {
        boolean hasAuth = access.auth().isPresent();
        boolean isControl = target.map(Target.Control.class::isInstance).orElse(false);
        boolean auth = route.flag("auth", hasAuth && isControl);
        if (auth && !hasAuth) {
            problems.add(
                    route.offset("auth"),
                    "'auth' of a route needs 'auth' of 'http', with the users or the tokens");
        }
        return auth;
    }

    private OptionalInt requests(ObjectReader route, Optional<Target> target) {
        if (!route.has(REQUESTS)) {
            return OptionalInt.empty();
        }
        boolean isApplication =
                target.filter(one ->
                                one instanceof Target.Pool
                                        || one instanceof Target.Members
                                        || one instanceof Target.DropIns)
                        .isPresent();
        if (target.isPresent() && !isApplication) {
            problems.add(
                    route.offset(REQUESTS),
                    "'requests' is for 'pool', 'members' and 'dropin'; leave it out");
        }
        return OptionalInt.of(route.count(REQUESTS, 1, HttpReader.MOST_REQUESTS, 1));
    }

    private static Optional<String> text(ObjectReader route, String key) {
        JsonValue.Text text = route.text(key);
        return text == null ? Optional.empty() : Optional.of(text.value());
    }

    private Optional<String> poolName(ObjectReader route, String key) {
        JsonValue.Text text = route.text(key);
        if (text == null) {
            return Optional.empty();
        }
        poolNames.add(new PoolName(text.value(), text.offset()));
        return Optional.of(text.value());
    }

    /** Whether {@code http_proc} can connect to it. */
    static boolean isReachable(PoolAddress address) {
        return address instanceof PoolAddress.UnixPath || address instanceof PoolAddress.TcpPort;
    }

    /** The pools that routes name. */
    List<PoolName> poolNames() {
        return poolNames;
    }

    private String path(ObjectReader route) {
        JsonValue.Text text = route.text("path");
        if (text != null && !text.value().startsWith("/")) {
            problems.badText("'path'", "a path from the first slash on, such as \"/apps/\"", text);
        }
        return text == null ? "/" : text.value();
    }

    private Optional<Target> target(ObjectReader route, Balance balance, boolean hasMatch) {
        List<String> given = TARGETS.stream().filter(route::has).toList();
        if (given.size() != 1) {
            problems.add(
                    given.isEmpty() ? route.offset() : route.offset(given.get(1)),
                    "a route has one of "
                            + TARGETS.stream()
                                    .map(key -> "'" + key + "'")
                                    .collect(Collectors.joining(", ")));
            return Optional.empty();
        }
        String key = given.getFirst();
        boolean isApplication = key.equals("pool") || key.equals("members");
        Optional<Path> root = paths.read(route, "root");
        if (hasMatch && (!isApplication || root.isEmpty())) {
            problems.add(
                    route.offset("match"),
                    "'match' needs 'pool' or 'members', and a 'root' with the scripts");
        }
        return switch (key) {
            case "serve" -> control(route);
            case "pool" -> poolName(route, "pool").map(id -> new Target.Pool(id, balance, root));
            case "members" -> Optional.of(new Target.Members(members(route), balance, root));
            case "dropin" -> dropIn(route);
            default -> files(route);
        };
    }

    private Optional<Target> control(ObjectReader route) {
        JsonValue.Text text = route.text("serve");
        if (text != null && !text.value().equals("control")) {
            problems.badText("'serve'", "\"control\"", text);
            return Optional.empty();
        }
        return Optional.of(new Target.Control());
    }

    private List<PoolAddress> members(ObjectReader route) {
        List<PoolAddress> members = new ArrayList<>();
        for (JsonValue value : route.oneOrMore("members")) {
            JsonValue.Text text = route.asText(value, "members", "an address");
            Optional<PoolAddress> address =
                    text == null ? Optional.empty() : addresses.one("members", text);
            if (address.isPresent() && !isReachable(address.get())) {
                problems.add(value.offset(), "'members' names " + UNREACHABLE);
            }
            address.ifPresent(members::add);
        }
        if (members.isEmpty()) {
            problems.add(route.offset("members"), "'members' has no address");
        }
        return members;
    }

    private Optional<Target> dropIn(ObjectReader route) {
        JsonValue.Text text = route.text("dropin");
        if (text == null) {
            return Optional.empty();
        }
        Path directory = dropIns.get(text.value());
        if (directory == null) {
            problems.add(
                    text.offset(),
                    "there is no entry '"
                            + Problems.shown(text.value())
                            + "' in 'dropins'"
                            + (dropIns.isEmpty()
                                    ? ""
                                    : ", which has " + String.join(", ", dropIns.keySet())));
            return Optional.empty();
        }
        return Optional.of(new Target.DropIns(directory));
    }

    private Optional<Target> files(ObjectReader route) {
        JsonValue.Members object = route.object("static");
        if (object == null) {
            return Optional.empty();
        }
        ObjectReader files = new ObjectReader(object, Keys.STATIC, problems);
        JsonValue _ = files.required("directory", "'static' has no 'directory'");
        List<String> index = new ArrayList<>();
        for (JsonValue value : files.oneOrMore("index")) {
            JsonValue.Text text = files.asText(value, "index", "a file name");
            if (text != null) {
                index.add(text.value());
            }
        }
        boolean listing = files.flag("listing", false);
        boolean hidden = files.flag("hidden", false);
        return paths.read(files, "directory")
                .map(directory ->
                        new Target.Files(
                                directory,
                                files.has("index") ? index : List.of("index.html"),
                                listing,
                                hidden));
    }
}
