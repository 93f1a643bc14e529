package org.procmon.pool.listen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.procmon.bytes.BytePath;
import org.procmon.config.InputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.SocketSharing;
import org.procmon.posix.Descriptor;
import org.procmon.posix.FileNames;

/**
 * All listening sockets of the pools of a configuration. A socket is opened once; it stays open,
 * with its mode and owner, until no pool is configured to listen there. Any thread; {@link
 * #prepare}, {@link #follow} and {@link #retry} may block.
 */
public final class Listeners {
    /** Keeps listeners for the next monitor. */
    public interface Keeper {
        /** For a monitor without a next one. */
        Keeper NONE =
                new Keeper() {
                    @Override
                    public void opened(OpenListener listener) {}

                    @Override
                    public void closed(String name) {}
                };

        void opened(OpenListener listener);

        void closed(String name);
    }

    private final Map<String, Descriptor> passedOn;
    private final Keeper keeper;

    /** The open ones, by their names. */
    private volatile Map<String, OpenListener> open = Map.of();

    /** Why others are not open, by their names. */
    private volatile Map<String, String> refused = Map.of();

    /** Open ones whose socket files somebody has removed, by their names. */
    private volatile Set<String> removed = Set.of();

    /** Open ones whose paths have the file of another program. */
    private final TakenPaths taken = new TakenPaths();

    /** The socket files of listeners, by the inodes of the sockets. */
    private final Map<Long, Optional<ListenerFile>> files = new ConcurrentHashMap<>();

    private volatile Map<String, PoolSpec> pools = Map.of();

    /** Why sockets of workers have no name, by these names. */
    private final Map<String, String> unpublished = new ConcurrentHashMap<>();

    private List<PoolSpec> followed = List.of();
    private final List<Descriptor> unused = new ArrayList<>();

    /** New listeners of open ones, by their names, until their workers are ready. */
    private volatile Map<String, OpenListener> coming = Map.of();

    /** Old ones that get no further clients, until their workers are gone. */
    private final OldListeners leaving = new OldListeners();

    /**
     * @param passedOn listeners that another monitor has left, by their names
     * @param keeper takes note of each that is opened or closed
     */
    public Listeners(Map<String, Descriptor> passedOn, Keeper keeper) {
        this.passedOn = new HashMap<>(passedOn);
        this.keeper = keeper;
    }

    /** Opens what these pools need in addition; another configuration may still be followed. */
    public synchronized void prepare(List<PoolSpec> wanted) {
        become(wanted, followed);
    }

    /** Opens what these pools need, and no longer listens on anything else. */
    public synchronized void follow(List<PoolSpec> wanted) {
        followed = List.copyOf(wanted);
        become(wanted, List.of());
        closePassedOn();
    }

    /** Tries again to open what could not be opened; false if all is open. */
    public synchronized boolean retry() {
        if (!refused.isEmpty()) {
            become(followed, List.of());
        }
        return !refused.isEmpty();
    }

    private void become(List<PoolSpec> wanted, List<PoolSpec> alsoKept) {
        Map<String, PoolSpec> byId = new LinkedHashMap<>();
        Map<String, OpenListener> next = new HashMap<>();
        Map<String, String> failures = new HashMap<>();
        for (PoolSpec pool : wanted) {
            byId.put(pool.id(), pool);
            for (PoolAddress address : addresses(pool)) {
                String name = ListenerName.of(address);
                OpenListener present = open.get(name);
                if (present != null) {
                    next.put(name, present);
                    applyAccess(pool, address).ifPresent(reason -> failures.put(name, reason));
                    continue;
                }
                switch (opened(pool, address)) {
                    case ListenerOpener.Result.Opened(OpenListener listener) ->
                            next.put(name, listener);
                    case ListenerOpener.Result.Refused(String reason) -> failures.put(name, reason);
                }
            }
        }
        for (PoolSpec pool : alsoKept) {
            byId.putIfAbsent(pool.id(), pool);
            of(pool).forEach(listener -> next.putIfAbsent(listener.name(), listener));
        }
        Map<String, OpenListener> before = open;
        pools = Map.copyOf(byId);
        refused = Map.copyOf(failures);
        open = Map.copyOf(next);
        removed = removed.stream().filter(next::containsKey).collect(Collectors.toSet());
        taken.keepOnly(next.keySet());
        next.values().forEach(this::noteFile);
        before.forEach((name, listener) -> {
            if (!next.containsKey(name)) {
                unlisten(listener);
            }
        });
    }

