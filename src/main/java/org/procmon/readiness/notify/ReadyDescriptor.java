package org.procmon.readiness.notify;

import org.procmon.posix.Buffer;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Transfer;

/**
 * A fifo on which a newline reports that a run is ready. All other bytes are ignored. Source: s6's
 * notification-fd.
 */
public final class ReadyDescriptor implements ReadinessSource {
    private static final int PIECE = 512;

    private final Descriptor fifo;
    private final Runnable ready;
    private final Buffer piece = new Buffer(PIECE);
    private final Transfer transfer = new Transfer();

    public ReadyDescriptor(Descriptor fifo, Runnable ready) {
        this.fifo = fifo;
        this.ready = ready;
    }

    @Override
    public Descriptor descriptor() {
        return fifo;
    }

    @Override
    public void listen() {
        long count = transfer.read(fifo, piece, PIECE);
        for (int i = 0; i < count; i++) {
            if (piece.get(i) == '\n') {
                ready.run();
                return;
            }
        }
    }

    @Override
    public void close() {
        fifo.close();
    }
}
