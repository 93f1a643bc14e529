package org.procmon.readiness.notify;

import org.procmon.posix.Descriptor;

/** Something on which a run may say how it is. */
interface ReadinessSource extends AutoCloseable {
    Descriptor descriptor();

    /** There is something to be heard; blocks for nothing else. On the listeners' thread. */
    void listen();

    @Override
    void close();
}
