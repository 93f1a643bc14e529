package org.procmon.front;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose clients take too long for the head of a request, even if they send a
 * byte now and then. While no head is on its way, nothing runs here. Any thread.
 */
final class HeadDeadlines {
    private static final Logger LOG = LoggerFactory.getLogger("front");
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final Scheduler scheduler;
    private final long most;
    private final long pause;
    private final Set<ClientEndPoint> pending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /**
     * @param mostMillis from the first byte of a head to its end
     */
    HeadDeadlines(Scheduler scheduler, long mostMillis) {
        this.scheduler = scheduler;
        this.most = TimeUnit.MILLISECONDS.toNanos(mostMillis);
        this.pause = Math.clamp(mostMillis / 4, 1, LONGEST_PAUSE_MILLIS);
    }

    boolean isPending(ClientEndPoint client) {
        return pending.contains(client);
    }

    void begin(ClientEndPoint client) {
        pending.add(client);
        sweepLater();
    }

    /** Its head is complete, or it is closed. */
    void end(ClientEndPoint client) {
        pending.remove(client);
    }

    private void sweepLater() {
        if (!pending.isEmpty() && sweeping.compareAndSet(false, true)) {
            var _ = scheduler.schedule(this::sweep, pause, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        pending.removeIf(client -> client.isHttp2() || isEnded(client, now));
        sweeping.set(false);
        sweepLater();
    }

    private boolean isEnded(ClientEndPoint client, long now) {
        boolean isOver = now - client.begun() > most;
        if (isOver) {
            LOG.atDebug()
                    .addKeyValue("client", client.getRemoteSocketAddress())
                    .log("closed: the head of its request takes too long");
            client.close();
        }
        return isOver;
    }
}
