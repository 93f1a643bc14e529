package org.procmon.front;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body has to come at a minimum rate. Only the time counts in which something waits
 * for the client, so that a slow application is no fault of it. For one thread at a time.
 */
final class PacedRequest extends Request.Wrapper {
    private final long rate;
    private final long grace;
    private final AtomicLong waited = new AtomicLong();
    private long received;

    /**
     * @param bytesPerSecond 0 for any rate
     * @param graceMillis for how long the rate does not count
     */
    PacedRequest(Request request, long bytesPerSecond, long graceMillis) {
        super(request);
        this.rate = bytesPerSecond;
        this.grace = TimeUnit.MILLISECONDS.toNanos(graceMillis);
    }

    @Override
    public void demand(Runnable action) {
        long begun = System.nanoTime();
        super.demand(() -> {
            waited.addAndGet(System.nanoTime() - begun);
            action.run();
        });
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk = super.read();
        if (chunk == null || Content.Chunk.isFailure(chunk)) {
            return chunk;
        }
        received += chunk.remaining();
        if (chunk.isLast() || !isTooSlow()) {
            return chunk;
        }
        chunk.release();
        TimeoutException failure =
                new TimeoutException("the client sends less than " + rate + " bytes a second");
        super.fail(failure);
        return Content.Chunk.from(failure, true);
    }

    private boolean isTooSlow() {
        double seconds = (double) waited.get() / TimeUnit.SECONDS.toNanos(1);
        return waited.get() > grace && received < seconds * rate;
    }
}
