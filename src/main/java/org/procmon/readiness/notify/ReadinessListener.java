package org.procmon.readiness.notify;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.posix.Poller;

/**
 * One thread that listens to all runs; it starts with the first of them. The loop's thread adds and
 * removes sources. Once {@code remove} returns, the source is no longer read.
 */
public final class ReadinessListener {
    private static final int MOST_AT_ONCE = 64;

    private final Thread.UncaughtExceptionHandler bugs;

    /** Guarded by itself; so is reading from a source. */
    private final Map<Integer, ReadinessSource> sources = new HashMap<>();

    private int lastKey;
    private @Nullable Poller poller;

    /**
     * @param bugs is called if the thread dies, which is a bug
     */
    public ReadinessListener(Thread.UncaughtExceptionHandler bugs) {
        this.bugs = bugs;
    }

    /**
     * Starts to listen.
     *
     * @return the key to remove it by
     */
    public int add(ReadinessSource readinessSource) {
        Poller all = poller;
        if (all == null) {
            Poller opened = Poller.open();
            all = opened;
            poller = opened;
            Thread.ofPlatform()
                    .daemon()
                    .name("listener")
                    .uncaughtExceptionHandler(bugs)
                    .start(() -> listen(opened));
        }
        synchronized (sources) {
            lastKey = lastKey == Integer.MAX_VALUE ? 1 : lastKey + 1;
            sources.put(lastKey, readinessSource);
            all.add(readinessSource.descriptor(), lastKey);
            return lastKey;
        }
    }

    /** Stops listening, and closes the source. */
    public void remove(int key) {
        synchronized (sources) {
            ReadinessSource readinessSource = sources.remove(key);
            if (readinessSource != null) {
                if (poller != null) {
                    poller.remove(readinessSource.descriptor());
                }
                readinessSource.close();
            }
        }
    }

    private void listen(Poller all) {
        int[] keys = new int[MOST_AT_ONCE];
        while (true) {
            int count = all.await(keys);
            for (int i = 0; i < count; i++) {
                synchronized (sources) {
                    ReadinessSource readinessSource = sources.get(keys[i]);
                    if (readinessSource != null) {
                        readinessSource.listen();
                    }
                }
            }
        }
    }
}
