package org.procmon.readiness.probe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Poller;

/**
 * One thread that probes over sockets. It owns all probes; other threads send it orders. The call
 * that sends a probe usually has its result, so the thread sleeps from timer to timer.
 */
final class Prober {
    private static final int MOST_AT_ONCE = 64;

    private final Poller poller = Poller.open();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isWoken = new AtomicBoolean();

    /** This field and all below: the prober's thread only. */
    private final ProbeTimers<SocketProbe> probeTimers = new ProbeTimers<>(System::nanoTime);

    private final Map<Integer, SocketProbe> awaited = new HashMap<>();

    /**
     * @param bugs is called if the thread dies, which is a bug
     */
    Prober(Thread.UncaughtExceptionHandler bugs) {
        Thread.ofPlatform()
                .daemon()
                .name("prober")
                .uncaughtExceptionHandler(bugs)
                .start(this::work);
    }

    /**
     * Starts to probe. Any thread; returns at once.
     *
     * @return stops this probe; any thread, returns at once
     */
    Runnable ask(ProbeRequest probeRequest, Duration limit, ProbePolicy probePolicy) {
        SocketProbe socketProbe = new SocketProbe(probeRequest, limit, probePolicy, this);
        order(socketProbe::begin);
        return () -> order(socketProbe::end);
    }

    /** Runs an order on the prober's thread soon. Any thread; returns at once. */
    void order(Runnable order) {
        orders.add(order);
        if (!isWoken.getAndSet(true)) {
            poller.wakeUp();
        }
    }

    private void work() {
        int[] keys = new int[MOST_AT_ONCE];
        while (true) {
            isWoken.set(false);
            for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
                order.run();
            }
            probeTimers.due().forEach(SocketProbe::timerFired);
            int count =
                    probeTimers
                            .left()
                            .map(left -> poller.await(keys, left))
                            .orElseGet(() -> poller.await(keys));
            for (int i = 0; i < count; i++) {
                SocketProbe socketProbe = awaited.get(keys[i]);
                if (socketProbe != null) {
                    socketProbe.socketIsReady();
                }
            }
        }
    }

    void setTimer(SocketProbe socketProbe, Duration delay) {
        probeTimers.set(socketProbe, delay);
    }

    /** Cancels the probe's timer. */
    void forget(SocketProbe socketProbe) {
        probeTimers.remove(socketProbe);
    }

    void awaitWritable(Descriptor socket, SocketProbe socketProbe) {
        awaited.put(socket.number(), socketProbe);
        poller.addToWrite(socket, socket.number());
    }

    void awaitReadable(Descriptor socket, SocketProbe socketProbe) {
        awaited.put(socket.number(), socketProbe);
        poller.add(socket, socket.number());
    }

    void ignore(Descriptor socket) {
        awaited.remove(socket.number());
        poller.remove(socket);
    }
}
