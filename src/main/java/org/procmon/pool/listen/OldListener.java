package org.procmon.pool.listen;

import java.util.Optional;
import org.procmon.posix.Descriptor;
import org.procmon.posix.socket.ListenerSeal;

/**
 * A listener that gets no further clients, except those that have found it before.
 *
 * @param file the file that it was bound to, which has no name any more; empty for TCP, or if it
 *     cannot be had
 * @param backlog the length of its queue
 * @param seal what keeps late clients out
 */
record OldListener(
        OpenListener listener,
        Optional<Descriptor> file,
        int backlog,
        Optional<ListenerSeal> seal) {
    boolean is(long inode) {
        return listener.inode() == inode;
    }

    boolean isSealed() {
        return seal.isPresent();
    }

    OldListener sealedBy(ListenerSeal other) {
        return new OldListener(listener, file, backlog, Optional.of(other));
    }

    /** Late clients that wait to get in look the path up again. */
    void close() {
        listener.socket().close();
        seal.ifPresent(ListenerSeal::close);
        file.ifPresent(Descriptor::close);
    }
}