    private Optional<String> applyAccess(PoolSpec pool, PoolAddress address) {
        PoolSpec before = pools.get(pool.id());
        boolean isSame =
                before != null
                        && before.listen().equals(pool.listen())
                        && !refused.containsKey(ListenerName.of(address));
        return address instanceof PoolAddress.UnixPath path
                        && !isSame
                        && !taken.has(ListenerName.of(address))
                ? ListenerOpener.access(pool.listen(), path)
                : Optional.empty();
    }

    private ListenerOpener.Result opened(PoolSpec pool, PoolAddress address) {
        Descriptor left = passedOn.remove(ListenerName.of(address));
        Optional<OpenListener> adopted =
                left == null ? Optional.empty() : ListenerOpener.passedOn(address, left);
        adopted.ifPresent(NextListener::complete);
        if (adopted.isPresent()) {
            keeper.opened(adopted.get());
            return new ListenerOpener.Result.Opened(adopted.get());
        }
        ListenerOpener.Result result = ListenerOpener.open(pool.listen(), address);
        if (result instanceof ListenerOpener.Result.Opened(OpenListener listener)) {
            keeper.opened(listener);
        }
        return result;
    }

    /** Those that the configuration does not name any more. */
    private void closePassedOn() {
        passedOn.forEach((name, socket) -> {
            socket.close();
            if (name.startsWith("/")) {
                var _ = FileNames.remove(name);
            }
        });
        passedOn.clear();
    }

    /** Its descriptor stays open for a moment: a worker may just be started with it. */
    private void unlisten(OpenListener listener) {
        keeper.closed(listener.name());
        if (listener.address() instanceof PoolAddress.UnixPath path
                && finding(listener) == ListenerFile.Finding.OWN) {
            var _ = FileNames.remove(BytePath.text(path.path()));
        }
        unused.add(listener.socket());
    }

    /** Closes the descriptors of listeners that are no longer used. */
    public synchronized void closeUnused() {
        unused.forEach(Descriptor::close);
        unused.clear();
        files.keySet()
                .retainAll(all().stream().map(OpenListener::inode).collect(Collectors.toSet()));
    }

    private void noteFile(OpenListener listener) {
        files.computeIfAbsent(listener.inode(), _ -> ListenerFile.of(listener));
    }

    private ListenerFile.Finding finding(OpenListener listener) {
        return listener.address() instanceof PoolAddress.UnixPath
                ? ListenerFile.at(
                        listener.name(), files.getOrDefault(listener.inode(), Optional.empty()))
                : ListenerFile.Finding.OWN;
    }

    /** Where a pool listens. */
    static List<PoolAddress> addresses(PoolSpec pool) {
        if (pool.isByArgument()) {
            return pool.bell().map(List::<PoolAddress>of).orElse(List.of());
        }
        if (pool.sharing() == SocketSharing.SHARED) {
            return List.of(pool.listen().address());
        }
        List<PoolAddress> all = new ArrayList<>();
        for (int worker = 1; worker <= pool.workers().max(); worker++) {
            all.add(pool.address(worker));
        }
        return all;
    }

    /** The socket that a worker accepts connections from; empty if it is not open. */
    public Optional<Descriptor> of(ProcessSpec worker) {
        return worker.instance()
                .flatMap(one ->
                        Optional.ofNullable(pools.get(one.group()))
                                .flatMap(pool -> newest(pool, one.number())))
                .map(OpenListener::socket);
    }

    /**
     * The sockets of the HTTP front, in the order of the configuration; empty if one of them is not
     * open.
     */
    public Optional<List<Descriptor>> of(InputSpec.Front front) {
        List<Descriptor> sockets =
                front.sockets().stream()
                        .map(socket -> ListenerName.of(socket.address()))
                        .flatMap(name -> Optional.ofNullable(open.get(name)).stream())
                        .map(OpenListener::socket)
                        .toList();
        return sockets.size() == front.sockets().size() ? Optional.of(sockets) : Optional.empty();
    }

    /** The listener that a worker gets which starts now. */
    public Optional<OpenListener> newest(PoolSpec pool, int worker) {
        return Optional.ofNullable(coming.get(ListenerName.of(pool.address(worker))))
                .or(() -> of(pool, worker));
    }

    /**
     * The listener of a worker, or of all workers if they share it; empty if it is not open.
     *
     * @param worker its number, from 1
     */
    public Optional<OpenListener> of(PoolSpec pool, int worker) {
        return Optional.ofNullable(open.get(ListenerName.of(pool.address(worker))));
    }

    /** All listeners of a pool that are open. */
    public List<OpenListener> of(PoolSpec pool) {
        return addresses(pool).stream()
                .map(ListenerName::of)
                .flatMap(name -> Optional.ofNullable(open.get(name)).stream())
                .toList();
    }

