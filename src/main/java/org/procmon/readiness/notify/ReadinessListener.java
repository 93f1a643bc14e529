package org.procmon.readiness.notify;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procmon.posix.Poller;

/**
 * One thread that listens to all runs, started with the first of them. Who is added and taken away
 * is so on the loop's thread; an ear that was taken away is no longer listened to when that
 * returns.
 */
public final class ReadinessListener {
    private static final int MOST_AT_ONCE = 64;

    private final Thread.UncaughtExceptionHandler bugs;

    /** Guarded by itself, as is listening. */
    private final Map<Integer, ReadinessSource> ears = new HashMap<>();

    private int lastKey;
    private @Nullable Poller poller;

    /**
     * @param bugs hears of the thread's end if it fails, which is a bug
     */
    public ReadinessListener(Thread.UncaughtExceptionHandler bugs) {
        this.bugs = bugs;
    }

    /**
     * Begins to listen.
     *
     * @return by which it is taken away
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
        synchronized (ears) {
            lastKey = lastKey == Integer.MAX_VALUE ? 1 : lastKey + 1;
            ears.put(lastKey, readinessSource);
            all.add(readinessSource.descriptor(), lastKey);
            return lastKey;
        }
    }

    /** Stops listening, and closes the ear. */
    public void remove(int key) {
        synchronized (ears) {
            ReadinessSource readinessSource = ears.remove(key);
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
                synchronized (ears) {
                    ReadinessSource readinessSource = ears.get(keys[i]);
                    if (readinessSource != null) {
                        readinessSource.listen();
                    }
                }
            }
        }
    }
}
