package org.procmon.pool.listen;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.PoolSpec;
import org.procmon.config.pool.PoolAddress;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.BoundSocket;
import org.procmon.posix.socket.ListenerSeal;

/**
 * Listeners that get no further clients, until the workers that accept from them are gone. Any
 * thread may read; one at a time changes something.
 */
final class OldListeners {
    private volatile List<OldListener> old = List.of();

    void add(OldListener one) {
        List<OldListener> all = new ArrayList<>(old);
        all.add(one);
        old = List.copyOf(all);
    }

    Optional<OldListener> find(long inode) {
        return old.stream().filter(one -> one.is(inode)).findFirst();
    }

    boolean isSealed(long inode) {
        return find(inode).filter(OldListener::isSealed).isPresent();
    }

    /** Lets no further client into a listener, if none waits in it. */
    Sealing seal(long inode) {
        Optional<OldListener> found = find(inode);
        if (found.isEmpty() || found.get().file().isEmpty()) {
            return Sealing.IMPOSSIBLE;
        }
        OldListener one = found.get();
        if (one.seal().filter(ListenerSeal::holds).isPresent()) {
            return Sealing.SEALED;
        }
        return switch (ListenerSeal.attempt(
                one.listener().socket(), one.file().orElseThrow(), one.backlog())) {
            case ListenerSeal.Attempt.Sealed(ListenerSeal seal) -> {
                one.seal().ifPresent(ListenerSeal::close);
                List<OldListener> all = new ArrayList<>(old);
                all.remove(one);
                all.add(one.sealedBy(seal));
                old = List.copyOf(all);
                yield Sealing.SEALED;
            }
            case ListenerSeal.Attempt.HasClients _ -> Sealing.HAS_CLIENTS;
            case ListenerSeal.Attempt.Impossible _ -> Sealing.IMPOSSIBLE;
        };
    }

    /**
     * Adds a listener of a pool that a monitor has left which died; or closes it.
     *
     * @return whether clients had not reached it yet
     */
    boolean adopt(PoolSpec pool, Descriptor socket) {
        Optional<OpenListener> left = ListenerOpener.passedOn(pool.address(1), socket);
        if (left.isEmpty() || find(left.get().inode()).isPresent()) {
            socket.close();
            return false;
        }
        boolean isNext = NextListener.forgetFile(left.get());
        // The monitor may have died while it was sealed.
        int backlog = pool.listen().backlog();
        ListenerSeal.lift(socket, backlog);
        add(new OldListener(left.get(), BoundSocket.file(socket), backlog, Optional.empty()));
        return isNext;
    }

    /** Those at some addresses. */
    List<OpenListener> at(List<PoolAddress> addresses) {
        return all().stream().filter(one -> addresses.contains(one.address())).toList();
    }

    List<OpenListener> all() {
        return old.stream().map(OldListener::listener).toList();
    }

    /**
     * Closes those at some addresses that no worker has any more.
     *
     * @param inUse the inodes of those that workers have
     */
    void closeUnused(List<PoolAddress> addresses, Set<Long> inUse) {
        List<OldListener> over =
                old.stream()
                        .filter(one -> addresses.contains(one.listener().address()))
                        .filter(one -> !inUse.contains(one.listener().inode()))
                        .toList();
        if (!over.isEmpty()) {
            List<OldListener> rest = new ArrayList<>(old);
            rest.removeAll(over);
            old = List.copyOf(rest);
            over.forEach(OldListener::close);
        }
    }

    void closeAll() {
        old.forEach(OldListener::close);
        old = List.of();
    }
}
