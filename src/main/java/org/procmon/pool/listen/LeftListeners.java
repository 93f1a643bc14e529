package org.procmon.pool.listen;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Pidfd;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.ForeignDescriptor;
import org.procmon.posix.socket.ProcessSockets;

/**
 * The listeners that programs have from monitors that have all died: workers and the keeper have
 * copies. Taking them needs the right to trace those programs; without it, nothing is found. Any
 * thread.
 */
public final class LeftListeners {
    private final Map<String, PoolAddress> missing = new HashMap<>();
    private final Map<String, Descriptor> found = new HashMap<>();

    /** The newest listener of each name counts. */
    private final Map<String, Integer> generations = new HashMap<>();

    private LeftListeners() {}

    /**
     * Searches for the listeners of pools.
     *
     * @param known the names of those that need not be found
     * @param pids of programs that may have them
     * @return descriptors of this process, by the names of the listeners
     */
    public static Map<String, Descriptor> find(
            List<PoolSpec> pools, Set<String> known, Collection<Integer> pids) {
        LeftListeners search = new LeftListeners();
        for (PoolSpec pool : pools) {
            for (PoolAddress address : Listeners.addresses(pool)) {
                search.missing.put(ListenerName.of(address), address);
            }
        }
        search.missing.keySet().removeAll(known);
        if (search.missing.isEmpty()) {
            return Map.of();
        }
        Set<Long> seen = new HashSet<>();
        for (int pid : pids) {
            search.lookAt(pid, seen);
        }
        return search.found;
    }

    private void lookAt(int pid, Set<Long> seen) {
        Map<Integer, Long> sockets = ProcessSockets.of(pid).orElse(Map.of());
        if (sockets.isEmpty() || !(Pidfd.open(pid) instanceof Pidfd.Result.Opened(Pidfd process))) {
            return;
        }
        try (process) {
            sockets.forEach((number, inode) -> {
                if (seen.add(inode)
                        && ForeignDescriptor.take(process, number)
                                instanceof ForeignDescriptor.Taken(Descriptor socket)) {
                    consider(socket);
                }
            });
        }
    }

    private void consider(Descriptor socket) {
        String bound = BoundSocket.name(socket).orElse("");
        Optional<String> name =
                BoundSocket.isListening(socket) ? nameOf(socket, bound) : Optional.empty();
        int generation = name.map(n -> NextListener.number(n, bound)).orElse(0);
        if (name.isPresent() && generation > generations.getOrDefault(name.get(), 0)) {
            generations.put(name.get(), generation);
            Descriptor older = found.put(name.get(), socket);
            if (older != null) {
                older.close();
            }
        } else {
            socket.close();
        }
    }

    private Optional<String> nameOf(Descriptor socket, String bound) {
        return missing.entrySet().stream()
                .filter(entry -> isAt(entry.getValue(), bound, socket))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isAt(PoolAddress address, String bound, Descriptor socket) {
        return switch (address) {
            case PoolAddress.UnixPath _ ->
                    NextListener.isReachedAt(ListenerName.of(address), bound);
            case PoolAddress.AbstractName _ -> bound.equals(ListenerName.of(address));
            case PoolAddress.TcpPort tcp ->
                    BoundSocket.port(socket).orElse(0) == tcp.port() && isOn(tcp.host(), bound);
            case PoolAddress.FromSystemd _ -> false;
        };
    }

    private static boolean isOn(String host, String bound) {
        if (host.isEmpty()) {
            return bound.startsWith("[::]:") || bound.startsWith("0.0.0.0:");
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            String text = address.getHostAddress();
            return bound.startsWith(text + ":") || bound.startsWith("[" + text + "]:");
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