    /** Lets clients reach a worker that has opened its socket itself, and is ready. */
    public void publish(PoolSpec pool, ProcessSpec worker) {
        OwnSockets.publish(pool, worker)
                .ifPresentOrElse(
                        reason -> unpublished.put(worker.id(), reason),
                        () -> unpublished.remove(worker.id()));
    }

    /** Removes the socket of a worker that has opened it itself, and does not run. */
    public void remove(ProcessSpec worker) {
        unpublished.remove(worker.id());
        OwnSockets.remove(worker);
    }

    private Optional<String> unpublished(PoolSpec pool) {
        return pool.isByArgument()
                ? unpublished.entrySet().stream()
                        .filter(one -> one.getKey().startsWith(pool.id() + "."))
                        .map(Map.Entry::getValue)
                        .findFirst()
                : Optional.empty();
    }

    /** Why a listener of a pool is not as it should be; empty if all are open. */
    public Optional<String> trouble(PoolSpec pool) {
        Optional<String> own = unpublished(pool);
        if (own.isPresent()) {
            return own;
        }
        return addresses(pool).stream()
                .map(ListenerName::of)
                .flatMap(name -> trouble(name).stream())
                .findFirst();
    }

    private Optional<String> trouble(String name) {
        return removed.contains(name)
                ? Optional.of("the socket file " + name + " was removed")
                : taken.words(name).or(() -> Optional.ofNullable(refused.get(name)));
    }

    /** Why a listener of a pool could not be opened or set up; empty if there is no such one. */
    public Optional<String> refused(PoolSpec pool) {
        Optional<String> own = unpublished(pool);
        if (own.isPresent()) {
            return own;
        }
        return addresses(pool).stream()
                .map(ListenerName::of)
                .flatMap(name -> Optional.ofNullable(refused.get(name)).stream())
                .findFirst();
    }

    /** Those that clients reach. */
    public List<OpenListener> open() {
        return List.copyOf(open.values());
    }

    /**
     * What has become of socket files.
     *
     * @param removed the listeners that no client finds, since somebody has removed their files
     * @param taken why clients find something else; each once, in words
     */
    public record Lost(List<OpenListener> removed, List<String> taken) {}

    /** Looks for the socket files of a pool. */
    public synchronized Lost findLost(PoolSpec pool) {
        List<OpenListener> found = new ArrayList<>();
        List<String> news = new ArrayList<>();
        Set<String> all = new HashSet<>(removed);
        for (OpenListener listener : of(pool)) {
            ListenerFile.Finding finding = finding(listener);
            if (taken.found(listener.name(), finding)) {
                news.addAll(taken.words(listener.name()).stream().toList());
            }
            if (finding == ListenerFile.Finding.REMOVED) {
                found.add(listener);
            }
        }
        addresses(pool).forEach(address -> all.remove(ListenerName.of(address)));
        found.forEach(listener -> all.add(listener.name()));
        removed = Set.copyOf(all);
        return new Lost(List.copyOf(found), List.copyOf(news));
    }

    /** Whether clients find another program at the path of a listener. */
    public boolean isTaken(OpenListener listener) {
        return taken.has(listener.name());
    }

    /**
     * Opens a listener anew whose file was removed. Workers that have the old one get no further
     * clients. If it cannot be opened, it is tried again by {@link #retry}.
     */
    public synchronized void reopen(PoolSpec pool, OpenListener listener) {
        Map<String, OpenListener> rest = new HashMap<>(open);
        if (!rest.remove(listener.name(), listener)) {
            return;
        }
        keeper.closed(listener.name());
        open = Map.copyOf(rest);
        leaving.add(
                new OldListener(
                        listener, Optional.empty(), pool.listen().backlog(), Optional.empty()));
        become(followed, List.of());
        var _ = findLost(pool);
    }

    /** Whether {@link #retry} has something to do. */
    public boolean isSomeRefused() {
        return !refused.isEmpty();
    }

    /** Whether {@link #closeUnused} has something to do. */
    public synchronized boolean hasUnused() {
        return !unused.isEmpty();
    }

    /**
     * Opens a second listener for a pool, which no client reaches yet. Workers that start from now
     * on accept from it.
     *
     * @return false if the kind of the pool's address has no such thing, or it cannot be opened
     */
    public synchronized boolean openNext(PoolSpec pool) {
        if (pool.sharing() != SocketSharing.SHARED) {
            return false;
        }
        Optional<OpenListener> present = of(pool, 1);
        Optional<OpenListener> next = present.flatMap(old -> NextListener.open(pool.listen(), old));
        next.ifPresent(listener -> {
            noteFile(listener);
            Map<String, OpenListener> all = new HashMap<>(coming);
            all.put(listener.name(), listener);
            coming = Map.copyOf(all);
        });
        return next.isPresent();
    }

