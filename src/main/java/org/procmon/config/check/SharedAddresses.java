package org.procmon.config.check;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.MonitorSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.Probe;
import org.procmon.config.ProcessSpec;
import org.procmon.config.ReadySignal;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.SocketSharing;

/**
 * Finds two processes that are asked at one address, so that at most one of them can listen there:
 * the other one would not start, or would seem ready as soon as the first is.
 */
final class SharedAddresses {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** The owner of an address: a process, or all instances of an entry. */
    private record Owner(String name, String key) {}

    private final Map<String, Owner> owners = new HashMap<>();
    private final List<ConfigFinding> findings = new ArrayList<>();

    private SharedAddresses() {}

    static List<ConfigFinding> findings(MonitorSpec spec) {
        SharedAddresses shared = new SharedAddresses();
        for (PoolSpec pool : spec.pools()) {
            if (pool.sharing() == SocketSharing.SHARED) {
                address(pool.listen().address())
                        .ifPresent(at -> shared.add(pool.id(), pool.id(), "listen", at));
            }
        }
        for (ProcessSpec process : spec.processes()) {
            shared.add(process);
        }
        return shared.findings;
    }

    private void add(ProcessSpec process) {
        String owner = process.instance().map(instance -> instance.group()).orElse(process.id());
        process.checks()
                .ready()
                .map(ready -> ready.sign())
                .filter(ReadySignal.Answers.class::isInstance)
                .flatMap(sign -> address(((ReadySignal.Answers) sign).probe()))
                .ifPresent(at -> add(process.id(), owner, "ready", at));
        process.checks()
                .health()
                .flatMap(health -> address(health.probe()))
                .ifPresent(at -> add(process.id(), owner, "health", at));
    }

    private void add(String process, String owner, String key, String address) {
        Owner first = owners.putIfAbsent(address, new Owner(owner, key));
        if (first != null && !first.name().equals(owner)) {
            findings.add(
                    new ConfigFinding(
                            process,
                            List.of(key),
                            "'%s' of '%s' has the same address, %s; only one of them can listen there"
                                    .formatted(first.key(), first.name(), address)));
        }
    }

    private static Optional<String> address(Probe probe) {
        return switch (probe) {
            case Probe.Tcp tcp -> Optional.of(tcp(tcp.host(), tcp.port()));
            case Probe.Unix unix -> Optional.of(unix.socket().toString());
            case Probe.Http http -> http(http.url());
            case Probe.Run _ -> Optional.empty();
        };
    }

    private static Optional<String> http(URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        int port =
                url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? HTTPS : HTTP;
        // Another machine may well serve several of them.
        return isOwn(host) ? Optional.of(tcp(host, port)) : Optional.empty();
    }

    private static Optional<String> address(PoolAddress address) {
        return switch (address) {
            case PoolAddress.UnixPath unix -> Optional.of(unix.path().toString());
            case PoolAddress.AbstractName name -> Optional.of("@" + name.name());
            case PoolAddress.TcpPort tcp -> Optional.of(tcp(tcp.host(), tcp.port()));
            case PoolAddress.FromSystemd _ -> Optional.empty();
        };
    }

    private static String tcp(String host, int port) {
        return (isOwn(host) ? "127.0.0.1" : host) + ":" + port;
    }

    private static boolean isOwn(String host) {
        return host.isEmpty()
                || host.equals("localhost")
                || host.equals("127.0.0.1")
                || host.equals("[::1]")
                || host.equals("::1");
    }
}
