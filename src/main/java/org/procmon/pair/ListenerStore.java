package org.procmon.pair;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.bytes.ByteText;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.DescriptorPassing;
import org.procmon.posix.socket.DescriptorPassing.Receipt;
import org.procmon.posix.socket.DescriptorPassing.Sending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of pools, kept in both monitors: whatever one opens, the other gets at once
 * over a pair of sockets, so that no listener closes while one of them lives. What is on its way
 * stays in the kernel if its sender dies.
 *
 * <p>A message is {@code +} and names, each ended by a zero byte, with a descriptor for each; or
 * {@code -} and a name that is no longer used; or {@code .} after all that there are at first. Any
 * thread.
 */
public final class ListenerStore {
    private static final Logger LOG = LoggerFactory.getLogger("pool");
    private static final String LISTEN_PID = "LISTEN_PID";
    private static final String LISTEN_COUNT = "LISTEN_FDS";
    private static final String LISTEN_NAMES = "LISTEN_FDNAMES";

    /** Those that are for this process alone, and not for its children. */
    static final List<String> VARIABLES = List.of(LISTEN_PID, LISTEN_COUNT, LISTEN_NAMES);

    private static final String SYSTEMD = "systemd:";
    private static final String UNNAMED = "unknown";
    private static final int FIRST_PASSED = 3;
    private static final int MOST_DIGITS = 4;
    private static final char OPENED = '+';
    private static final char CLOSED = '-';
    private static final char ALL = '.';
    private static final char END = '\0';

    /** How long the monitor before may take to send what it has; all of it is there already. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The most of one message: a name has 108 bytes at most. */
    private static final int NAMES_AT_ONCE = 200;

    private final Map<String, Descriptor> held = new HashMap<>();

    /** To the other monitor. */
    private Optional<Descriptor> peer = Optional.empty();

    /** The end that the other monitor was started with, and this one has too. */
    private Optional<Descriptor> passedEnd = Optional.empty();

    private Optional<Thread> reader = Optional.empty();
    private Runnable changed = () -> {};

    /** A store without listeners. */
    public ListenerStore() {}

    /**
     * The sockets that a service manager has passed to this process, by {@code systemd:NAME}.
     * Source: sd_listen_fds(3).
     *
     * @param environment of this process
     */
    public static ListenerStore ofServiceManager(Map<String, String> environment, int pid) {
        ListenerStore store = new ListenerStore();
        if (Integer.toString(pid).equals(environment.get(LISTEN_PID))) {
            String[] names = environment.getOrDefault(LISTEN_NAMES, "").split(":", -1);
            int count = number(environment.getOrDefault(LISTEN_COUNT, ""));
            for (int i = 0; i < count; i++) {
                Descriptor socket = new Descriptor(FIRST_PASSED + i);
                String name = i < names.length && !names[i].isEmpty() ? names[i] : UNNAMED;
                if (BoundSocket.isListening(socket)) {
                    store.held.put(SYSTEMD + name, socket);
                }
            }
        }
        return store;
    }

    private static int number(String text) {
        boolean isNumber =
                !text.isEmpty()
                        && text.length() <= MOST_DIGITS
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(text) : 0;
    }

    /** What the monitor that has started this one has passed on through a descriptor. */
    public static ListenerStore inherited(int number) {
        ListenerStore store = new ListenerStore();
        if (Descriptor.isOpen(number)) {
            Descriptor socket = new Descriptor(number);
            if (store.receiveAll(socket)) {
                store.peer = Optional.of(socket);
            }
        }
        return store;
    }

    /** The listeners by their names; the caller has their descriptors too, and may close them. */
    public synchronized Map<String, Descriptor> held() {
        return Map.copyOf(held);
    }

    public synchronized boolean isEmpty() {
        return held.isEmpty();
    }

    /** Calls this at each change from now on. */
    synchronized void onChange(Runnable listener) {
        changed = listener;
    }

    /** A listener is open, perhaps in the place of another of the same name. */
    public synchronized void add(String name, Descriptor socket) {
        held.put(name, socket);
        send(text(OPENED, List.of(name)), List.of(socket));
        changed.run();
    }

    /** A listener is no longer used. */
    public synchronized void remove(String name) {
        if (held.remove(name) != null) {
            send(text(CLOSED, List.of(name)), List.of());
            changed.run();
        }
    }

    /** Whether another monitor learns what changes. */
    public synchronized boolean hasPeer() {
        return peer.isPresent();
    }

    /**
     * Connects to another monitor that is about to be started.
     *
     * @return the end that it inherits, with everything that this store has; empty if there is none
     */
    public synchronized Optional<Descriptor> handOver() {
        passedEnd.ifPresent(Descriptor::close);
        peer.ifPresent(Descriptor::close);
        passedEnd = Optional.empty();
        peer = Optional.empty();
        if (DescriptorPassing.pair()
                instanceof DescriptorPassing.Pair.Opened(Descriptor own, Descriptor other)) {
            peer = Optional.of(own);
            passedEnd = Optional.of(other);
            List<String> names = List.copyOf(held.keySet());
            for (int from = 0; from < names.size(); from += NAMES_AT_ONCE) {
                List<String> some =
                        names.subList(from, Math.min(names.size(), from + NAMES_AT_ONCE));
                send(text(OPENED, some), sockets(some));
            }
            send(text(ALL, List.of()), List.of());
        }
        return passedEnd;
    }

