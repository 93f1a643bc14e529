package org.procmon.front;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.procmon.http.RemoteAddress;

/**
 * How many connections are open, in all and of each client address. Clients of a Unix socket are
 * one. Any thread.
 */
final class ConnectionCounts {
    private final int most;
    private final int mostOfOne;
    private final Predicate<SocketAddress> proxies;
    private final Map<String, Integer> counts = new HashMap<>();
    private int all;

    /**
     * @param proxies who has the connections of many clients, so that only all together count
     */
    ConnectionCounts(int most, int mostOfOne, Predicate<SocketAddress> proxies) {
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.proxies = proxies;
    }

    /** The client that an address stands for. */
    String client(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                        && inet.getAddress() != null
                        && !proxies.test(address)
                ? RemoteAddress.key(inet.getAddress().getHostAddress())
                : "";
    }

    /** Counts one more; false if there are as many as there may be. */
    synchronized boolean add(String client) {
        int present = counts.getOrDefault(client, 0);
        boolean isTooMany = !client.isEmpty() && present >= mostOfOne;
        if (all >= most || isTooMany) {
            return false;
        }
        counts.put(client, present + 1);
        all++;
        return true;
    }

    synchronized void remove(String client) {
        all--;
        counts.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
    }

    synchronized int open() {
        return all;
    }
}
