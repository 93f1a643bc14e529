package org.procmon.front.application;

import java.io.IOException;
import java.net.SocketAddress;
import org.procmon.fastcgi.client.ClientConnection;
import org.procmon.fastcgi.client.FastCgiClient;
import org.procmon.fastcgi.client.QueueFullException;
import org.procmon.fastcgi.wire.FastCgiException;

/**
 * Connects to workers. A virtual thread does not wait for room in the listen queue of a Unix
 * socket, so it is tried again, ever more rarely.
 */
final class Connecting {
    private static final int MOST_TRIES = 12;
    private static final long FIRST_PAUSE_MILLIS = 1;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private Connecting() {}

    /** Waits for about three seconds at most. */
    static ClientConnection connect(FastCgiClient client, SocketAddress address)
            throws FastCgiException {
        long pause = FIRST_PAUSE_MILLIS;
        for (int tries = 1; ; tries++) {
            try {
                return client.connect(address);
            } catch (QueueFullException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            } catch (FastCgiException e) {
                throw e;
            } catch (IOException e) {
                throw new FastCgiException("cannot connect to " + address + ": " + e.getMessage());
            }
            sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    private static void sleep(long millis) throws FastCgiException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FastCgiException("the front is about to exit");
        }
    }
}
