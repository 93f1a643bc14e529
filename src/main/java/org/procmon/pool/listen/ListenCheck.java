package org.procmon.pool.listen;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.BytePath;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.ListenSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Accounts;
import org.procmon.posix.FileStatus;

/**
 * What would keep a pool from listening as it is configured, as far as it can be seen before. An
 * address that is in use may be the pool's own, so it is no finding. Any thread; blocks as a disk
 * and a name server do.
 */
public final class ListenCheck {
    private static final String LISTEN = "listen";

    private ListenCheck() {}

    /**
     * A reason.
     *
     * @param key of the pool
     * @param text in words
     */
    public record Finding(String key, String text) {}

    /**
     * All findings.
     *
     * @param environment of the monitor
     */
    public static List<Finding> findings(PoolSpec pool, Map<String, String> environment) {
        List<Finding> found = new ArrayList<>();
        ListenSpec listen = pool.listen();
        listen.owner()
                .filter(name -> Accounts.uid(name) instanceof Accounts.FoundId.Nobody)
                .ifPresent(name ->
                        found.add(new Finding("listen_owner", "there is no user '" + name + "'")));
        listen.group()
                .filter(name -> !name.equals(ListenSpec.AUTO))
                .filter(name -> Accounts.gid(name) instanceof Accounts.FoundId.Nobody)
                .ifPresent(name ->
                        found.add(new Finding("listen_group", "there is no group '" + name + "'")));
        address(pool.address(1), environment)
                .ifPresent(text -> found.add(new Finding(LISTEN, text)));
        return found;
    }

    private static Optional<String> address(PoolAddress address, Map<String, String> environment) {
        return switch (address) {
            case PoolAddress.UnixPath path -> path(path.path());
            case PoolAddress.TcpPort tcp -> host(tcp.host());
            case PoolAddress.AbstractName _ -> Optional.empty();
            case PoolAddress.FromSystemd(String name) ->
                    SocketUnits.OF_THIS_MACHINE.havingNone(name, environment);
        };
    }

    private static Optional<String> path(Path path) {
        FileStatus status = new FileStatus();
        if (status.read(BytePath.text(path)) && !status.isSocket()) {
            return Optional.of("there is a file that is no socket: " + path);
        }
        Path folder = path.getParent();
        return folder != null && Files.isDirectory(folder)
                ? ListenerOpener.unsafe(folder)
                : Optional.empty();
    }

    private static Optional<String> host(String host) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        try {
            InetAddress _ = InetAddress.getByName(host);
            return Optional.empty();
        } catch (UnknownHostException _) {
            return Optional.of("there is no host '" + host + "'");
        }
    }
}
