package org.procmon.pool.refuse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Ticks;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;
import org.procmon.posix.socket.ConnectedSocket;

/** All clients that are being refused, at most {@link #MOST} at a time. */
public final class Refusals {
    /** Beyond this number, the one that was refused first is dropped. */
    static final int MOST = 1024;

    /** How long a client may take to send its request and to read the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Poller poller;
    private final int firstKey;
    private final Map<Integer, RefusedClient> clients = new LinkedHashMap<>();
    private byte @Nullable [] buffer;
    private int next;

    /**
     * @param firstKey clients have keys from this one on in the poller, {@link #MOST} at most
     */
    public Refusals(Poller poller, int firstKey) {
        this.poller = poller;
        this.firstKey = firstKey;
    }

    /** Takes over a connection, and answers when the request has begun to arrive. */
    public void add(Descriptor client, RefusalAnswer answer, Ticks now) {
        if (ConnectedSocket.hasHungUp(client)) {
            client.close();
            return;
        }
        if (clients.size() >= MOST) {
            drop(clients.keySet().iterator().next());
        }
        int key = freeKey();
        RefusedClient added = new RefusedClient(client, answer, now.plus(PATIENCE));
        clients.put(key, added);
        if (!poller.add(client, key)) {
            drop(key);
            return;
        }
        isReadable(key);
    }

    private int freeKey() {
        int key;
        do {
            key = firstKey + next;
            next = (next + 1) % (2 * MOST);
        } while (clients.containsKey(key));
        return key;
    }

    /** Whether a key of the poller means a refused client. */
    public boolean has(int key) {
        return key >= firstKey;
    }

    /** The poller says that a client has sent something, or hung up. */
    public void isReadable(int key) {
        RefusedClient client = clients.get(key);
        if (client != null && client.advance(buffer())) {
            drop(key);
        }
    }

    private byte[] buffer() {
        if (buffer == null) {
            buffer = RefusedClient.newBuffer();
        }
        return buffer;
    }

    /** When {@link #timePassed} is due. */
    public Optional<Ticks> deadline() {
        return clients.isEmpty()
                ? Optional.empty()
                : Optional.of(clients.values().iterator().next().until());
    }

    /** Drops the clients whose time is over. */
    public void timePassed(Ticks now) {
        List<Integer> due = new ArrayList<>();
        for (Map.Entry<Integer, RefusedClient> entry : clients.entrySet()) {
            if (!now.hasReached(entry.getValue().until())) {
                break;
            }
            due.add(entry.getKey());
        }
        due.forEach(this::drop);
    }

    private void drop(int key) {
        RefusedClient client = clients.remove(key);
        if (client != null) {
            poller.remove(client.socket());
            client.socket().close();
        }
    }

    /** Drops all. */
    public void close() {
        new HashMap<>(clients).keySet().forEach(this::drop);
        buffer = null;
    }
}
