package org.procmon.front.publish;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.procmon.bytes.BytePath;
import org.procmon.config.MonitorSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.http.HttpAccess;
import org.procmon.config.http.HttpLimits;
import org.procmon.config.http.HttpRoute;
import org.procmon.config.http.HttpRoute.Target;
import org.procmon.config.http.HttpSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.SocketSharing;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the HTTP front serves, as JSON: the configuration with the addresses in place of the names
 * of pools and folders. Its reader is {@code org.procmon.front.config}.
 */
final class FrontConfigWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, PoolSpec> pools = new TreeMap<>();

    FrontConfigWriter(MonitorSpec spec) {
        spec.pools().forEach(pool -> pools.put(pool.id(), pool));
    }

    byte[] json(HttpSpec http) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("routes");
            http.routes().forEach(route -> write(out, route));
            out.writeEndArray();
            access(out, http.access());
            limits(out, http.limits());
            http.accessLog().ifPresent(log -> out.writeStringProperty("accessLog", log.name()));
            strings(out, "hosts", http.hosts().stream().sorted().toList());
            out.writeBooleanProperty("compress", http.compress());
            strings(out, "sendable", http.sendable().stream().map(BytePath::text).toList());
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void write(JsonGenerator out, HttpRoute route) {
        out.writeStartObject();
        route.host().ifPresent(host -> out.writeStringProperty("host", host));
        out.writeStringProperty("path", route.path());
        route.match().ifPresent(match -> out.writeStringProperty("match", match));
        out.writeBooleanProperty("strip", route.strip());
        out.writeBooleanProperty("internal", route.internal());
        switch (route.target()) {
            case Target.Control _ -> out.writeBooleanProperty("control", true);
            case Target.Pool pool -> {
                out.writeObjectPropertyStart("application");
                out.writeStringProperty("name", pool.id());
                members(out, addresses(pool.id()), pool.balance(), pool.root());
                bell(out, Optional.ofNullable(pools.get(pool.id())));
                requests(out, route);
                out.writeEndObject();
            }
            case Target.Members members -> {
                out.writeObjectPropertyStart("application");
                members(
                        out,
                        members.members().stream().map(FrontConfigWriter::text).toList(),
                        members.balance(),
                        members.root());
                requests(out, route);
                out.writeEndObject();
            }
            case Target.DropIns(var directory) -> folder(out, BytePath.text(directory), route);
            case Target.Files files -> files(out, files);
        }
        out.writeBooleanProperty("auth", route.auth());
        route.authorizer().ifPresent(pool -> strings(out, "authorizer", addresses(pool)));
        out.writeEndObject();
    }

    private List<String> addresses(String id) {
        PoolSpec pool = pools.get(id);
        if (pool == null) {
            return List.of();
        }
        int sockets = pool.sharing() == SocketSharing.SHARED ? 1 : pool.workers().max();
        List<String> addresses = new ArrayList<>();
        for (int worker = 1; worker <= sockets; worker++) {
            addresses.add(text(pool.address(worker)));
        }
        return addresses;
    }

    private static void members(
            JsonGenerator out,
            List<String> members,
            HttpRoute.Balance balance,
            Optional<Path> root) {
        strings(out, "members", members);
        out.writeStringProperty("balance", balance.name());
        root.ifPresent(path -> out.writeStringProperty("root", BytePath.text(path)));
    }

    private static void requests(JsonGenerator out, HttpRoute route) {
        route.requests().ifPresent(most -> out.writeNumberProperty("requests", most));
    }

    private static void bell(JsonGenerator out, Optional<PoolSpec> pool) {
        pool.flatMap(PoolSpec::bell).ifPresent(bell -> out.writeStringProperty("bell", text(bell)));
    }

    /** The pools whose programs are in the folder. */
    private void folder(JsonGenerator out, String directory, HttpRoute route) {
        String prefix = directory.endsWith("/") ? directory : directory + "/";
        out.writeObjectPropertyStart("folder");
        out.writeStringProperty("directory", directory);
        out.writeObjectPropertyStart("programs");
        for (PoolSpec pool : pools.values()) {
            String program = pool.template().exec().argv().getFirst();
            if (program.startsWith(prefix)) {
                out.writeObjectPropertyStart(program.substring(prefix.length()));
                out.writeStringProperty("name", pool.id());
                strings(out, "members", List.of(text(pool.address(1))));
                bell(out, Optional.of(pool));
                requests(out, route);
                out.writeEndObject();
            }
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void files(JsonGenerator out, Target.Files files) {
        out.writeObjectPropertyStart("files");
        out.writeStringProperty("directory", BytePath.text(files.directory()));
        strings(out, "index", files.index());
        out.writeBooleanProperty("listing", files.listing());
        out.writeBooleanProperty("hidden", files.hidden());
        out.writeEndObject();
    }

    private static void access(JsonGenerator out, HttpAccess access) {
        out.writeObjectPropertyStart("access");
        strings(out, "trustedProxies", access.trustedProxies());
        access.tls()
                .ifPresent(tls -> {
                    out.writeObjectPropertyStart("tls");
                    out.writeStringProperty("certificate", BytePath.text(tls.certificate()));
                    out.writeStringProperty("key", BytePath.text(tls.key()));
                    out.writeEndObject();
                });
        access.auth()
                .ifPresent(auth -> {
                    out.writeObjectPropertyStart("auth");
                    path(out, "users", auth.users());
                    path(out, "tokens", auth.tokens());
                    out.writeNumberProperty("sessionMillis", auth.session().toMillis());
                    out.writeEndObject();
                });
        out.writeEndObject();
    }

    private static void path(JsonGenerator out, String name, Optional<Path> path) {
        path.ifPresent(file -> out.writeStringProperty(name, BytePath.text(file)));
    }

    private static void limits(JsonGenerator out, HttpLimits limits) {
        out.writeObjectPropertyStart("limits");
        out.writeNumberProperty("headerBytes", limits.header());
        out.writeNumberProperty("bodyBytes", limits.body());
        out.writeNumberProperty("requestMillis", limits.requestTimeout().toMillis());
        out.writeNumberProperty("idleMillis", limits.idleTimeout().toMillis());
        out.writeNumberProperty("requests", limits.requests());
        out.writeNumberProperty("queue", limits.queue());
        out.writeNumberProperty("queueMillis", limits.queueTimeout().toMillis());
        out.writeNumberProperty("connections", limits.connections());
        out.writeNumberProperty("connectionsPerAddress", limits.connectionsPerAddress());
        out.writeNumberProperty("headMillis", limits.headerTimeout().toMillis());
        out.writeNumberProperty("bodyRate", limits.bodyRate());
        out.writeEndObject();
    }

    private static void strings(JsonGenerator out, String name, List<String> values) {
        out.writeArrayPropertyStart(name);
        values.forEach(out::writeString);
        out.writeEndArray();
    }

    private static String text(PoolAddress address) {
        return switch (address) {
            case PoolAddress.UnixPath(var path, _) -> "unix:" + BytePath.text(path);
            case PoolAddress.AbstractName(String name) -> "unix:@" + name;
            case PoolAddress.TcpPort(String host, int port) ->
                    (host.isEmpty() ? "127.0.0.1" : host) + ":" + port;
            case PoolAddress.FromSystemd(String name) -> "systemd:" + name;
        };
    }
}
