package org.procmon.readiness.notify;

import org.procmon.posix.Descriptor;

/** A socket or descriptor on which a run may report its state. */
interface ReadinessSource extends AutoCloseable {
    Descriptor descriptor();

    /** Reads what has arrived; does not wait for more. On the listener's thread. */
    void listen();

    @Override
    void close();
}
