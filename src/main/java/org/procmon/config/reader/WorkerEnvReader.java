package org.procmon.config.reader;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.VariableName;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;

/** Reads {@code env_keep} and {@code allowed_clients}, which become variables of the workers. */
final class WorkerEnvReader {
    static final String KEEP = "env_keep";

    private static final String CLIENTS = "allowed_clients";

    /** FastCGI libraries refuse connections of all other addresses; source: FastCGI, 3.2. */
    private static final String ADDRESSES = "FCGI_WEB_SERVER_ADDRS";

    private final Map<String, String> environment;
    private final Problems problems;

    WorkerEnvReader(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * The variables of the workers.
     *
     * @param env those of the key {@code env}
     */
    Map<String, String> read(ObjectReader pool, Map<String, String> env, ListenSpec listen) {
        Map<String, String> variables = kept(pool);
        variables.putAll(env);
        clients(pool, listen).ifPresent(addresses -> variables.put(ADDRESSES, addresses));
        if (pool.has(CLIENTS) && env.containsKey(ADDRESSES)) {
            problems.add(
                    pool.offset(CLIENTS),
                    "'allowed_clients' sets "
                            + ADDRESSES
                            + ", which 'env' sets too; leave one out");
        }
        return variables;
    }

    private Map<String, String> kept(ObjectReader pool) {
        Map<String, String> kept = new LinkedHashMap<>();
        String what = "each entry of 'env_keep'";
        for (JsonValue jsonValue : pool.items(KEEP, "an array of names of variables")) {
            if (!(jsonValue instanceof JsonValue.Text text)) {
                problems.wrongKind(what, "the name of a variable", jsonValue);
            } else if (!VariableName.isValid(text.value())) {
                problems.badText(what, "the name of a variable", text);
            } else if (VariableName.isReserved(text.value())) {
                problems.add(text.offset(), "'" + text.value() + "' is set by procmon itself");
            } else if (environment.containsKey(text.value())) {
                kept.put(text.value(), environment.getOrDefault(text.value(), ""));
            }
        }
        return kept;
    }

    private Optional<String> clients(ObjectReader pool, ListenSpec listen) {
        List<String> clients = new ArrayList<>();
        String what = "each entry of 'allowed_clients'";
        String expected = "an IP address such as \"127.0.0.1\"";
        for (JsonValue jsonValue : pool.oneOrMore(CLIENTS)) {
            if (!(jsonValue instanceof JsonValue.Text text)) {
                problems.wrongKind(what, expected, jsonValue);
                continue;
            }
            Optional<InetAddress> client = HostText.address(text.value());
            if (client.isEmpty()) {
                problems.badText(what, expected, text);
            }
            client.ifPresent(_ -> clients.add(text.value()));
        }
        if (pool.has(CLIENTS) && isUnix(listen)) {
            problems.add(
                    pool.offset(CLIENTS),
                    "'allowed_clients' is for a TCP port; the mode of a Unix socket says who may"
                            + " connect");
        } else if (pool.value(CLIENTS) instanceof JsonValue.Items items
                && items.values().isEmpty()
                && items.whole()) {
            problems.add(items.offset(), "'allowed_clients' names no address");
        }
        return clients.isEmpty() ? Optional.empty() : Optional.of(String.join(",", clients));
    }

    private static boolean isUnix(ListenSpec listen) {
        return switch (listen.address()) {
            case PoolAddress.UnixPath _, PoolAddress.AbstractName _ -> ListenReader.isValid(listen);
            case PoolAddress.TcpPort _, PoolAddress.FromSystemd _ -> false;
        };
    }
}
