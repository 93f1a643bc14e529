package org.procmon.fastcgi.client;

import java.io.Serial;
import java.net.SocketAddress;
import org.procmon.fastcgi.wire.FastCgiException;

/** The application's listen queue has no room now; it may have in a moment. */
public final class QueueFullException extends FastCgiException {
    @Serial private static final long serialVersionUID = 1;

    QueueFullException(SocketAddress address) {
        super("cannot connect to " + address + ": its listen queue is full");
    }
}
