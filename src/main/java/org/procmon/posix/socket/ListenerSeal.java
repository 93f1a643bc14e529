package org.procmon.posix.socket;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Endpoint;

/**
 * Keeps further clients out of a Unix listener whose file was replaced, so that it can be closed
 * without losing any. A client looks the path up first and joins the queue afterwards, perhaps much
 * later if other programs run in between. So a queue that is empty now proves nothing.
 *
 * <p>A seal is a connection of this process, the only one that the queue has room for. A client
 * that comes later blocks in connect(2). When the last descriptor of the listener closes, the
 * kernel looks the client's path up again, and it reaches the new listener. A client that does not
 * block gets EAGAIN. No program may accept from the listener meanwhile. Any thread; nothing blocks.
 * Source: listen(2), connect(2), unix(7), proc(5).
 */
public final class ListenerSeal implements AutoCloseable {
    private final Descriptor listener;
    private final Descriptor own;

    private ListenerSeal(Descriptor listener, Descriptor own) {
        this.listener = listener;
        this.own = own;
    }

    /** Whether the queue is closed to clients. */
    public sealed interface Attempt {
        record Sealed(ListenerSeal seal) implements Attempt {}

        /** A client waits, which a program has to accept first. Others may still come. */
        record HasClients() implements Attempt {}

        /** It is no Unix listener, its file is another one, or a program accepts from it. */
        record Impossible() implements Attempt {}
    }

    /**
     * Seals a listener.
     *
     * @param file its socket file, see {@link Descriptor#hold}; it may have no name any more
     * @param backlog for the case that it is not sealed
     */
    public static Attempt attempt(Descriptor listener, Descriptor file, int backlog) {
        Endpoint endpoint = Endpoint.of(Path.of("/proc/self/fd/" + file.number()));
        if (!(endpoint.open() instanceof Descriptor.Result.Opened(Descriptor own))) {
            return new Attempt.Impossible();
        }
        ListenerSeal seal = new ListenerSeal(listener, own);
        Attempt attempt = seal.attempt(endpoint);
        if (!(attempt instanceof Attempt.Sealed)) {
            own.close();
            lift(listener, backlog);
        }
        return attempt;
    }

    private Attempt attempt(Endpoint endpoint) {
        if (ListeningSocket.listen(listener, 0).isPresent()) {
            return new Attempt.Impossible();
        }
        return switch (endpoint.connect(own)) {
            case Endpoint.Progress.Connected _ ->
                    holds() ? new Attempt.Sealed(this) : new Attempt.Impossible();
            case Endpoint.Progress.NoRoom _ -> new Attempt.HasClients();
            case Endpoint.Progress.Underway _, Endpoint.Progress.Failed _ ->
                    new Attempt.Impossible();
        };
    }

    /** Whether its connection is in the queue, alone. */
    public boolean holds() {
        OptionalLong inode = BoundSocket.inode(listener);
        if (inode.isEmpty()
                || !(AcceptQueue.open() instanceof AcceptQueue.Opening.Opened(AcceptQueue queue))) {
            return false;
        }
        try (queue) {
            return queue.clientsOfUnix(inode.getAsLong())
                            instanceof AcceptQueue.Clients.Waiting(List<Long> clients)
                    && Optional.of(clients)
                            .filter(all -> all.size() == 1)
                            .map(List::getFirst)
                            .filter(one -> BoundSocket.inode(own).equals(OptionalLong.of(one)))
                            .isPresent();
        }
    }

    /** Lets clients into a listener again, also after the end of a monitor that has sealed it. */
    public static void lift(Descriptor listener, int backlog) {
        var _ = ListeningSocket.listen(listener, backlog);
    }

    /** Ends its connection; the listener is closed before, or is to be lifted after this. */
    @Override
    public void close() {
        own.close();
    }
}
