package org.procmon.control.client;

import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time limit on waits that only an end of their connection ends: when it passes, the connection
 * is closed. Without a limit it has no thread. Closing it lifts the limit.
 */
final class CutOff implements AutoCloseable {
    /** Something whose waits end when it is closed. */
    @FunctionalInterface
    interface Guarded {
        void close() throws Exception;
    }

    private final CountDownLatch lifted = new CountDownLatch(1);
    private volatile @Nullable Guarded guarded;
    private volatile boolean over;

    /**
     * @param limitMs from now on, in milliseconds; empty for none
     */
    CutOff(OptionalLong limitMs) {
        if (limitMs.isPresent()) {
            long limit = limitMs.getAsLong();
            Thread.ofPlatform().daemon().name("cut-off").start(() -> watch(limit));
        }
    }

    /** What is closed when the time is over: this, and nothing that was guarded before. */
    void guard(Guarded what) {
        guarded = what;
        if (over) {
            end();
        }
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        lifted.countDown();
    }

    private void watch(long limitMs) {
        try {
            if (!lifted.await(limitMs, TimeUnit.MILLISECONDS)) {
                over = true;
                end();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        Guarded what = guarded;
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception _) {
            // What cannot be closed cannot be waited on either.
        }
    }
}
