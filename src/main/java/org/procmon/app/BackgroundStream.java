package org.procmon.app;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.procmon.log.LogOutput;

/**
 * Writes to another stream on a thread of its own, so that a full pipe or a dead disk behind the
 * log never blocks a logging thread. What does not fit in the queue is dropped, and the number of
 * dropped lines is written later.
 */
final class BackgroundStream extends OutputStream {
    private static final int QUEUE = 10_000;

    /** How many bytes of lines may wait. */
    private static final long QUEUED_BYTES = 1 << 20;

    /** The empty line, which is never logged, stops the thread. */
    private static final byte[] END = new byte[0];

    private final OutputStream out;
    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);

    BackgroundStream(OutputStream out) {
        this.out = out;
        Thread.ofPlatform().daemon().name("log").start(this::drain);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (length <= 0) {
            return;
        }
        boolean fits = queuedBytes.addAndGet(length) <= QUEUED_BYTES;
        if (!fits || !queue.offer(Arrays.copyOfRange(bytes, offset, offset + length))) {
            queuedBytes.addAndGet(-length);
            dropped.incrementAndGet();
        }
    }

    /**
     * Waits for what is queued, but not for long: nothing that must not be lost is written this
     * way.
     */
    @Override
    public void close() {
        try {
            if (queue.offer(END)) {
                ended.await(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        try {
            for (byte[] bytes = queue.take(); bytes.length > 0; bytes = queue.take()) {
                put(bytes);
                queuedBytes.addAndGet(-bytes.length);
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    put(LogOutput.warning("monitor", "log lines were dropped", "lines", lost));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void put(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // The error cannot be reported anywhere; the next line may succeed.
            dropped.incrementAndGet();
        }
    }
}