    /**
     * Lets clients reach the second listener of a pool, and no longer the first, in one moment.
     *
     * @return the reason if that cannot be done, and then nothing has changed
     */
    public synchronized Optional<String> promoteNext(PoolSpec pool) {
        String name = ListenerName.of(pool.address(1));
        OpenListener next = coming.get(name);
        OpenListener old = open.get(name);
        if (next == null || old == null) {
            return Optional.of("it has no second listener");
        }
        ListenerFile.Finding finding = finding(old);
        if (finding != ListenerFile.Finding.OWN && finding != ListenerFile.Finding.REMOVED) {
            taken.found(name, finding);
            return taken.words(name);
        }
        Optional<Descriptor> file = NextListener.file(old);
        // Before clients reach it: a monitor that takes over in this moment completes the change.
        if (next.isUnix()) {
            keeper.opened(next);
        }
        Optional<String> failed = NextListener.promote(old, next);
        if (failed.isPresent()) {
            file.ifPresent(Descriptor::close);
            if (next.isUnix()) {
                keeper.opened(old);
            }
            return failed;
        }
        Map<String, OpenListener> all = new HashMap<>(open);
        all.put(name, next);
        leaving.add(new OldListener(old, file, pool.listen().backlog(), Optional.empty()));
        open = Map.copyOf(all);
        forget(name);
        if (!next.isUnix()) {
            keeper.opened(next);
        }
        var _ = findLost(pool);
        return failed;
    }

    /** Closes the second listener of a pool, which no client has reached. */
    public synchronized void dropNext(PoolSpec pool) {
        String name = ListenerName.of(pool.address(1));
        OpenListener next = coming.get(name);
        if (next != null) {
            forget(name);
            NextListener.drop(next);
            unused.add(next.socket());
        }
    }

    private void forget(String next) {
        Map<String, OpenListener> all = new HashMap<>(coming);
        all.remove(next);
        coming = Map.copyOf(all);
    }

    /**
     * Lets no further client into a listener of {@link #leaving}, if none waits in it. While it is
     * sealed, no worker accepts from it: they are suspended or have exited.
     */
    public synchronized Sealing seal(long inode) {
        return leaving.seal(inode);
    }

    /** Whether clients are kept out of a listener that is about to be closed. */
    public boolean isSealed(OpenListener listener) {
        return leaving.isSealed(listener.inode());
    }

    /** A listener that gets no further clients, by its inode; empty if it is none. */
    public Optional<OpenListener> leaving(long inode) {
        return leaving.find(inode).map(OldListener::listener);
    }

    /**
     * Takes note of an old listener of a pool, which its workers have from a monitor that died
     * while it replaced the listener.
     *
     * @param socket closed here when no worker has it any more
     * @return whether it was to become the new one, and clients had not reached it yet
     */
    public synchronized boolean adoptLeaving(PoolSpec pool, Descriptor socket) {
        return leaving.adopt(pool, socket);
    }

    /** Whether it gets no further clients. */
    public boolean isLeaving(OpenListener listener) {
        return leaving(listener.inode()).isPresent();
    }

    /** The old listeners of a pool that its last workers still accept from. */
    public List<OpenListener> leaving(PoolSpec pool) {
        return leaving.at(addresses(pool));
    }

    /**
     * All listeners that workers of a pool may have connections of. Those of an old one carry its
     * own name.
     */
    public List<OpenListener> withLeaving(PoolSpec pool) {
        List<OpenListener> all = new ArrayList<>(of(pool));
        all.addAll(leaving(pool));
        return List.copyOf(all);
    }

    /** Closes the old listeners of a pool that none of its workers has any more. */
    public synchronized void closeLeft(PoolSpec pool, Set<Long> inUse) {
        leaving.closeUnused(addresses(pool), inUse);
    }

    /** All that are open. */
    public List<OpenListener> all() {
        List<OpenListener> all = new ArrayList<>(open.values());
        all.addAll(coming.values());
        all.addAll(leaving.all());
        return List.copyOf(all);
    }

    /** Closes all, and removes their files. */
    public synchronized void closeAll() {
        List<OpenListener> closing = List.copyOf(open.values());
        open = Map.of();
        closing.forEach(this::unlisten);
        coming.values().forEach(NextListener::drop);
        coming = Map.of();
        leaving.closeAll();
        closeUnused();
        for (PoolSpec pool : pools.values()) {
            // The last one may be the replacement of another.
            for (int i = 1; pool.isByArgument() && i <= pool.workers().max() + 1; i++) {
                remove(pool.worker(i));
            }
        }
    }
}