    private List<Descriptor> sockets(List<String> names) {
        List<Descriptor> sockets = new ArrayList<>();
        for (String name : names) {
            Descriptor socket = held.get(name);
            if (socket != null) {
                sockets.add(socket);
            }
        }
        return sockets;
    }

    /** The other monitor has been started, and has the end that it inherits. */
    public synchronized void handedOver() {
        passedEnd.ifPresent(Descriptor::close);
        passedEnd = Optional.empty();
    }

    /** Follows what the other monitor opens and closes, on a thread of its own. */
    public synchronized void follow() {
        if (peer.isPresent()) {
            Descriptor socket = peer.get();
            reader =
                    Optional.of(
                            Thread.ofPlatform()
                                    .daemon()
                                    .name("listener-store")
                                    .start(() -> receiveFrom(socket)));
        }
    }

    /** Waits until all is received that the other monitor has sent, after its end. */
    public void awaitEnd() {
        Optional<Thread> thread;
        synchronized (this) {
            thread = reader;
            reader = Optional.empty();
        }
        if (thread.isPresent()) {
            try {
                boolean ended = thread.get().join(PATIENCE);
                if (!ended) {
                    LOG.atWarn().log("some listeners of the monitor before may be missing");
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void receiveFrom(Descriptor socket) {
        while (true) {
            switch (DescriptorPassing.await(socket)) {
                case Receipt.Message(byte[] bytes, List<Descriptor> sockets) ->
                        received(bytes, sockets);
                case Receipt.Incomplete _ -> lost("too many descriptors are open");
                case Receipt.Nothing _ -> {}
                case Receipt.Ended _ -> {
                    return;
                }
                case Receipt.Failed(var errno) -> {
                    lost(errno.words());
                    return;
                }
            }
        }
    }

    /** Whether everything has come that the other monitor had at first. */
    private boolean receiveAll(Descriptor socket) {
        while (true) {
            switch (DescriptorPassing.await(socket, PATIENCE)) {
                case Receipt.Message(byte[] bytes, List<Descriptor> sockets) -> {
                    if (received(bytes, sockets)) {
                        return true;
                    }
                }
                case Receipt.Incomplete _ -> lost("too many descriptors are open");
                case Receipt.Nothing _, Receipt.Ended _ -> {
                    lost("the monitor before has not sent all");
                    socket.close();
                    return false;
                }
                // Nothing was passed on: it is a file that this program itself has opened since.
                case Receipt.Failed _ -> {
                    return false;
                }
            }
        }
    }

    private static void lost(String reason) {
        LOG.atError().addKeyValue("reason", reason).log("cannot take over listeners");
    }

    /** Takes a message; true if it says that everything has come. */
    private synchronized boolean received(byte[] bytes, List<Descriptor> sockets) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> names = names(text);
        switch (text.isEmpty() ? END : text.charAt(0)) {
            case OPENED -> {
                for (int i = 0; i < Math.min(names.size(), sockets.size()); i++) {
                    Descriptor before = held.put(names.get(i), sockets.get(i));
                    if (before != null) {
                        before.close();
                    }
                }
            }
            case CLOSED ->
                    names.forEach(name -> {
                        Descriptor gone = held.remove(name);
                        if (gone != null) {
                            gone.close();
                        }
                    });
            case ALL -> {
                return true;
            }
            default -> {}
        }
        return false;
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        int from = 1;
        for (int at = text.indexOf(END); at >= 0; at = text.indexOf(END, from)) {
            byte[] name = text.substring(from, at).getBytes(StandardCharsets.ISO_8859_1);
            names.add(ByteText.decode(name, 0, name.length));
            from = at + 1;
        }
        return names;
    }

    private static byte[] text(char kind, List<String> names) {
        StringBuilder text = new StringBuilder().append(kind);
        for (String name : names) {
            text.append(new String(ByteText.encode(name), StandardCharsets.ISO_8859_1));
            text.append(END);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void send(byte[] message, List<Descriptor> sockets) {
        if (peer.isEmpty()) {
            return;
        }
        switch (DescriptorPassing.send(peer.get(), message, sockets)) {
            case Sending.Sent _ -> {}
            case Sending.Closed _ -> {
                peer.ifPresent(Descriptor::close);
                peer = Optional.empty();
            }
            case Sending.NoRoom _ -> notSent("the other monitor does not read");
            case Sending.Failed(var errno) -> notSent(errno.words());
        }
    }

    private static void notSent(String reason) {
        LOG.atError().addKeyValue("reason", reason).log("cannot hand a listener to the backup");
    }
}
